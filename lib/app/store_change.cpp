#include "lib/app/store_change.hpp"

#include <system_error>

#include <date/date.h>
#include <fmt/format.h>

#include "lib/base/file.hpp"
#include "lib/base/file_copy.hpp"
#include "lib/base/text.hpp"
#include "lib/base/vault.hpp"
#include "lib/store/upkeep.hpp"

namespace bioctl::app {

namespace {

std::uint64_t pages_bytes(store::Store& store) {
    store::Statistics figures;
    store.read([&] { figures = store.upkeep().statistics(); });
    return static_cast<std::uint64_t>(figures.pages * figures.page_bytes);
}

}  // namespace

VacuumRoom room_for_vacuum(store::Store& store) {
    store::Statistics figures;
    store.read([&] { figures = store.upkeep().statistics(); });
    auto const page = static_cast<std::uint64_t>(figures.page_bytes);
    auto const free_pages = static_cast<std::uint64_t>(figures.free_pages);
    VacuumRoom room{.free_pages_bytes = free_pages * page,
                    .wanted = 2 * page * (static_cast<std::uint64_t>(figures.pages) - free_pages),
                    .available = 0};
    std::error_code error;
    auto const space = fs::space(store.file().parent_path(), error);
    if (!error) room.available = space.available;
    return room;
}

std::uint64_t vacuum_store(store::Store& store) {
    auto const room = room_for_vacuum(store);
    if (room.available < room.wanted) {
        throw Error{Kind::io, fmt::format("{}: not enough room to write it anew ({} are needed, {} are free); make room first",
                                          printable(store.file().string()), human_size(room.wanted), human_size(room.available))};
    }
    auto const before = pages_bytes(store);
    store.upkeep().vacuum();
    auto const after = pages_bytes(store);
    return before > after ? before - after : 0;
}

namespace {

/// Where the copy shall be. That of a sealed store is worth nothing without the envelope of its time, so it has a folder of its
/// own.
fs::path place_of_copy(fs::path const& data_dir, fs::path const& folder, std::string const& name) {
    if (!Vault::is_sealed(data_dir)) return folder / (name + ".db");
    make_private_folders(folder / name);
    static_cast<void>(copy_file_to(data_dir / k_envelope, folder / name / k_envelope));
    sync_file(folder / name / k_envelope);
    return folder / name / "bioctl.db";
}

}  // namespace

fs::path copy_store_as_it_is(fs::path const& file, fs::path const& folder, int version, Clock const& clock) {
    make_private_folders(folder);
    auto const time = std::chrono::floor<std::chrono::seconds>(clock.now());
    auto const name = fmt::format("bioctl-schema{}-{}", version, date::format("%Y%m%dT%H%M%SZ", time));
    auto const target = place_of_copy(file.parent_path(), folder, name);
    if (fs::exists(target))
        throw Error{Kind::cannot_create, fmt::format("{} is there already; try again", printable(target.string()))};
    auto const partial = target.parent_path() / fmt::format(".{}.partial", target.filename().string());
    std::error_code ignored;
    fs::remove(partial, ignored);  // of a process that was killed
    try {
        store::copy_as_it_is(file, partial);
        fs::rename(partial, target);
    } catch (...) {
        fs::remove(partial, ignored);
        throw;
    }
    sync_folder(target.parent_path());
    sync_folder(folder);
    return target;
}

}  // namespace bioctl::app
