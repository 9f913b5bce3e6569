#include "lib/app/visits.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace bioctl::app {

namespace {

// Who stands at the same place after that may be anybody.
constexpr std::chrono::seconds k_same_place_for{2};

double area(Box const& box) {
    return static_cast<double>(std::max(box.right - box.left, 0)) * std::max(box.bottom - box.top, 0);
}

float overlap(Box const& a, Box const& b) {
    Box const shared{std::max(a.top, b.top), std::min(a.right, b.right), std::min(a.bottom, b.bottom), std::max(a.left, b.left)};
    auto const both = area(shared);
    auto const either = area(a) + area(b) - both;
    return either > 0 ? static_cast<float>(both / either) : 0;
}

}  // namespace

/// The track of each face by its place, 0 for those that have none; the best pairs first.
std::vector<std::int64_t> Visits::placed(std::vector<SeenFace> const& faces, Timestamp now) const {
    struct Pair {
        float overlap;
        std::size_t face;
        std::int64_t track;
    };
    std::vector<Pair> pairs;
    for (auto const& [number, track] : m_tracks) {
        if (now - track.last_seen > k_same_place_for) continue;
        for (std::size_t i = 0; i < faces.size(); ++i) {
            auto const shared = overlap(faces[i].box, track.box);
            if (shared >= m_rules.same_place) pairs.push_back({shared, i, number});
        }
    }
    std::ranges::sort(pairs, [](Pair const& a, Pair const& b) {
        return std::tuple{-a.overlap, a.face, a.track} < std::tuple{-b.overlap, b.face, b.track};
    });
    std::vector<std::int64_t> tracks(faces.size(), 0);
    for (auto const& pair : pairs) {
        if (tracks[pair.face] == 0 && std::ranges::find(tracks, pair.track) == tracks.end()) tracks[pair.face] = pair.track;
    }
    return tracks;
}

std::vector<TrackedFace> Visits::see(std::vector<SeenFace> const& faces, Timestamp now) {
    std::vector<TrackedFace> tracked;
    auto const tracks = placed(faces, now);
    for (std::size_t i = 0; i < faces.size(); ++i) {
        auto const number = tracks[i] != 0 ? tracks[i] : m_next_track++;
        auto& track = m_tracks[number];
        // Somebody else may have taken the place.
        bool const was_away = track.last_seen < m_frame_before;
        track.box = faces[i].box;
        track.last_seen = now;
        ++track.frames_since;
        touch(track.visit, now);
        bool const wants_vector = track.visit == 0 || track.is_in_doubt || was_away ||
                                  track.frames_since >= m_rules.renew_every ||
                                  faces[i].quality >= track.best_quality + m_rules.better;
        tracked.push_back({number, wants_vector});
    }
    return tracked;
}

std::vector<VisitNews> Visits::learn(std::vector<LearntFace> const& faces, Timestamp now) {
    std::vector<VisitNews> news;
    for (auto const& face : faces) {
        auto const found = m_tracks.find(face.track);
        if (found == m_tracks.end()) continue;
        auto& track = found->second;
        if (track.vector.empty()) take_over_lost(track, face, now);
        vote(track, face);
        if (auto begun = settle(track, face, now)) news.push_back(*std::move(begun));
        auto const* const settled = visit(track.visit);
        track.is_in_doubt = settled != nullptr && !face.person_id.empty() && face.person_id != settled->person_id;
    }
    return news;
}

bool Visits::is_same_face(std::vector<float> const& a, std::vector<float> const& b) const {
    if (a.empty() || a.size() != b.size()) return false;
    return match::distance(a, b, m_rules.metric, m_rules.scale) <= m_rules.same_face;
}

/// A new face that looks like one which has just been lost from sight is that one, at another place.
void Visits::take_over_lost(Track& track, LearntFace const& face, Timestamp now) {
    for (auto lost = m_tracks.begin(); lost != m_tracks.end(); ++lost) {
        auto const& [number, old] = *lost;
        if (number == face.track || old.last_seen == now || !is_same_face(old.vector, face.vector)) continue;
        track.candidate = old.candidate;
        track.distance = old.distance;
        track.votes = old.votes;
        track.unknown = old.unknown;
        track.visit = old.visit;
        m_tracks.erase(lost);
        return;
    }
}

