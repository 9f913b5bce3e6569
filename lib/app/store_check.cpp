#include "lib/app/store_check.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <vector>

#include <date/date.h>
#include <fmt/format.h>

#include "lib/app/doctor_parts.hpp"
#include "lib/app/media.hpp"
#include "lib/app/store_seal.hpp"
#include "lib/base/file.hpp"
#include "lib/base/text.hpp"
#include "lib/base/vault.hpp"
#include "lib/store/events.hpp"
#include "lib/store/templates.hpp"
#include "lib/store/upkeep.hpp"

namespace bioctl::app {

namespace {

constexpr int k_most_damage = 100;
constexpr std::size_t k_at_once = 500;
constexpr std::chrono::minutes k_young{10};
constexpr std::string_view k_restore = "`bioctl store restore` a backup";
constexpr std::string_view k_repair = "`bioctl store check --repair`";

bool is_temporary(fs::path const& file) {
    auto const name = file.filename().string();
    return name.starts_with(".bioctl-") && name.ends_with(".tmp");
}

/// The number in events/2026/11/22/1234.jpg; 0 if there is none.
std::int64_t event_of(fs::path const& file) {
    auto const stem = file.stem().string();
    std::int64_t id = 0;
    auto const [end, error] = std::from_chars(stem.data(), stem.data() + stem.size(), id);
    return error == std::errc{} && end == stem.data() + stem.size() ? id : 0;
}

/// Its first and its last two bytes: what a crash or a full disk leaves half-written lacks the last. ITU-T T.81, B.1.1.3.
bool is_whole_jpeg(ByteView file) {
    auto const text = as_text(file);
    return text.size() > 4 && text.starts_with("\xff\xd8") && text.ends_with("\xff\xd9");
}

class Checker {
public:
    Checker(store::Store& store, Clock const& clock, CheckPlan const& plan)
        : m_store(store), m_clock(clock), m_plan(plan), m_media(plan.data_dir / "media") {}

    CheckReport run() {
        check_rows();
        // Of a damaged file no row can be trusted, and nothing may be written to it.
        if (!m_is_damaged) {
            check_audit();
            check_named_files();
            check_files_there();
            check_leftovers();
        }
        check_modes();
        if (m_report.repaired > 0 && !m_is_damaged)
            record_after(m_store, m_clock, m_plan.actor, "store.repair", "",
                         {{"repaired", fmt::format("{}", m_report.repaired)}});
        return m_report;
    }

private:
    [[nodiscard]] bool mends() const { return m_plan.repair == Repair::mend; }

    void find(StoreFinding finding) {
        ++m_report.findings;
        if (finding.is_repaired) ++m_report.repaired;
        m_plan.on_finding(finding);
    }

    bool goes_on() {
        if (m_report.is_complete) m_report.is_complete = m_plan.go_on();
        return m_report.is_complete;
    }

    void check_rows() {
        std::vector<std::string> damage;
        std::vector<store::BrokenReference> broken;
        try {
            m_store.read([&] {
                damage = m_store.upkeep().damage(k_most_damage);
                if (damage.empty()) broken = m_store.upkeep().broken_references();
            });
        } catch (Error const& error) {
            // The end of the snapshot may fail for the same reason.
            if (error.kind() != Kind::data) throw;
            if (damage.empty()) damage.push_back(error.message());
        }
        m_is_damaged = !damage.empty();
        for (auto const& line : damage)
            find({"damage", "bioctl.db", printable(line), std::string{k_restore}});
        for (auto const& each : broken) {
            find({"broken_reference", each.table,
                  fmt::format("{} of it that refer to {} find nothing there",
                              counted(static_cast<std::uint64_t>(each.rows), "row", "rows"), each.parent),
                  std::string{k_restore}});
        }
    }

    void check_audit() {
        for (auto const& finding : verify_audit(m_store).findings) {
            find({"audit", fmt::format("{}", finding.id), fmt::format("{}: {}", finding.problem, finding.text),
                  "bring back a backup beside it, to see what it was"});
        }
    }

