#include "lib/app/store_restore.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <optional>
#include <set>
#include <vector>

#include <date/date.h>
#include <fmt/format.h>

#include "lib/app/service_locks.hpp"
#include "lib/base/file.hpp"
#include "lib/base/text.hpp"
#include "lib/store/upkeep.hpp"

namespace bioctl::app {

namespace {

/// In a folder that is not whole yet. One without it may be what the data folder was, so nobody deletes that.
constexpr std::string_view k_unfinished = "restore-unfinished";

std::string shown(fs::path const& path) {
    return printable(path.string());
}

fs::path resolved(fs::path const& folder) {
    std::error_code error;
    auto known = fs::weakly_canonical(fs::absolute(folder), error);
    if (error) throw_errno(shown(folder), error.value(), Kind::cannot_create);
    if (!known.has_filename()) known = known.parent_path();
    return known;
}

bool has_content(fs::path const& folder) {
    std::error_code error;
    auto const status = fs::status(folder, error);
    if (status.type() == fs::file_type::not_found) return false;
    if (status.type() != fs::file_type::directory)
        throw Error{Kind::cannot_create, fmt::format("{} is no folder; name another with --into", shown(folder))};
    fs::directory_iterator const first{folder, error};
    if (error) throw_errno(shown(folder), error.value(), Kind::cannot_create);
    return first != fs::directory_iterator{};
}

class Restore {
public:
    Restore(Clock const& clock, RestorePlan const& plan) : m_clock(clock), m_plan(plan), m_into(resolved(plan.into)) {}

    RestoreReport run() {
        check_backup();
        bool const is_there = has_content(m_into);
        if (is_there && m_plan.replace == Replace::no) {
            throw Error{Kind::cannot_create,
                        fmt::format("{} is not empty; with --force it is put aside, and the backup takes its place, or name "
                                    "another folder with --into",
                                    shown(m_into))};
        }
        auto const locks = is_there ? lock_services(m_into) : std::vector<FileLock>{};
        auto const hold = hold_store();
        check_space();
        make_stage();
        try {
            fill();
            swap();
        } catch (...) {
            discard();
            throw;
        }
        return m_report;
    }

private:
    void check_backup() {
        std::string first;
        auto const check = verify_backup(m_plan.backup, [&](BackupFinding const& finding) {
            if (first.empty()) first = fmt::format("{}: {}", finding.kind, printable(finding.path));
        });
        m_report.head = check.head;
        m_bytes = check.bytes;
        if (check.findings > 0) {
            throw Error{Kind::data, fmt::format("{} is not what was written ({}{}); nothing was restored, use another backup",
                                                shown(m_plan.backup), first,
                                                check.findings > 1 ? fmt::format(", {} more", check.findings - 1) : "")};
        }
        if (check.head.schema_version <= store::newest_schema_version()) return;
        throw Error{Kind::data, fmt::format("{} was made by bioctl {} (schema {}, this one knows {}); install that one or a "
                                            "newer one and restore with it",
                                            shown(m_plan.backup), check.head.bioctl, check.head.schema_version,
                                            store::newest_schema_version())};
    }

    /// std::nullopt if there is no store, or none that anything can be read of.
    std::optional<store::SoleHold> hold_store() const {
        auto const file = m_into / "bioctl.db";
        if (!store::Store::exists(file)) return std::nullopt;
        try {
            return store::SoleHold{file};
        } catch (Error const& error) {
            if (error.kind() == Kind::permission) {
                throw Error{Kind::permission,
                            fmt::format("whether somebody uses {} cannot be told: {}; name another folder with --into",
                                        shown(m_into), error.message())};
            }
            if (error.kind() != Kind::data) throw;
            return std::nullopt;  // damaged: that is why somebody restores
        }
    }

    void check_space() const {
        std::error_code error;
        auto const space = fs::space(m_into.parent_path(), error);
        if (error || space.available >= m_bytes) return;
        throw Error{Kind::io, fmt::format("{} has {} free, the backup needs {}; make room, or name another place with --into",
                                          shown(m_into.parent_path()), human_size(space.available), human_size(m_bytes))};
    }

    [[nodiscard]] fs::path beside(std::string_view what) const {
        auto const time = std::chrono::floor<std::chrono::seconds>(m_clock.now());
        auto path = m_into.parent_path() /
                    fmt::format("{}.{}-{}", m_into.filename().string(), what, date::format("%Y%m%dT%H%M%SZ", time));
        for (int number = 2; fs::exists(fs::symlink_status(path)); ++number)
            path = m_into.parent_path() /
                   fmt::format("{}.{}-{}-{}", m_into.filename().string(), what, date::format("%Y%m%dT%H%M%SZ", time), number);
        return path;
    }

