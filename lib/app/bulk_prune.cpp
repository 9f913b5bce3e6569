#include "lib/app/bulk_prune.hpp"

#include <map>

#include "lib/app/people_media.hpp"
#include "lib/store/people.hpp"

namespace bioctl::app {

namespace {

struct Doomed {
    store::TemplateId id;
    std::string person_id, source, crop;
};

std::vector<Doomed> find_doomed(Workspace const& workspace, store::Modality modality, std::string_view origin, Seen const& seen) {
    std::vector<Doomed> doomed;
    auto const contract = contract_of(workspace, modality);
    workspace.store.templates().for_each(modality, contract, [&](store::Template const& row) {
        if (row.origin != origin || !row.photo) return;
        if (seen.photos.contains(photo_key(row.person_id, *row.photo))) return;
        if (seen.rejected.contains(source_key(row.person_id, row.source))) return;
        doomed.push_back({row.id, row.person_id, row.source, row.crop});
    });
    return doomed;
}

void remove(Workspace const& workspace, std::vector<Doomed> const& doomed, Seen const& seen) {
    auto people = workspace.store.people();
    auto templates = workspace.store.templates();
    for (auto const& row : doomed)
        templates.remove(row.id);
    for (auto const& row : doomed) {
        if (seen.people.contains(row.person_id)) continue;
        auto const person = people.get(row.person_id);
        if (person && person->templates == 0) people.remove(row.person_id);
    }
}

std::vector<RemovedRecord> by_person_and_path(std::vector<Doomed> const& doomed) {
    std::map<std::pair<std::string, std::string>, std::size_t> counts;
    for (auto const& row : doomed)
        ++counts[{row.person_id, row.source}];
    std::vector<RemovedRecord> records;
    for (auto const& [key, count] : counts)
        records.push_back({key.first, key.second, count});
    return records;
}

}  // namespace

std::vector<RemovedRecord> prune(Workspace const& workspace, store::Modality modality, std::string_view origin, Seen const& seen,
                                 Mode mode) {
    std::vector<Doomed> doomed;
    workspace.store.read([&] { doomed = find_doomed(workspace, modality, origin, seen); });
    if (doomed.empty() || mode == Mode::dry_run) return by_person_and_path(doomed);
    // Looked up again under the lock: another process may have given a photo a new place.
    workspace.store.write([&] {
        doomed = find_doomed(workspace, modality, origin, seen);
        remove(workspace, doomed, seen);
    });
    std::vector<std::string> crops;
    for (auto const& row : doomed) {
        if (!row.crop.empty()) crops.push_back(row.crop);
    }
    clear_write_log(workspace.store);
    remove_unused_crops(workspace.store, workspace.media_dir, crops);
    return by_person_and_path(doomed);
}

}  // namespace bioctl::app