    /// Of every portrait and picture that a row names: is there such a file?
    void check_named_files() {
        std::vector<store::FileUse> missing;
        m_store.read([&] {
            m_store.upkeep().each_file([&](store::FileUse const& use) {
                ++(use.kind == store::FileKind::portrait ? m_report.portraits : m_report.pictures);
                auto const file = m_media / use.path;
                if (is_absent(file)) {
                    missing.push_back(use);
                } else if (m_plan.is_deep) {
                    look_into(use.path);
                }
                if (missing.size() >= k_at_once) tell_missing(missing);
                return goes_on();
            });
        });
        tell_missing(missing);
        if (mends() && !m_forgotten.empty()) forget(m_forgotten);
    }

    void look_into(std::string const& path) {
        constexpr std::uint64_t k_largest = 100'000'000;
        auto const content = read_media(m_media, path, k_largest);
        if (content && is_whole_jpeg(*content)) return;
        find({"damaged_file", "media/" + path, content ? "no whole JPEG" : content.error().message(),
              "bring it back from a backup, or enrol that photo again"});
    }

    void tell_missing(std::vector<store::FileUse>& missing) {
        for (auto const& use : missing) {
            bool const is_portrait = use.kind == store::FileKind::portrait;
            // Whoever removes people deletes rows first and files later: we saw the rows as they were.
            find({is_portrait ? "missing_portrait" : "missing_picture",
                  is_portrait ? "media/" + use.path : fmt::format("event {}", use.event),
                  fmt::format("media/{} is not there", printable(use.path)),
                  mends() ? "" : fmt::format("bring it back from a backup; {} makes the rows forget it", k_repair), mends()});
            if (mends()) m_forgotten.push_back(use);
        }
        missing.clear();
    }

    void forget(std::vector<store::FileUse> const& gone) {
        m_store.write([&] {
            for (auto const& use : gone) {
                if (!is_absent(m_media / use.path)) continue;
                if (use.kind == store::FileKind::portrait) {
                    m_store.upkeep().forget_portrait(use.path);
                } else if (m_store.upkeep().picture_of(use.event) == use.path) {
                    m_store.events().forget_picture(use.event);
                }
            }
        });
    }

    /// Of every file: does a row name it?
    void check_files_there() {
        bool const is_sealed = Vault::is_sealed(m_plan.data_dir);
        if (is_sealed && !m_store.is_sealed()) tell_in_clear(m_plan.data_dir / "bioctl.db");
        std::error_code error;
        fs::recursive_directory_iterator walk{m_media, fs::directory_options::skip_permission_denied, error};
        if (error) return;  // nothing was ever kept
        std::vector<std::string> batch;
        for (; walk != fs::recursive_directory_iterator{} && goes_on(); walk.increment(error)) {
            if (error) break;
            if (fs::is_directory(walk->symlink_status(error))) continue;
            ++m_report.files;
            if (is_sealed && !Vault::is_sealed_file(walk->path())) tell_in_clear(walk->path());
            batch.push_back(walk->path().lexically_relative(m_media).string());
            if (batch.size() >= k_at_once) judge(batch);
        }
        judge(batch);
    }

    void tell_in_clear(fs::path const& file) {
        find({"in_clear", file.lexically_relative(m_plan.data_dir).string(), "not sealed, in a data folder that is",
              "`bioctl store encrypt` goes on where it was interrupted"});
    }

    void judge(std::vector<std::string>& files) {
        std::vector<std::string> orphans;
        m_store.read([&] {
            for (auto const& file : files) {
                if (!is_named(file) && !is_young(m_media / file)) orphans.push_back(file);
            }
        });
        files.clear();
        // Enrolment writes a portrait within its transaction: what has no row while we hold the write lock is nobody's.
        auto const set_all_aside = [&] {
            for (auto const& file : orphans)
                judge_orphan(file);
        };
        if (orphans.empty()) return;
        mends() ? m_store.write(set_all_aside) : set_all_aside();
    }

