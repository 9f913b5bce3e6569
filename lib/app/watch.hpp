#pragma once
// Who comes before a camera: frames in, visits out.

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "lib/app/frames.hpp"
#include "lib/app/recognize.hpp"
#include "lib/app/visits.hpp"
#include "lib/app/workspace.hpp"

namespace bioctl::app {

struct WatchRules {
    match::Rule rule;   ///< who is who
    VisitRules visits;  ///< same_face, metric and scale are filled in from the workspace and the rule
};

struct WatchedFace {
    Box box;
    float quality = 0;
    std::int64_t visit = 0;  ///< 0 = not yet known whose
    std::string label{};     ///< name or id of the person, "Unknown", "" = not yet known
    bool is_known = false;
};

struct WatchedFrame {
    std::vector<WatchedFace> faces{};  ///< largest first
    std::vector<VisitNews> news{};     ///< ended visits first
    cv::Size size{};
};

/// One thread. The gallery follows the store: who is enrolled meanwhile is known within some seconds.
class Watcher {
public:
    /// Throws as load_gallery().
    Watcher(Workspace const& workspace, WatchRules rules);
    ~Watcher();

    /// pixels: CV_8UC3 BGR. Times do not run backwards. Throws only for what concerns all frames (a model is missing).
    WatchedFrame look(cv::Mat const& pixels, Timestamp time);
    /// What ends with the last frame.
    std::vector<VisitNews> finish();

    /// Work so far: for the benchmark and for people who wonder why it is slow.
    [[nodiscard]] face::StageTimes const& times() const;
    [[nodiscard]] std::int64_t embedded() const { return m_embedded; }  ///< faces whose vector was made

private:
    void refresh_gallery();
    std::vector<LearntFace> learn_vectors(std::vector<face::Face>& faces, std::vector<TrackedFace> const& tracked, cv::Size size);
    [[nodiscard]] WatchedFace watched(face::Face const& face, TrackedFace const& tracked, cv::Size size) const;

    Workspace const& m_workspace;
    WatchRules m_rules;
    face::Engine m_engine;
    Followed<Faces> m_faces;
    std::chrono::steady_clock::time_point m_next_refresh{};
    Visits m_visits;
    std::int64_t m_embedded = 0;
};

}  // namespace bioctl::app
