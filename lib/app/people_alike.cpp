#include "lib/app/people_alike.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <span>

#include "lib/app/enrol.hpp"
#include "lib/app/media.hpp"
#include "lib/app/ordered.hpp"
#include "lib/app/search_each.hpp"
#include "lib/face/cluster.hpp"
#include "lib/store/people.hpp"

namespace bioctl::app {

namespace {

struct Near {
    float distance = eval::k_not_compared;
    std::size_t mine = 0, theirs = 0;  // samples
};

/// For one person: the nearest samples of everybody behind in the list.
using Row = std::map<std::size_t, Near>;

struct Group {
    std::string person;
    std::vector<std::size_t> samples;
};

std::vector<Group> by_person(std::vector<Sample> const& samples) {
    std::map<std::string, std::vector<std::size_t>> groups;
    for (std::size_t i = 0; i < samples.size(); ++i)
        groups[samples[i].person].push_back(i);
    std::vector<Group> people;
    for (auto& [person, list] : groups)
        people.push_back({person, std::move(list)});
    return people;
}

std::size_t root_of(std::vector<std::size_t>& parents, std::size_t i) {
    while (parents[i] != i)
        i = parents[i] = parents[parents[i]];
    return i;
}

std::string portrait_of(store::Store& store, store::Modality modality, std::string const& person) {
    for (auto const& row : store.templates().of_person(person)) {
        if (row.modality == modality && !row.crop.empty()) return row.crop;
    }
    return {};
}

}  // namespace

std::vector<std::vector<Alike>> find_alike(store::Store& store, EnrolledSamples const& enrolled, store::Modality modality,
                                           float threshold, int jobs) {
    auto const people = by_person(enrolled.samples());
    std::vector<std::size_t> parents(people.size());
    std::iota(parents.begin(), parents.end(), 0);
    std::vector<std::pair<std::size_t, Near>> nearest(people.size(), {0, {}});
    auto const note = [&](std::size_t who, std::size_t other, Near const& near) {
        if (near.distance < nearest[who].second.distance) nearest[who] = {other, near};
    };
    ordered_for<Row>(
        people.size(), jobs,
        [&](int, std::size_t a) {
            Row row;
            for (std::size_t b = a + 1; b < people.size(); ++b) {
                Near near;
                for (auto const i : people[a].samples) {
                    for (auto const j : people[b].samples) {
                        if (auto const d = enrolled.distance(i, j); d < near.distance) near = {d, i, j};
                    }
                }
                if (near.distance <= threshold) row.emplace(b, near);
            }
            return row;
        },
        [&](std::size_t a, Row&& row) {
            for (auto const& [b, near] : row) {
                note(a, b, near);
                note(b, a, near);
                parents[root_of(parents, b)] = root_of(parents, a);
            }
            return true;
        });

    std::map<std::size_t, std::vector<Alike>> groups;
    for (std::size_t i = 0; i < people.size(); ++i) {
        if (nearest[i].second.distance > threshold) continue;
        auto const person = store.people().get(people[i].person);
        groups[root_of(parents, i)].push_back({.person_id = people[i].person,
                                               .name = person ? person->name : "",
                                               .templates = people[i].samples.size(),
                                               .nearest = people[nearest[i].first].person,
                                               .distance = nearest[i].second.distance,
                                               .crop = portrait_of(store, modality, people[i].person)});
    }
    std::vector<std::vector<Alike>> result;
    for (auto& [root, group] : groups)
        result.push_back(std::move(group));
    std::ranges::stable_sort(result, std::ranges::greater{}, &std::vector<Alike>::size);
    return result;
}

namespace {

/// One picture after its look.
struct Looked {
    enum class What { face, no_face, unreadable } what = What::unreadable;
    std::vector<float> vector{};
    float quality = 0;
};

Looked look_at(face::Engine& engine, Workspace const& workspace, std::string_view picture) {
    auto const& limits = workspace.limits;
    auto const file = read_media(workspace.media_dir, picture, limits.max_bytes);
    if (!file) return {};
    auto const analysis = analyse_photo(engine, *file, limits, face::Embedding::all_faces);
    if (!analysis) return {};
    if (analysis->faces.empty()) return {.what = Looked::What::no_face};
    return {Looked::What::face, analysis->faces.front().vector, analysis->faces.front().quality.score};
}

std::vector<UnknownFace> unknown_events(store::Store& store, store::EventFilter filter) {
    filter.picture_state = "stored";
    std::vector<UnknownFace> events;
    store.events().each(filter, [&](store::Event const& event) {
        if (event.person_id.empty() && !event.picture.empty()) {
            events.push_back({.event = event.id, .device = event.device, .time = event.row.time, .picture = event.picture});
        }
        return true;
    });
    return events;
}

/// Edges between faces within the threshold. The gallery is asked for the nearest ones: of many pictures of one person a part is
/// enough to hold the group together.
std::vector<face::Edge> edges_of(std::vector<std::vector<float>> const& vectors, face::Contract const& contract,
                                 match::Metric metric, float threshold, int jobs) {
    constexpr std::size_t k_most_edges = 50;
    match::Gallery gallery{contract.dimensions, metric, contract.scale};
    for (std::size_t i = 0; i < vectors.size(); ++i)
        gallery.add(std::to_string(i), vectors[i]);
    std::vector<face::Edge> edges;
    search_each(
        gallery, vectors.size(), [&](std::size_t i) { return std::span{vectors[i]}; }, k_most_edges + 1, jobs,
        [&](std::size_t i, std::vector<match::Candidate> const& found) {
            for (auto const& candidate : found) {
                if (candidate.distance > threshold) break;
                if (candidate.person != i) edges.push_back({i, candidate.person, candidate.distance});
            }
        });
    return edges;
}

}  // namespace

UnknownFaces cluster_unknown(Workspace const& workspace, ClusterPlan const& plan) {
    auto events = unknown_events(workspace.store, plan.filter);
    auto const known = load_gallery(workspace);
    auto const contract = workspace.models.contract();
    UnknownFaces result;
    std::vector<UnknownFace> faces;
    std::vector<std::vector<float>> vectors;
    Engines engines{workspace.models, std::max(1, workspace.jobs)};
    ordered_for<Looked>(
        events.size(), workspace.jobs,
        [&](int worker, std::size_t i) { return look_at(engines.of(worker), workspace, events[i].picture); },
        [&](std::size_t i, Looked&& looked) {
            ++result.pictures;
            if (looked.what == Looked::What::face) {
                auto face = std::move(events[i]);
                face.quality = looked.quality;
                if (auto const nearest = known.search(looked.vector, 1); !nearest.empty()) {
                    face.nearest = known.person_id(nearest.front().person);
                    face.distance = nearest.front().distance;
                }
                faces.push_back(std::move(face));
                vectors.push_back(std::move(looked.vector));
            } else {
                ++(looked.what == Looked::What::no_face ? result.without_face : result.unreadable);
            }
            if (plan.on_progress) plan.on_progress(i + 1);
            return !(plan.should_stop && plan.should_stop());
        });
    auto const edges = edges_of(vectors, contract, workspace.metric, plan.threshold, workspace.jobs);
    auto const cluster_of = face::chinese_whispers(faces.size(), edges);
    for (std::size_t i = 0; i < faces.size(); ++i) {
        if (cluster_of[i] >= result.clusters.size()) result.clusters.resize(cluster_of[i] + 1);
        result.clusters[cluster_of[i]].push_back(std::move(faces[i]));
    }
    for (auto& cluster : result.clusters)
        std::ranges::stable_sort(cluster, {}, &UnknownFace::time);
    return result;
}

}  // namespace bioctl::app