void Visits::vote(Track& track, LearntFace const& face) const {
    track.vector = face.vector;
    track.frames_since = 0;
    track.best_quality = std::max(track.best_quality, face.quality);
    if (face.person_id.empty()) {
        if (face.quality >= m_rules.unknown_quality) ++track.unknown;
        return;
    }
    if (track.candidate != face.person_id) {
        track.candidate = face.person_id;
        track.distance = face.distance;
        track.votes = 0;
    }
    ++track.votes;
    track.unknown = 0;
    if (face.distance && (!track.distance || *face.distance < *track.distance)) track.distance = face.distance;
}

/// The open visit of the person that the track has settled on.
Visits::OpenVisit* Visits::open_visit(Track const& track, LearntFace const& face) {
    bool const is_unknown = face.person_id.empty();
    for (auto& [number, open] : m_visits) {
        bool const is_of_same_kind = (open.visit.unknown > 0) == is_unknown;
        if (!is_of_same_kind) continue;
        if (is_unknown ? is_same_face(open.vector, face.vector) || number == track.visit : open.visit.person_id == face.person_id)
            return &open;
    }
    return nullptr;
}

std::optional<VisitNews> Visits::settle(Track& track, LearntFace const& face, Timestamp now) {
    bool const is_unknown = face.person_id.empty();
    if (is_unknown ? track.unknown < m_rules.unknown_after : track.votes < m_rules.confirm) {
        touch(track.visit, now);
        return std::nullopt;
    }
    if (is_unknown) {
        // Nobody that is enrolled, for so long: whoever it was before is not there any more.
        track.candidate.clear();
        track.votes = 0;
    }
    if (auto* const open = open_visit(track, face)) {
        track.visit = open->visit.number;
        touch(track.visit, now);
        return std::nullopt;
    }
    OpenVisit fresh;
    fresh.visit = {.number = m_next_visit++,
                   .person_id = face.person_id,
                   .name = face.name,
                   .unknown = is_unknown ? m_next_unknown++ : 0,
                   .since = now,
                   .last_seen = now};
    if (is_unknown) fresh.vector = face.vector;
    track.visit = fresh.visit.number;
    VisitNews news{.what = VisitNews::What::began,
                   .visit = fresh.visit,
                   .track = face.track,
                   .box = face.box,
                   .quality = face.quality,
                   .distance = is_unknown ? face.distance : track.distance};
    m_visits.emplace(fresh.visit.number, std::move(fresh));
    return news;
}

void Visits::touch(std::int64_t visit, Timestamp now) {
    if (auto const open = m_visits.find(visit); open != m_visits.end())
        open->second.visit.last_seen = std::max(open->second.visit.last_seen, now);
}

std::vector<VisitNews> Visits::pass(Timestamp now) {
    m_frame_before = std::exchange(m_frame, now);
    std::vector<VisitNews> news;
    std::erase_if(m_visits, [&](auto const& entry) {
        auto const& visit = entry.second.visit;
        bool const is_over = now - visit.last_seen > m_rules.gone;
        if (is_over) news.push_back({.what = VisitNews::What::ended, .visit = visit});
        return is_over;
    });
    std::erase_if(m_tracks, [&](auto const& entry) { return now - entry.second.last_seen > m_rules.gone; });
    return news;
}

std::vector<VisitNews> Visits::finish() {
    std::vector<VisitNews> news;
    for (auto const& [number, open] : m_visits)
        news.push_back({.what = VisitNews::What::ended, .visit = open.visit});
    m_visits.clear();
    m_tracks.clear();
    return news;
}

std::int64_t Visits::visit_of(std::int64_t track) const {
    auto const found = m_tracks.find(track);
    return found == m_tracks.end() ? 0 : found->second.visit;
}

Visit const* Visits::visit(std::int64_t number) const {
    auto const found = m_visits.find(number);
    return found == m_visits.end() ? nullptr : &found->second.visit;
}

}  // namespace bioctl::app
