#pragma once
// People who look the same, and strangers who came more than once. For review: nothing is merged or enrolled here.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "lib/app/enrolled_samples.hpp"
#include "lib/app/workspace.hpp"
#include "lib/store/events.hpp"

namespace bioctl::app {

/// One person in a group of people who may be one.
struct Alike {
    std::string person_id, name;
    std::size_t templates = 0;
    std::string nearest;  ///< the person of the group who is nearest
    float distance = 0;   ///< of the nearest templates of both
    std::string crop;     ///< path below media/ of a portrait, "" if none is kept
};

/// Groups of people who are joined by a chain of pairs, each within the threshold. Largest first; within a group by id.
/// `jobs` threads.
[[nodiscard]] std::vector<std::vector<Alike>> find_alike(store::Store& store, EnrolledSamples const& enrolled,
                                                         store::Modality modality, float threshold, int jobs);

/// A picture of somebody who was not recognised.
struct UnknownFace {
    std::int64_t event = 0;
    std::string device;
    Timestamp time{};
    std::string picture;  ///< path below media/
    float quality = 0;
    std::optional<std::string> nearest{};  ///< who of those who are enrolled comes nearest, and how near
    std::optional<float> distance{};
};

struct ClusterPlan {
    store::EventFilter filter{};  ///< which events; pictures and persons are seen to
    float threshold = 0;          ///< largest distance of two pictures that may show one person
    std::function<void(std::size_t done)> on_progress{};
    std::function<bool()> should_stop{};
};

struct UnknownFaces {
    std::vector<std::vector<UnknownFace>> clusters;  ///< largest first, within one by time
    std::size_t pictures = 0;                        ///< looked at
    std::size_t without_face = 0;                    ///< of these
    std::size_t unreadable = 0;
};

/// The stored pictures of events of nobody known. The largest face of each counts.
[[nodiscard]] UnknownFaces cluster_unknown(Workspace const& workspace, ClusterPlan const& plan);

}  // namespace bioctl::app
