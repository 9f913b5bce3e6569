#include "lib/app/ont_backup.hpp"

#include <algorithm>
#include <regex>

#include <date/date.h>
#include <fmt/format.h>

#include "lib/app/ont_shapes.hpp"
#include "lib/base/file.hpp"
#include "lib/base/vault.hpp"

namespace bioctl::app {

namespace {

std::string name_at(Timestamp time) {
    auto const seconds = std::chrono::floor<std::chrono::seconds>(time);
    return fmt::format("onts-{}-{:03}.json", date::format("%Y%m%d-%H%M%S", seconds), (time - seconds).count());
}

/// Only what has exactly our form of name: the folder may hold other backups.
std::vector<fs::path> backups_in(fs::path const& folder) {
    static std::regex const form{"onts-[0-9]{8}-[0-9]{6}-[0-9]{3}\\.json"};
    std::vector<fs::path> backups;
    for (auto const& entry : fs::directory_iterator{folder}) {
        if (std::regex_match(entry.path().filename().string(), form)) backups.push_back(entry.path());
    }
    std::ranges::sort(backups);
    return backups;
}

}  // namespace

fs::path back_up_onts(OntRegistry const& registry) {
    auto const onts = registry.store.onts().list();
    if (onts.empty()) return {};
    auto time = registry.clock.now();
    auto const file_at = [&] { return registry.backups_dir / name_at(time); };
    make_private_folders(registry.backups_dir);
    while (fs::exists(file_at()))
        time += std::chrono::milliseconds{1};
    auto const file = file_at();
    write_private(registry.backups_dir.parent_path(), file, as_bytes(to_json_array(onts, OntShape::full)));
    auto const backups = backups_in(registry.backups_dir);
    for (std::size_t i = 0; i + k_kept_ont_backups < backups.size(); ++i) {
        std::error_code ignored;  // one that stays does no harm, and the next change tries again
        // After the clock was set back the new one is not the newest by name.
        if (backups[i] != file) fs::remove(backups[i], ignored);
    }
    return file;
}

}  // namespace bioctl::app
