#include "lib/app/store_backup.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <regex>
#include <unordered_map>

#include <date/date.h>
#include <fmt/format.h>

#include "lib/base/file.hpp"
#include "lib/base/text.hpp"
#include "lib/base/vault.hpp"
#include "lib/store/events.hpp"
#include "lib/store/upkeep.hpp"

namespace bioctl::app {

namespace {

constexpr std::string_view k_partial = ".partial";
/// Beside the store and what it names: what the rows do not know of, and no program can make again.
constexpr std::array k_other_folders{"models", "backups"};
constexpr std::string_view k_key = "secret.key";

std::string name_at(Timestamp time) {
    return date::format("bioctl-%Y%m%dT%H%M%SZ", std::chrono::floor<std::chrono::seconds>(time));
}

/// The folder in which a backup grows; deleted unless it got its name.
class Unfinished {
public:
    explicit Unfinished(fs::path const& target)
        : m_target(target), m_folder(target.parent_path() / fmt::format(".{}{}", target.filename().string(), k_partial)) {
        make_private_folders(m_folder);
    }
    ~Unfinished() {
        std::error_code ignored;  // the next backup deletes it
        if (!m_is_finished) fs::remove_all(m_folder, ignored);
    }
    Unfinished(Unfinished const&) = delete;
    Unfinished& operator=(Unfinished const&) = delete;

    [[nodiscard]] fs::path const& folder() const { return m_folder; }
    void finish() {
        if (::rename(m_folder.c_str(), m_target.c_str()) != 0)
            throw_errno(fmt::format("cannot make {}", printable(m_target.string())), errno, Kind::cannot_create);
        m_is_finished = true;
        sync_folder(m_target.parent_path());
    }

private:
    fs::path m_target, m_folder;
    bool m_is_finished = false;
};

class Backup {
public:
    Backup(store::Store& store, Clock const& clock, BackupPlan const& plan) : m_store(store), m_clock(clock), m_plan(plan) {}

    BackupReport run() {
        make_private_folders(m_plan.to);
        auto const lock = FileLock::try_acquire(m_plan.to / ".bioctl-backup.lock");
        if (!lock) throw Error{Kind::busy, fmt::format("another backup to {} is being made; wait for it", shown(m_plan.to))};
        delete_partial();
        auto const before = backups_in(m_plan.to);
        if (!before.empty()) remember(before.back());
        auto time = m_clock.now();
        while (fs::exists(m_plan.to / name_at(time)))
            time += std::chrono::seconds{1};
        m_report.folder = m_plan.to / name_at(time);
        Unfinished unfinished{m_report.folder};
        m_folder = unfinished.folder();
        fill();
        unfinished.finish();
        if (m_plan.keep) prune(*m_plan.keep);
        return m_report;
    }

private:
    static std::string shown(fs::path const& path) { return printable(path.string()); }

    /// Of a backup that was killed, or of one that was being pruned. We have the lock: nobody works on it.
    void delete_partial() {
        for (auto const& entry : fs::directory_iterator{m_plan.to}) {
            auto const name = entry.path().filename().string();
            if (name.starts_with(".bioctl-") && name.ends_with(k_partial)) fs::remove_all(entry.path());
        }
    }

    void remember(fs::path const& backup) {
        try {
            read_manifest(backup, [&](BackupFile const& file) { m_before.insert_or_assign(file.path, file.stamp); });
            m_backup_before = backup;
        } catch (Error const&) {
            m_before.clear();  // damaged: nothing is taken over from it
        }
    }

    void fill() {
        auto const copy = m_folder / "bioctl.db";
        // First, for the copy is sealed as the store is.
        auto const envelope = copy_file_to(m_plan.data_dir / k_envelope, m_folder / k_envelope);
        m_store.upkeep().copy_to(
            copy, [&] { m_report.moment = m_clock.now(); },
            [&](std::int64_t done, std::int64_t total) {
                return m_plan.go_on("copying pages", static_cast<std::uint64_t>(done), static_cast<std::uint64_t>(total));
            });
        {
            auto copied = store::Store::open(copy, {});
            check_whole(copied);
            m_head = {m_plan.bioctl_version, copied.schema_version(), m_report.moment, shown(m_plan.data_dir)};
            ManifestWriter manifest{m_folder, m_head};
            m_manifest = &manifest;
            if (envelope) note(manifest, {k_envelope, *envelope});
            add_media(copied);
            add_others();
            forget_absent(copied);
            m_manifest = nullptr;
            { auto const closed = std::move(copied); }  // its log is written back: the file alone is the store
            note(manifest, {"bioctl.db", stamp_of(copy).or_throw()});
            m_report.manifest = manifest.finish();
        }
        sync_below(m_folder);
    }

    void check_whole(store::Store& copied) const {
        std::vector<std::string> damage;
        try {
            copied.read([&] { damage = copied.upkeep().damage(1); });
        } catch (Error const& error) {
            if (error.kind() != Kind::data) throw;
            damage.push_back(error.message());  // the end of the snapshot may fail for the same reason
        }
        if (damage.empty()) return;
        throw Error{Kind::data, fmt::format("{} is damaged ({}), so no backup of it was made; older ones are kept; "
                                            "`bioctl store check` tells more, `bioctl store restore` brings one back",
                                            shown(m_store.file()), printable(damage.front()))};
    }

