#include "lib/app/store_seal.hpp"

#include <array>
#include <string>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "lib/app/service_locks.hpp"
#include "lib/app/store_backup.hpp"
#include "lib/base/file.hpp"
#include "lib/base/file_copy.hpp"
#include "lib/base/text.hpp"
#include "lib/base/vault.hpp"
#include "lib/store/upkeep.hpp"

namespace bioctl::app {

namespace {

/// What people and devices are shown in. Models are nobody's, and secret.key opens nothing that is not in the store.
constexpr std::array k_folders{"media", "backups", "cache", "lost+found"};
constexpr char const* k_draft_suffix = ".seal";
constexpr std::uint64_t k_largest_file = 4'000'000'000;

enum class Form { sealed, clear };

class Change {
public:
    Change(Clock const& clock, SealPlan const& plan, Form to)
        : m_clock(clock), m_plan(plan), m_to(to), m_file(fs::absolute(plan.data_dir) / "bioctl.db") {}

    SealReport run() {
        if (fs::is_symlink(m_file)) {
            throw Error{Kind::cannot_create,
                        fmt::format("{} is a link: a sealed file cannot take its place; make the folder that it lies in "
                                    "the data folder, see --data-dir",
                                    printable(m_file.string()))};
        }
        make_lock();
        auto const locks = lock_services(m_plan.data_dir);
        auto const vault = change_store();
        {
            // Of the new file: who got in between has it open, and may be deleting or writing what lies beside it.
            store::SoleHold const hold{m_file};
            for (auto const* folder : k_folders)
                change_files(m_plan.data_dir / folder, *vault);
            if (!m_trouble.empty()) throw_trouble();
            if (m_to == Form::clear) Vault::retire(m_plan.data_dir);
        }
        auto store = store::Store::open(m_file, {});
        record_after(store, m_clock, m_plan.actor, m_to == Form::sealed ? "store.encrypt" : "store.decrypt", "",
                     {{"files", fmt::format("{}", m_report.files)}, {"data_key", vault->id()}});
        return m_report;
    }

private:
    /// Among the locks of services, so that two of us do not wipe each other's drafts.
    void make_lock() const {
        auto const file = m_plan.data_dir / "locks" / "seal.lock";
        if (!FileLock::try_acquire(file))
            throw Error{Kind::busy, fmt::format("process {} seals or opens {}; wait for it", FileLock::holder(file),
                                                printable(m_plan.data_dir.string()))};
    }

    std::shared_ptr<Vault const> change_store() {
        auto const folder = m_file.parent_path();
        for (auto const& name : half_made_files())  // of a run that was killed
            wipe(folder / name);
        // SQLite deletes the log when it is switched off. By this name it can be wiped, for it holds the newest rows.
        std::error_code ignored;  // there is none, or no links are known here
        fs::create_hard_link(folder / "bioctl.db-wal", folder / k_old_log, ignored);
        auto hold = hold_store(folder / k_old_log);
        wipe(folder / k_old_log);
        bool const is_to_be_sealed = m_to == Form::sealed;
        if (hold.is_sealed() == is_to_be_sealed) return Vault::of(m_plan.data_dir);
        require_room();
        bool const is_new = is_to_be_sealed && !Vault::is_sealed(m_plan.data_dir);
        auto vault = is_new ? Vault::create(m_plan.data_dir, m_plan.key_file) : Vault::of(m_plan.data_dir);
        try {
            write_store(hold, is_to_be_sealed ? vault : nullptr);
        } catch (...) {
            // Else it would look sealed, and every picture would want the key.
            if (is_new && !m_report.was_store_changed) Vault::retire(m_plan.data_dir);
            throw;
        }
        return vault;
    }

    store::SoleHold hold_store(fs::path const& old_log) const {
        try {
            return store::SoleHold{m_file};
        } catch (...) {
            std::error_code ignored;
            fs::remove(old_log, ignored);  // it is the log of whoever has the store
            throw;
        }
    }

    void write_store(store::SoleHold& hold, std::shared_ptr<Vault const> const& vault) {
        auto const draft = m_file.parent_path() / k_seal_draft;
        try {
            hold.write_anew(draft, vault);
        } catch (...) {
            wipe(draft);
            throw;
        }
        // Whoever waits for the old file finds nothing in it any more.
        try {
            replace_and_wipe(draft, m_file);
        } catch (...) {
            m_report.was_store_changed = is_absent(draft);  // it has its name already, and what was there could not be wiped
            throw;
        }
        m_report.was_store_changed = true;
    }

