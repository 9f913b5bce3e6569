#pragma once
// From faces on frames to visits of people: who is reported once, however long they stay before the camera. Pure: time and faces
// come in, nothing else is looked at.
//
// Two steps for each frame, because finding faces is cheap and making vectors of them is not: see() follows the faces from frame
// to frame by their place and says whose vector is worth its price; learn() hears what the vectors said.

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lib/app/photos.hpp"
#include "lib/base/clock.hpp"
#include "lib/match/distance.hpp"

namespace bioctl::app {

struct VisitRules {
    std::chrono::milliseconds gone{10'000};  ///< unseen for longer than this: the visit is over
    int confirm = 2;                         ///< vectors that must agree on a person
    int unknown_after = 3;                   ///< good vectors of nobody, before a face counts as unknown
    int renew_every = 10;                    ///< frames after which a face that is known is looked at again
    float same_place = 0.3F;                 ///< intersection over union of the boxes of one face on two frames
    float better = 0.15F;                    ///< by so much must the quality grow for a new look
    float unknown_quality = 0.2F;            ///< a face below it is nobody's, not somebody unknown's
    float same_face = 0.5F;                  ///< distance of vectors up to which two faces are one person
    match::Metric metric = match::Metric::unit;
    float scale = 1;  ///< Contract::scale
};

/// What a detector found on a frame.
struct SeenFace {
    Box box;
    float quality = 0;
};

struct TrackedFace {
    std::int64_t track = 0;     ///< the same face on the frames before and after
    bool wants_vector = false;  ///< learn() should hear of it
};

/// What the vector of a face said.
struct LearntFace {
    std::int64_t track = 0;
    Box box;
    float quality = 0;
    std::vector<float> vector{};
    std::string person_id{}, name{};  ///< "" if the vector is nobody's
    std::optional<float> distance{};  ///< to that person, else to the nearest one
};

struct Visit {
    std::int64_t number = 0;          ///< from 1
    std::string person_id{}, name{};  ///< "" of an unknown person
    int unknown = 0;                  ///< number of the unknown person, from 1; 0 of a known one
    Timestamp since{}, last_seen{};
};

struct VisitNews {
    enum class What { began, ended };
    What what = What::began;
    Visit visit{};
    // When it began:
    std::int64_t track = 0;
    Box box{};
    float quality = 0;
    std::optional<float> distance{};  ///< the smallest so far
};

/// A value: copies go on independently. One thread.
class Visits {
public:
    explicit Visits(VisitRules const& rules) : m_rules(rules) {}

    /// Of each face, in the same order.
    std::vector<TrackedFace> see(std::vector<SeenFace> const& faces, Timestamp now);
    /// Of the faces of the same frame that wanted a vector. What has begun, in the order of the faces.
    std::vector<VisitNews> learn(std::vector<LearntFace> const& faces, Timestamp now);
    /// What has ended by now, first seen first; forgets who is gone. Before see(), for every frame, also one without faces.
    std::vector<VisitNews> pass(Timestamp now);
    /// At the end of all frames: ends whatever goes on.
    std::vector<VisitNews> finish();

    [[nodiscard]] std::int64_t visit_of(std::int64_t track) const;  ///< 0 = not yet known
    [[nodiscard]] Visit const* visit(std::int64_t number) const;    ///< nullptr if it is over

private:
    struct Track {
        Box box{};
        Timestamp last_seen{};
        float best_quality = 0;  // of its vectors
        int frames_since = 0;    // its last vector
        std::vector<float> vector{};
        std::string candidate{};  // person id
        std::optional<float> distance{};
        int votes = 0;             // for the candidate, in a row
        int unknown = 0;           // vectors that were nobody's, in a row
        bool is_in_doubt = false;  // its last vector was another person's than the visit
        std::int64_t visit = 0;
    };
    struct OpenVisit {
        Visit visit;
        std::vector<float> vector;  // of an unknown person
    };
    using Tracks = std::map<std::int64_t, Track>;

    [[nodiscard]] std::vector<std::int64_t> placed(std::vector<SeenFace> const& faces, Timestamp now) const;
    [[nodiscard]] bool is_same_face(std::vector<float> const& a, std::vector<float> const& b) const;
    void take_over_lost(Track& track, LearntFace const& face, Timestamp now);
    void vote(Track& track, LearntFace const& face) const;
    std::optional<VisitNews> settle(Track& track, LearntFace const& face, Timestamp now);
    OpenVisit* open_visit(Track const& track, LearntFace const& face);
    void touch(std::int64_t visit, Timestamp now);

    VisitRules m_rules;
    Timestamp m_frame{}, m_frame_before{};
    Tracks m_tracks;
    std::map<std::int64_t, OpenVisit> m_visits;
    std::int64_t m_next_track = 1, m_next_visit = 1;
    int m_next_unknown = 1;
};

}  // namespace bioctl::app
