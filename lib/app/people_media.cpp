#include "lib/app/people_media.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "lib/base/text.hpp"
#include "lib/store/templates.hpp"

namespace bioctl::app {

namespace {

void add_files_below(fs::path const& media_dir, char const* folder, std::vector<std::string>& found) {
    std::error_code error;
    fs::recursive_directory_iterator walk{media_dir / folder, fs::directory_options::skip_permission_denied, error};
    if (error) return;  // nothing was ever kept
    for (; walk != fs::recursive_directory_iterator{}; walk.increment(error)) {
        if (error) break;
        if (walk->is_directory(error)) continue;
        found.push_back(walk->path().lexically_relative(media_dir).string());
    }
}

/// Every portrait that is kept, of faces and palms.
std::vector<std::string> portraits_in(fs::path const& media_dir) {
    std::vector<std::string> found;
    for (auto const* folder : {"faces", "palms"})
        add_files_below(media_dir, folder, found);
    return found;
}

}  // namespace

std::vector<std::string> stray_crops(store::Store& store, fs::path const& media_dir) {
    auto files = portraits_in(media_dir);
    store.read([&] {
        auto const templates = store.templates();
        std::erase_if(files, [&](std::string const& file) { return templates.uses_of_crop(file) > 0; });
    });
    std::ranges::sort(files);
    return files;
}

std::size_t remove_unused_crops(store::Store& store, fs::path const& media_dir, std::span<std::string const> crops) {
    if (crops.empty()) return 0;
    std::size_t removed = 0;
    std::optional<Error> trouble;
    store.write([&] {
        auto const templates = store.templates();
        for (auto const& crop : crops) {
            if (templates.uses_of_crop(crop) > 0) continue;
            std::error_code error;
            auto const file = media_dir / crop;
            if (fs::remove(file, error)) ++removed;
            if (error && !trouble) {
                trouble = errno_error(
                    fmt::format("cannot delete the portrait {}, which belongs to nobody any more", printable(file.string())),
                    error.value(), Kind::io);
            }
        }
    });
    if (trouble) throw Error{*trouble};
    return removed;
}

bool clear_write_log(store::Store& store) {
    try {
        store.checkpoint();
        return true;
    } catch (Error const& error) {
        if (error.kind() != Kind::busy) throw;
        return false;
    }
}

}  // namespace bioctl::app