    void require_room() const {
        std::error_code error;
        auto const wanted = fs::file_size(m_file, error) * 11 / 10;
        auto const space = fs::space(m_file.parent_path(), error);
        if (error || space.available >= wanted) return;
        throw Error{Kind::io,
                    fmt::format("{} has {} free, the store needs {} beside itself for a while; make room first",
                                printable(m_file.parent_path().string()), human_size(space.available), human_size(wanted))};
    }

    void change_files(fs::path const& folder, Vault const& vault) {
        for (auto const& file : files_below(folder)) {
            is_left_over(file) ? wipe(file) : change_file(file, vault);
            if (!m_plan.go_on(m_report.files))
                throw Error{Kind::busy, "stopped; everything can be read, and the same command goes on where it was"};
        }
    }

    /// First all, then one by one: what is written beside them would be seen again. A folder that cannot be entered is an error:
    /// what is in there may be all that somebody has.
    std::vector<fs::path> files_below(fs::path const& folder) {
        std::vector<fs::path> files;
        if (is_absent(folder)) return files;
        constexpr auto k_links = fs::directory_options::follow_directory_symlink;
        for (fs::recursive_directory_iterator walk{folder, k_links}; walk != fs::recursive_directory_iterator{}; ++walk) {
            // Copies of a sealed store, with their envelope beside them: sealed already, each in its own way. And whole backups,
            // which would be none any more: their manifest knows each byte.
            if (walk->is_directory() && (Vault::is_sealed(walk->path()) || !is_absent(walk->path() / k_manifest))) {
                if (!Vault::is_sealed(walk->path())) ++m_report.backups_in_clear;
                walk.disable_recursion_pending();
            } else if (walk->is_regular_file() && !walk->is_symlink()) {
                files.push_back(walk->path());
            }
        }
        return files;
    }

    /// Of this change, or of write_file(): nobody has the name.
    static bool is_left_over(fs::path const& file) {
        auto const name = file.filename().string();
        auto const extension = file.extension();
        return name.starts_with('.') &&
               (extension == ".old" || extension == k_draft_suffix || (name.starts_with(".bioctl-") && extension == ".tmp"));
    }

    void change_file(fs::path const& file, Vault const& vault) {
        auto const content = read_file(file, k_largest_file);
        if (!content) return note_trouble(content.error());
        if (Vault::is_sealed_file(*content) == (m_to == Form::sealed)) return;
        auto const changed = m_to == Form::sealed ? Result<Bytes>{vault.seal_file(*content)} : vault.open_file(*content);
        if (!changed) return note_trouble(changed.error().within(printable(file.string())));
        auto const draft = file.parent_path() / fmt::format(".{}{}", file.filename().string(), k_draft_suffix);
        write_file(draft, *changed, Durability::synced, 0600);
        replace_and_wipe(draft, file);
        ++m_report.files;
    }

    /// One file that is damaged must not keep the others from being changed.
    void note_trouble(Error const& error) {
        if (m_trouble.empty()) m_trouble = error.message();
        ++m_troubles;
    }

    [[noreturn]] void throw_trouble() const {
        throw Error{Kind::data,
                    fmt::format("{} could not be changed ({}); all others were; move it away or bring it back from a backup, and "
                                "run this again",
                                counted(m_troubles, "file", "files"), m_trouble)};
    }

    Clock const& m_clock;
    SealPlan const& m_plan;
    Form m_to;
    fs::path m_file;
    std::string m_trouble;
    std::uint64_t m_troubles = 0;
    SealReport m_report{};
};

SealReport change(Clock const& clock, SealPlan const& plan, Form to) {
    try {
        return Change{clock, plan, to}.run();
    } catch (fs::filesystem_error const& error) {
        throw_errno(printable(error.path1().string()), error.code().value(), Kind::io);
    }
}

}  // namespace

std::vector<std::string> half_made_files() {
    std::vector<std::string> names{k_seal_draft, k_old_store, k_old_log};
    for (auto const suffix : store::k_companions)
        names.push_back(k_import_draft + std::string{suffix});
    return names;
}

SealReport seal_store(Clock const& clock, SealPlan const& plan) {
    return change(clock, plan, Form::sealed);
}

SealReport unseal_store(Clock const& clock, SealPlan const& plan) {
    if (!Vault::is_sealed(plan.data_dir))
        throw Error{Kind::no_input, fmt::format("{} is not sealed", printable(plan.data_dir.string()))};
    return change(clock, plan, Form::clear);
}

}  // namespace bioctl::app