    void add_media(store::Store& copied) {
        copied.read([&] {
            copied.upkeep().each_file([&](store::FileUse const& use) {
                auto const path = "media/" + use.path;
                if (!add(path)) m_absent.push_back(use);
                if (!m_plan.go_on("copying files", m_report.files, 0)) throw Error{Kind::busy, "stopped; no backup was made"};
                return true;
            });
        });
    }

    void add_others() {
        for (auto const* folder : k_other_folders) {
            std::error_code error;
            fs::recursive_directory_iterator walk{m_plan.data_dir / folder, error};
            if (error) continue;  // nothing was ever kept there
            for (; walk != fs::recursive_directory_iterator{}; ++walk) {
                // Locks, downloads and what is being made there.
                if (walk->path().filename().string().starts_with('.')) {
                    walk.disable_recursion_pending();
                } else if (fs::is_regular_file(walk->symlink_status())) {
                    add(walk->path().lexically_relative(m_plan.data_dir).string());
                }
            }
        }
        add(std::string{k_key});
    }

    /// False if there is no such file. A file that the backup before has in the same form is not stored twice.
    bool add(std::string const& path) {
        auto const from = m_plan.data_dir / path, to = m_folder / path;
        make_private_folders(to.parent_path());
        auto const stamp = link_before(path, from, to);
        if (stamp) ++m_report.linked;
        auto const copied = stamp ? stamp : copy_file_to(from, to);
        if (!copied) return false;
        note(*m_manifest, {path, *copied});
        return true;
    }

    std::optional<FileStamp> link_before(std::string const& path, fs::path const& from, fs::path const& to) const {
        auto const before = m_before.find(path);
        struct stat info {};
        if (before == m_before.end() || ::stat(from.c_str(), &info) != 0) return std::nullopt;
        if (static_cast<std::uint64_t>(info.st_size) != before->second.bytes) return std::nullopt;
        auto const stamp = stamp_of(from);
        if (!stamp || *stamp != before->second) return std::nullopt;
        // A medium without links, or the file is gone from the backup before: then it is copied.
        if (::link((m_backup_before / path).c_str(), to.c_str()) != 0) return std::nullopt;
        if (::stat(to.c_str(), &info) == 0 && static_cast<std::uint64_t>(info.st_size) == stamp->bytes) return *stamp;
        ::unlink(to.c_str());
        return std::nullopt;
    }

    void note(ManifestWriter& manifest, BackupFile const& file) {
        manifest.add(file);
        ++m_report.files;
        m_report.bytes += file.stamp.bytes;
    }

    /// A person who was removed while we copied, a picture that was pruned: no row of the backup may name what is not in it.
    void forget_absent(store::Store& copied) {
        m_report.absent = m_absent.size();
        if (m_absent.empty()) return;
        copied.write([&] {
            for (auto const& use : m_absent) {
                m_manifest->add_absent("media/" + use.path);
                if (use.kind == store::FileKind::portrait) {
                    copied.upkeep().forget_portrait(use.path);
                } else {
                    copied.events().forget_picture(use.event);
                }
            }
        });
    }

    /// By another name first: what is half deleted is no backup.
    void prune(int keep) {
        auto const backups = backups_in(m_plan.to);
        auto const most = static_cast<std::size_t>(std::max(keep, 1));
        for (std::size_t i = 0; i + most < backups.size(); ++i) {
            if (backups[i] == m_report.folder) continue;  // after the clock was set back
            auto const name = backups[i].filename().string();
            auto const doomed = m_plan.to / fmt::format(".{}{}", name, k_partial);
            fs::rename(backups[i], doomed);
            fs::remove_all(doomed);
            m_report.pruned.push_back(name);
        }
    }

    store::Store& m_store;
    Clock const& m_clock;
    BackupPlan const& m_plan;
    fs::path m_folder, m_backup_before;
    std::unordered_map<std::string, FileStamp> m_before;
    std::vector<store::FileUse> m_absent;
    ManifestWriter* m_manifest = nullptr;
    BackupHead m_head{};
    BackupReport m_report{};
};

}  // namespace

BackupReport back_up_store(store::Store& store, Clock const& clock, BackupPlan const& plan) {
    try {
        return Backup{store, clock, plan}.run();
    } catch (fs::filesystem_error const& error) {
        throw_errno(fmt::format("backup to {}: {}", printable(plan.to.string()), printable(error.path1().string())),
                    error.code().value(), Kind::io);
    }
}

std::vector<fs::path> backups_in(fs::path const& folder) {
    static std::regex const form{"bioctl-[0-9]{8}T[0-9]{6}Z"};
    std::vector<fs::path> backups;
    std::error_code error;
    for (fs::directory_iterator entry{folder, error}; !error && entry != fs::directory_iterator{}; entry.increment(error)) {
        std::error_code ignored;
        bool const is_whole =
            std::regex_match(entry->path().filename().string(), form) && fs::is_regular_file(entry->path() / k_manifest, ignored);
        if (is_whole) backups.push_back(entry->path());
    }
    std::ranges::sort(backups);
    return backups;
}

}  // namespace bioctl::app
