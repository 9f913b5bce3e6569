// scan_directory(): DIR/<id>/**/<photo>.

#include <algorithm>

#include <fmt/format.h>

#include "lib/app/bulk_enrol.hpp"
#include "lib/app/person_id.hpp"

namespace bioctl::app {

namespace {

/// The first folder below `directory`; "" for what lies directly in it.
std::string first_level(fs::path const& path, fs::path const& directory) {
    std::string_view rest = path.native();
    rest.remove_prefix(std::min(rest.size(), directory.native().size()));
    rest.remove_prefix(std::min(rest.size(), rest.find_first_not_of('/')));
    auto const end = rest.find('/');
    return end == std::string_view::npos ? std::string{} : std::string{rest.substr(0, end)};
}

BulkItem item_of(fs::path const& photo, fs::path const& directory) {
    BulkItem item{.person_id = first_level(photo, directory), .name = {}, .photo = {photo, std::nullopt}};
    if (item.person_id.empty()) {
        item.rejected = Rejected{RejectReason::bad_id, "lies directly in the folder; photos belong into one folder for each id",
                                 std::nullopt};
    } else if (auto const ok = check_person_id(item.person_id); !ok) {
        item.rejected = Rejected{RejectReason::bad_id, ok.error().message(), std::nullopt};
    }
    return item;
}

BulkItem item_of(PhotoFolder::Trouble const& trouble, fs::path const& directory) {
    return {
        .person_id = first_level(trouble.folder / "", directory),
        .name = {},
        .photo = {trouble.folder, std::nullopt},
        .rejected = Rejected{RejectReason::unreadable, fmt::format("cannot read the folder: {}", trouble.detail), std::nullopt}};
}

}  // namespace

BulkInput scan_directory(fs::path const& directory) {
    auto const found = list_photos(directory);
    BulkInput input{.items = {}, .origin = fs::canonical(directory).string(), .is_complete = found.troubles.empty()};
    for (auto const& photo : found.photos)
        input.items.push_back(item_of(photo, directory));
    for (auto const& trouble : found.troubles)
        input.items.push_back(item_of(trouble, directory));
    std::ranges::stable_sort(
        input.items, {}, [](BulkItem const& item) -> auto const& { return item.photo.path.native(); });
    return input;
}

}  // namespace bioctl::app
