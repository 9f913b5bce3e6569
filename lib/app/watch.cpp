#include "lib/app/watch.hpp"

#include <algorithm>
#include <span>

#include "lib/store/templates.hpp"

namespace bioctl::app {

using std::chrono::steady_clock;

namespace {

constexpr std::chrono::seconds k_refresh{5};
constexpr std::string_view k_unknown = "Unknown";

VisitRules filled_in(VisitRules rules, Workspace const& workspace, match::Rule const& rule) {
    rules.same_face = rule.threshold;
    rules.metric = workspace.metric;
    rules.scale = workspace.models.contract().scale;
    return rules;
}

}  // namespace

Watcher::Watcher(Workspace const& workspace, WatchRules rules)
    : m_workspace(workspace),
      m_rules(std::move(rules)),
      m_engine(workspace.models),
      m_visits(filled_in(m_rules.visits, workspace, m_rules.rule)) {
    refresh_gallery();
}

Watcher::~Watcher() = default;

void Watcher::refresh_gallery() {
    auto const now = steady_clock::now();
    if (now < m_next_refresh) return;
    m_next_refresh = now + k_refresh;
    m_faces = follow(m_faces, m_workspace);
}

WatchedFrame Watcher::look(cv::Mat const& pixels, Timestamp time) {
    refresh_gallery();
    auto analysis = m_engine.analyse(pixels, face::Embedding::none, face::Search::quick);
    std::vector<SeenFace> seen;
    for (auto const& face : analysis.faces)
        seen.push_back({clipped(face.box, analysis.size), face.quality.score});
    WatchedFrame frame;
    frame.size = analysis.size;
    frame.news = m_visits.pass(time);
    auto tracked = m_visits.see(seen, time);
    auto begun = m_visits.learn(learn_vectors(analysis.faces, tracked, analysis.size), time);
    std::ranges::move(begun, std::back_inserter(frame.news));
    for (std::size_t i = 0; i < tracked.size(); ++i)
        frame.faces.push_back(watched(analysis.faces[i], tracked[i], analysis.size));
    return frame;
}

std::vector<LearntFace> Watcher::learn_vectors(std::vector<face::Face>& faces, std::vector<TrackedFace> const& tracked,
                                               cv::Size size) {
    std::vector<face::Face> chosen;
    std::vector<LearntFace> learnt;
    for (std::size_t i = 0; i < faces.size(); ++i) {
        if (!tracked[i].wants_vector) continue;
        learnt.push_back({.track = tracked[i].track, .box = clipped(faces[i].box, size), .quality = faces[i].quality.score});
        chosen.push_back(faces[i]);
    }
    m_engine.embed(chosen);
    m_embedded += static_cast<std::int64_t>(chosen.size());
    // One person is one face of a frame, as on a photo.
    std::vector<std::span<float const>> probes;
    for (auto const& face : chosen)
        probes.emplace_back(face.vector);
    auto candidates = m_faces.people->gallery().search(probes, chosen.size() + 1);
    for (std::size_t i = 0; i < chosen.size(); ++i)
        learnt[i].vector = std::move(chosen[i].vector);
    auto const decisions = match::assign(std::move(candidates), m_rules.rule);
    for (std::size_t i = 0; i < decisions.size(); ++i) {
        auto const& decision = decisions[i];
        if (!decision.candidates.empty()) learnt[i].distance = decision.candidates.front().distance;
        if (!decision.match) continue;
        auto const person = m_faces.people->person(*decision.match);
        learnt[i].person_id = person.person_id;
        learnt[i].name = person.name;
        learnt[i].distance = person.distance;
    }
    return learnt;
}

WatchedFace Watcher::watched(face::Face const& face, TrackedFace const& tracked, cv::Size size) const {
    WatchedFace result{.box = clipped(face.box, size), .quality = face.quality.score};
    auto const* const visit = m_visits.visit(m_visits.visit_of(tracked.track));
    if (visit == nullptr) return result;
    result.visit = visit->number;
    result.is_known = !visit->person_id.empty();
    result.label = result.is_known ? (visit->name.empty() ? visit->person_id : visit->name) : std::string{k_unknown};
    return result;
}

std::vector<VisitNews> Watcher::finish() {
    return m_visits.finish();
}

face::StageTimes const& Watcher::times() const {
    return m_engine.times();
}

}  // namespace bioctl::app
