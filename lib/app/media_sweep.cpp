#include "lib/app/media_sweep.hpp"

#include <charconv>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "lib/app/people_media.hpp"
#include "lib/base/error.hpp"
#include "lib/base/text.hpp"
#include "lib/store/erasure.hpp"

namespace bioctl::app {

namespace {

constexpr std::size_t k_at_once = 500;
// As write_file() names them; no write takes as long.
constexpr std::string_view k_temporary = ".bioctl-";
constexpr std::chrono::hours k_longest_write{1};

/// "events/2026/11/22/1234.jpg": 1234.
std::optional<std::int64_t> event_of(fs::path const& file) {
    auto const stem = file.stem().string();
    std::int64_t event = 0;
    auto const* const last = stem.data() + stem.size();
    auto const [end, error] = std::from_chars(stem.data(), last, event);
    if (error != std::errc{} || end != last) return std::nullopt;
    return event;
}

bool is_old(fs::path const& file) {
    std::error_code error;
    auto const written = fs::last_write_time(file, error);
    return !error && written < fs::file_time_type::clock::now() - k_longest_write;
}

class Sweep {
public:
    Sweep(store::Store& store, fs::path const& media_dir) : m_store(store), m_media_dir(media_dir) {}

    std::size_t run() {
        std::error_code error;
        fs::recursive_directory_iterator walk{m_media_dir / "events", fs::directory_options::skip_permission_denied, error};
        if (error) return 0;  // no picture was ever kept
        for (; walk != fs::recursive_directory_iterator{}; walk.increment(error)) {
            if (error) break;
            if (walk->is_directory(error)) continue;
            m_batch.push_back(walk->path());
            if (m_batch.size() == k_at_once) flush();
        }
        flush();
        return m_removed;
    }

private:
    // Within write(): a picture has its row by then, or its event says `pending`.
    void flush() {
        m_store.write([&] {
            auto const erasure = m_store.erasure();
            for (auto const& file : m_batch) {
                bool const is_temporary = file.filename().native().starts_with(k_temporary);
                if (is_temporary && !is_old(file)) continue;
                auto const path = file.lexically_relative(m_media_dir).string();
                auto const event = event_of(file);
                // What has another name was put there by somebody else.
                if (!is_temporary && (!event || erasure.is_picture_of(*event, path))) continue;
                remove(file);
            }
        });
        m_batch.clear();
    }

    void remove(fs::path const& file) {
        std::error_code error;
        if (fs::remove(file, error)) ++m_removed;
        if (error) throw_errno(fmt::format("cannot delete {}", printable(file.string())), error.value(), Kind::io);
    }

    store::Store& m_store;
    fs::path const& m_media_dir;
    std::vector<fs::path> m_batch;
    std::size_t m_removed = 0;
};

}  // namespace

std::size_t sweep_pictures(store::Store& store, fs::path const& media_dir) {
    return Sweep{store, media_dir}.run();
}

bool finish_files(store::Store& store, fs::path const& media_dir) {
    auto left = store::Unfinished::nothing;
    store.read([&] { left = store.erasure().unfinished(); });
    if (left == store::Unfinished::nothing) return false;
    sweep_pictures(store, media_dir);
    remove_unused_crops(store, media_dir, stray_crops(store, media_dir));
    if (left == store::Unfinished::files) store.write([&] { store.erasure().set_finished(); });
    return true;
}

}  // namespace bioctl::app