    void make_stage() {
        make_private_folders(m_into.parent_path());
        delete_unfinished();
        m_stage = beside("restoring");
        make_private_folders(m_stage);
        write_file(m_stage / k_unfinished, {}, Durability::synced, 0600);
    }

    /// Of a restore that was killed.
    void delete_unfinished() const {
        auto const prefix = fmt::format("{}.restoring-", m_into.filename().string());
        for (auto const& entry : fs::directory_iterator{m_into.parent_path()}) {
            std::error_code ignored;
            if (!entry.path().filename().string().starts_with(prefix)) continue;
            if (fs::exists(entry.path() / k_unfinished, ignored)) fs::remove_all(entry.path(), ignored);
        }
    }

    void fill() {
        std::set<fs::path> folders;
        read_manifest(m_plan.backup, [&](BackupFile const& file) {
            auto const to = m_stage / file.path;
            if (folders.insert(to.parent_path()).second) make_private_folders(to.parent_path());
            auto const stamp = copy_file_to(m_plan.backup / file.path, to);
            if (!stamp || stamp->digest != file.stamp.digest) {
                throw Error{Kind::data,
                            fmt::format("{} changed while it was restored; nothing was", shown(m_plan.backup / file.path))};
            }
            ++m_report.files;
            m_report.bytes += stamp->bytes;
            if (!m_plan.go_on("restoring bytes", m_report.bytes, m_bytes))
                throw Error{Kind::busy, "stopped; nothing was restored"};
        });
        auto store = store::Store::open(m_stage / "bioctl.db", {});
        m_report.schema_version = store.schema_version();
        record_after(store, m_clock, m_plan.actor, "store.restore", "",
                     {{"moment", to_rfc3339(m_report.head.moment)}, {"bioctl", m_report.head.bioctl}});
    }

    void swap() {
        sync_below(m_stage);
        std::error_code error;
        fs::remove(m_stage / k_unfinished, error);
        sync_folder(m_stage);
        if (!fs::exists(m_into)) {
            if (!rename_to(m_stage, m_into, 0)) throw_rename_error();
        } else if (rename_to(m_stage, m_into, RENAME_EXCHANGE)) {
            // One step, so that there is no moment without a data folder.
            m_report.previous = m_stage;
            name_previous();
        } else {
            swap_in_two_steps();
        }
        m_stage.clear();
        sync_folder(m_into.parent_path());
    }

    /// What was in the folder has the stage's name now.
    void name_previous() {
        std::error_code error;
        if (fs::is_empty(m_stage, error)) {
            fs::remove(m_stage, error);
            m_report.previous.clear();
            return;
        }
        auto const name = beside("before-restore");
        fs::rename(m_stage, name, error);
        if (!error) m_report.previous = name;  // else it keeps the other, which is told
    }

    /// Where the file system knows no exchange: NFS, FAT.
    void swap_in_two_steps() {
        if (errno != EINVAL && errno != ENOSYS) throw_rename_error();
        auto const previous = beside("before-restore");
        if (!rename_to(m_into, previous, 0)) throw_rename_error();
        if (!rename_to(m_stage, m_into, 0)) {
            int const error = errno;
            static_cast<void>(rename_to(previous, m_into, 0));
            errno = error;
            throw_rename_error();
        }
        m_report.previous = previous;
    }

    static bool rename_to(fs::path const& from, fs::path const& to, unsigned flags) {
        return ::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), flags) == 0;
    }

    [[noreturn]] void throw_rename_error() const {
        if (errno == EBUSY) {
            throw Error{Kind::cannot_create, fmt::format("{} is where a disk is mounted, so no other folder can take its place; "
                                                         "restore --into a folder below it, and set BIOCTL_DATA_DIR",
                                                         shown(m_into))};
        }
        throw_errno(fmt::format("cannot put {} in the place of {}", shown(m_stage), shown(m_into)), errno, Kind::cannot_create);
    }

    void discard() const {
        std::error_code ignored;
        if (!m_stage.empty() && m_report.previous.empty()) fs::remove_all(m_stage, ignored);
    }

    Clock const& m_clock;
    RestorePlan const& m_plan;
    fs::path m_into, m_stage;
    std::uint64_t m_bytes = 0;
    RestoreReport m_report{};
};

}  // namespace

RestoreReport restore_store(Clock const& clock, RestorePlan const& plan) {
    try {
        return Restore{clock, plan}.run();
    } catch (fs::filesystem_error const& error) {
        throw_errno(printable(error.path1().string()), error.code().value(), Kind::io);
    }
}

}  // namespace bioctl::app
