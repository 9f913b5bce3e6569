#include "lib/app/store_stats.hpp"

#include <system_error>

#include "lib/store/templates.hpp"

namespace bioctl::app {

namespace {

std::uint64_t size_of(fs::path const& file) {
    std::error_code error;
    auto const size = fs::file_size(file, error);
    return error ? 0 : size;
}

FolderSize size_below(fs::path const& folder) {
    FolderSize size;
    std::error_code error;
    fs::recursive_directory_iterator walk{folder, fs::directory_options::skip_permission_denied, error};
    if (error) return size;
    for (; walk != fs::recursive_directory_iterator{}; walk.increment(error)) {
        if (error) break;
        std::error_code gone;  // files come and go meanwhile
        if (!fs::is_regular_file(walk->symlink_status(gone))) continue;
        auto const bytes = walk->file_size(gone);
        if (gone) continue;
        ++size.files;
        size.bytes += bytes;
    }
    return size;
}

}  // namespace

StoreStats store_stats(store::Store& store, fs::path const& data_dir) {
    StoreStats stats;
    store.read([&] { stats.rows = store.upkeep().statistics(); });
    stats.schema_version = store.schema_version();
    stats.is_sealed = store.is_sealed();
    stats.database_bytes = size_of(store.file());
    stats.log_bytes = size_of(fs::path{store.file().native() + "-wal"});
    stats.portraits = size_below(data_dir / "media" / "faces");
    stats.palms = size_below(data_dir / "media" / "palms");
    stats.pictures = size_below(data_dir / "media" / "events");
    stats.models = size_below(data_dir / "models");
    return stats;
}

}  // namespace bioctl::app