    void judge_orphan(std::string const& file) {
        if (mends() && is_named(file)) return;
        bool const is_rest = is_temporary(file);
        StoreFinding finding{is_rest ? "leftover" : "orphan_file", "media/" + file,
                             is_rest ? "a file that was being written when bioctl was killed" : "no row names it",
                             fmt::format("{} moves it to lost+found", k_repair)};
        if (mends()) finding.remedy = set_aside("media/" + file), finding.is_repaired = true;
        find(std::move(finding));
    }

    [[nodiscard]] bool is_named(std::string const& file) {
        if (m_store.templates().uses_of_crop(file) > 0) return true;
        auto const event = event_of(file);
        return event != 0 && m_store.upkeep().picture_of(event) == file;
    }

    [[nodiscard]] bool is_young(fs::path const& file) const {
        struct stat info {};
        if (::lstat(file.c_str(), &info) != 0) return true;  // gone already
        return m_clock.now() - std::chrono::sys_seconds{std::chrono::seconds{info.st_mtim.tv_sec}} < k_young;
    }

    /// Where it is now.
    std::string set_aside(std::string const& path) {
        if (m_lost.empty()) {
            auto const now = std::chrono::floor<std::chrono::seconds>(m_clock.now());
            m_lost = m_plan.data_dir / "lost+found" / date::format("%Y%m%dT%H%M%SZ", now);
        }
        auto const to = m_lost / path;
        make_private_folders(to.parent_path());
        if (::rename((m_plan.data_dir / path).c_str(), to.c_str()) != 0)
            throw_errno(fmt::format("cannot move {}", printable((m_plan.data_dir / path).string())), errno, Kind::io);
        return fmt::format("it is in {} now", printable(to.string()));
    }

    /// Beside the media: files of write_file(), folders of models that were being made.
    void check_leftovers() {
        auto const half_made = half_made_files();
        for (auto const& folder : {m_plan.data_dir, m_plan.data_dir / "models", m_plan.data_dir / "backups"}) {
            std::error_code error;
            for (fs::directory_iterator entry{folder, error}; !error && entry != fs::directory_iterator{};
                 entry.increment(error)) {
                bool const is_half_made = folder == m_plan.data_dir &&
                                          std::ranges::find(half_made, entry->path().filename().string()) != half_made.end();
                if (!is_half_made && (!is_temporary(entry->path()) || is_young(entry->path()))) continue;
                auto const path = entry->path().lexically_relative(m_plan.data_dir).string();
                StoreFinding finding{"leftover", path, "a file that was being written when bioctl was killed",
                                     fmt::format("{} moves it to lost+found", k_repair)};
                if (mends()) finding.remedy = set_aside(path), finding.is_repaired = true;
                find(std::move(finding));
            }
        }
    }

    void check_modes() {
        judge_mode("", 0700);
        for (auto const* file : {"bioctl.db", "bioctl.db-wal", "bioctl.db-shm", "secret.key", k_envelope})
            judge_mode(file, 0600);
        // Nobody passes a data folder that is closed, whatever the folders in it allow.
        if (!why_too_open(m_plan.data_dir, 0700).empty()) judge_mode("media", 0700);
    }

    void judge_mode(char const* name, unsigned allowed) {
        auto const path = *name == '\0' ? m_plan.data_dir : m_plan.data_dir / name;
        auto const why = why_too_open(path, allowed);
        if (why.empty()) return;
        StoreFinding finding{"mode", printable(path.string()), why,
                             fmt::format("chmod {:04o} {}", allowed, shell_word(path.string()))};
        if (mends()) {
            if (::chmod(path.c_str(), allowed) != 0)
                throw_errno(fmt::format("cannot change the mode of {}", printable(path.string())), errno, Kind::io);
            finding.is_repaired = true;
        }
        find(std::move(finding));
    }

    store::Store& m_store;
    Clock const& m_clock;
    CheckPlan const& m_plan;
    fs::path m_media, m_lost;
    std::vector<store::FileUse> m_forgotten;
    bool m_is_damaged = false;
    CheckReport m_report{};
};

}  // namespace

CheckReport check_store_files(store::Store& store, Clock const& clock, CheckPlan const& plan) {
    return Checker{store, clock, plan}.run();
}

}  // namespace bioctl::app
