#include "lib/app/store_seal.hpp"

#include <array>
#include <optional>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "lib/app/service_locks.hpp"
#include "lib/base/file.hpp"
#include "lib/base/file_copy.hpp"
#include "lib/base/text.hpp"
#include "lib/base/vault.hpp"
#include "lib/store/upkeep.hpp"

namespace bioctl::app {

namespace {

/// What people and devices are shown in. Models are nobody's, and secret.key opens nothing that is not in the store.
constexpr std::array k_folders{"media", "backups", "cache", "lost+found"};
constexpr char const* k_draft = ".bioctl-seal.db";
constexpr char const* k_draft_suffix = ".seal";
constexpr std::uint64_t k_largest_file = 1'000'000'000;

enum class Form { sealed, clear };

class Change {
public:
    Change(Clock const& clock, SealPlan const& plan, Form to)
        : m_clock(clock), m_plan(plan), m_to(to), m_file(fs::absolute(plan.data_dir) / "bioctl.db") {}

    SealReport run() {
        auto const locks = lock_services(m_plan.data_dir);
        auto const vault = change_store();
        {
            // Of the new file: who got in between has it open, and may be deleting or writing what lies beside it.
            store::SoleHold const hold{m_file};
            wipe(m_file.parent_path() / ".bioctl.db.old");  // of a run that was killed
            for (auto const* folder : k_folders)
                change_files(m_plan.data_dir / folder, *vault);
            if (m_to == Form::clear) Vault::remove(m_plan.data_dir);
        }
        auto store = store::Store::open(m_file, {});
        record_after(store, m_clock, m_plan.actor, m_to == Form::sealed ? "store.encrypt" : "store.decrypt", "",
                     {{"files", fmt::format("{}", m_report.files)}, {"data_key", vault->id()}});
        return m_report;
    }

private:
    std::shared_ptr<Vault const> change_store() {
        store::SoleHold hold{m_file};
        bool const is_to_be_sealed = m_to == Form::sealed;
        auto vault = is_to_be_sealed && !Vault::is_sealed(m_plan.data_dir) ? Vault::create(m_plan.data_dir, m_plan.key_file)
                                                                           : Vault::of(m_plan.data_dir);
        if (hold.is_sealed() != is_to_be_sealed) write_store(hold, is_to_be_sealed ? vault : nullptr);
        return vault;
    }

    void write_store(store::SoleHold& hold, std::shared_ptr<Vault const> const& vault) {
        auto const draft = m_file.parent_path() / k_draft;
        std::error_code ignored;
        fs::remove(draft, ignored);
        require_room();
        try {
            hold.write_anew(draft, vault);
        } catch (...) {
            fs::remove(draft, ignored);
            throw;
        }
        // Whoever waits for the old file finds nothing in it any more.
        replace_and_wipe(draft, m_file);
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
        std::error_code error;
        std::vector<fs::path> files;  // first all, then one by one: what is written beside them would be seen again
        for (fs::recursive_directory_iterator walk{folder, error}; !error && walk != fs::recursive_directory_iterator{};
             walk.increment(error))
            if (fs::is_regular_file(walk->symlink_status())) files.push_back(walk->path());
        for (auto const& file : files) {
            is_left_over(file) ? wipe(file) : change_file(file, vault);
            if (!m_plan.go_on(m_report.files))
                throw Error{Kind::busy, "stopped; everything can be read, and the same command goes on where it was"};
        }
    }

    static bool is_left_over(fs::path const& file) {
        auto const name = file.filename().string();
        return name.starts_with('.') && (file.extension() == ".old" || file.extension() == k_draft_suffix);
    }

    void change_file(fs::path const& file, Vault const& vault) {
        auto const content = read_file(file, k_largest_file).or_throw();
        if (Vault::is_sealed_file(content) == (m_to == Form::sealed)) return;
        auto const draft = file.parent_path() / fmt::format(".{}{}", file.filename().string(), k_draft_suffix);
        auto const changed = m_to == Form::sealed ? vault.seal_file(content) : opened(file, content, vault);
        write_file(draft, changed, Durability::synced, 0600);
        replace_and_wipe(draft, file);
        ++m_report.files;
    }

    static Bytes opened(fs::path const& file, ByteView content, Vault const& vault) {
        auto clear = vault.open_file(content);
        if (!clear) throw clear.error().within(printable(file.string()));
        return *std::move(clear);
    }

    Clock const& m_clock;
    SealPlan const& m_plan;
    Form m_to;
    fs::path m_file;
    SealReport m_report{};
};

}  // namespace

SealReport seal_store(Clock const& clock, SealPlan const& plan) {
    return Change{clock, plan, Form::sealed}.run();
}

SealReport unseal_store(Clock const& clock, SealPlan const& plan) {
    if (!Vault::is_sealed(plan.data_dir))
        throw Error{Kind::no_input, fmt::format("{} is not sealed", printable(plan.data_dir.string()))};
    return Change{clock, plan, Form::clear}.run();
}

}  // namespace bioctl::app
