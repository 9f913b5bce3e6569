#include "lib/app/person_dossier.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "lib/app/media.hpp"
#include "lib/app/people_edit.hpp"
#include "lib/base/file.hpp"
#include "lib/base/text.hpp"
#include "lib/store/erasure.hpp"

namespace bioctl::app {

namespace {

constexpr unsigned k_private = 0600;
constexpr std::uint64_t k_largest_picture = 64'000'000;

constexpr std::string_view k_readme = R"(DATA PRIBADI ANDA
=================

Berkas-berkas ini memuat semua yang disimpan sistem absensi bioctl tentang Anda pada {moment}.

  person.json      nomor, nama, dan kapan data Anda dicatat dan diubah
  templates.json   ciri wajah atau telapak tangan Anda sebagai angka ("vector" atau "code_base64"). "contract"
                   menyebut model yang membuatnya; angka dari model lain tidak dapat dibandingkan.
  events.json      setiap peristiwa di terminal: waktu, terminal, lokasi, hasil, dan isi asli dari terminal
  deliveries.json  kepada sistem mana peristiwa itu dikirim, dan jawabannya
  terminals.json   terminal yang menerima wajah Anda dari sistem ini
  audit.json       siapa yang mengubah data Anda, kapan, dan dari mana; di sana Anda disebut dengan sidik SHA-256
  media/faces/, media/palms/   potret yang disimpan bersama ciri
  media/events/                gambar dari peristiwa

Waktu ditulis dalam UTC (akhiran Z); "local_time" adalah waktu setempat. Kata-kata dalam berkas JSON berbahasa Inggris.
Anda berhak meminta perbaikan atau penghapusan data ini kepada pengelola sistem.
Berkas ini mengenali Anda: simpan seperti Anda menyimpan kartu identitas.


YOUR PERSONAL DATA
==================

These files hold everything that the attendance system bioctl stores about you as of {moment}.

  person.json      number, name, and when you were recorded and changed
  templates.json   your face or palm as numbers ("vector" or "code_base64"). "contract" names the model that made
                   them; numbers of different models cannot be compared.
  events.json      each event at a terminal: time, terminal, location, result, and what the terminal sent
  deliveries.json  to which systems these events were sent, and what they answered
  terminals.json   terminals that were given your face by this system
  audit.json       who changed your data, when and from where; there you are named by a SHA-256 digest
  media/faces/, media/palms/   portraits that are kept with the templates
  media/events/                pictures of events

Times are UTC (they end in Z); "local_time" is that of the place. You may ask whoever runs the system to correct or delete this.
These files identify you: keep them as you keep your identity card.
)";

class Writer {
public:
    Writer(DossierPlace const& place, fs::path folder, std::string_view id, Dossier& dossier)
        : m_place(place), m_folder(std::move(folder)), m_id(id), m_dossier(dossier) {}

    void run(Timestamp moment) {
        auto& store = m_place.store;
        std::vector<std::string> portraits, pictures;
        write("README.txt", fmt::format(fmt::runtime(k_readme), fmt::arg("moment", to_rfc3339(moment))));
        write("person.json", dossier_person(store, m_id));
        write("templates.json", dossier_templates(store, m_id, m_dossier, portraits));
        write("events.json", dossier_events(store, m_id, m_place.zone, m_dossier, pictures));
        write("deliveries.json", dossier_deliveries(store, m_id, m_dossier));
        write("terminals.json", dossier_terminals(store, m_id, m_dossier));
        write("audit.json", dossier_audit(store, m_id, m_dossier));
        m_dossier.portraits = copy(portraits);
        m_dossier.pictures = copy(pictures);
    }

private:
    void write(fs::path const& name, std::string const& text) {
        write_file(m_folder / name, as_bytes(text), Durability::synced, k_private);
    }

    std::int64_t copy(std::vector<std::string>& paths) {
        std::ranges::sort(paths);
        paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
        std::int64_t copied = 0;
        for (auto const& path : paths) {
            auto const picture = read_media(m_place.media_dir, path, k_largest_picture);
            if (!picture && picture.error().kind() == Kind::no_input) {
                m_dossier.missing.push_back(path);
                continue;
            }
            if (!picture) throw Error{picture.error()};
            make_private_folders((m_folder / "media" / path).parent_path());
            write_file(m_folder / "media" / path, *picture, Durability::synced, k_private);
            ++copied;
        }
        return copied;
    }

    DossierPlace const& m_place;
    fs::path m_folder;
    std::string_view m_id;
    Dossier& m_dossier;
};

void require_free(fs::path const& folder) {
    std::error_code error;
    if (is_absent(folder) || (fs::is_directory(folder, error) && fs::is_empty(folder, error) && !error)) return;
    throw Error{Kind::cannot_create,
                fmt::format("{} is there already and not an empty folder; name another with --to", printable(folder.string()))};
}

}  // namespace

Dossier export_dossier(DossierPlace const& place, Clock const& clock, std::string_view id, fs::path const& folder) {
    auto const target = fs::absolute(folder).lexically_normal();
    auto const name = target.has_filename() ? target : target.parent_path();
    require_free(name);
    Dossier dossier{.folder = name};
    auto const part = name.parent_path() / fmt::format(".{}.bioctl-part", name.filename().string());
    place.store.read([&] {
        if (place.store.erasure().held(id).is_nothing()) static_cast<void>(require_person(place.store, id));
        std::error_code error;
        fs::remove_all(part, error);
        make_private_folders(part);
        Writer{place, part, id, dossier}.run(clock.now());
    });
    std::error_code error;
    fs::rename(part, name, error);
    if (error) throw_errno(fmt::format("cannot make {}", printable(name.string())), error.value(), Kind::cannot_create);
    return dossier;
}

}  // namespace bioctl::app
