// Scripted frames: who stands where, and what their vectors say.

#include <catch2/catch.hpp>

#include "lib/app/visits.hpp"

using namespace bioctl;
using namespace bioctl::app;
using namespace std::chrono_literals;

namespace {

using What = VisitNews::What;

/// Faces are boxes at a place; vectors are unit vectors along an axis, so that different axes are far from each other.
struct Actor {
    int left = 0;
    int axis = 0;
    std::string person{};  ///< "" = nobody that is enrolled
    float quality = 0.5F;
};

std::vector<float> vector_along(int axis) {
    std::vector<float> vector(8, 0.0F);
    vector.at(static_cast<std::size_t>(axis)) = 1;
    return vector;
}

VisitRules rules() {
    VisitRules rules;
    rules.same_face = 0.5F;
    return rules;
}

struct Scene {
    Visits visits{rules()};
    Timestamp now = from_ms(1'000'000);
    std::vector<std::string> told{};  ///< "+anna", "-anna", "+unknown 1"
    int vectors = 0;

    void frame(std::vector<Actor> const& actors, std::chrono::milliseconds step = 200ms) {
        now += step;
        tell(visits.pass(now));
        std::vector<SeenFace> seen;
        for (auto const& actor : actors)
            seen.push_back({{100, actor.left + 100, 220, actor.left}, actor.quality});
        auto const tracked = visits.see(seen, now);
        std::vector<LearntFace> learnt;
        for (std::size_t i = 0; i < actors.size(); ++i) {
            if (!tracked[i].wants_vector) continue;
            ++vectors;
            learnt.push_back({.track = tracked[i].track,
                              .box = seen[i].box,
                              .quality = actors[i].quality,
                              .vector = vector_along(actors[i].axis),
                              .person_id = actors[i].person,
                              .distance = 0.3F});
        }
        tell(visits.learn(learnt, now));
    }
    void frames(int count, std::vector<Actor> const& actors) {
        for (int i = 0; i < count; ++i)
            frame(actors);
    }
    void tell(std::vector<VisitNews> const& news) {
        for (auto const& one : news) {
            auto const who = one.visit.person_id.empty() ? "unknown " + std::to_string(one.visit.unknown) : one.visit.person_id;
            told.push_back((one.what == What::began ? "+" : "-") + who);
        }
    }
};

using Told = std::vector<std::string>;

Actor const anna{.left = 100, .axis = 0, .person = "anna"};
Actor const bela{.left = 400, .axis = 1, .person = "bela"};
Actor const stranger{.left = 100, .axis = 5};

Actor at(Actor actor, int left) {
    actor.left = left;
    return actor;
}

}  // namespace

TEST_CASE("a person is reported once per visit, and again after being gone", "[app]") {
    Scene scene;
    scene.frames(20, {anna});
    CHECK(scene.told == Told{"+anna"});
    scene.frame({}, 9s);
    scene.frames(3, {anna});
    CHECK(scene.told == Told{"+anna"});
    scene.frame({}, 10s + 200ms);
    CHECK(scene.told == Told{"+anna", "-anna"});
    scene.frames(3, {anna});
    CHECK(scene.told == Told{"+anna", "-anna", "+anna"});
    scene.tell(scene.visits.finish());
    CHECK(scene.told.back() == "-anna");
    CHECK(scene.visits.finish().empty());
}

TEST_CASE("a visit that nothing was heard of for long is over, even if no frame came meanwhile", "[app]") {
    Scene scene;
    scene.frames(3, {anna});
    scene.frame({anna}, 60s);
    scene.frame({anna});
    CHECK(scene.told == Told{"+anna", "-anna", "+anna"});
}

TEST_CASE("one vector is not enough to be somebody", "[app]") {
    Scene scene;
    scene.frame({anna});
    scene.frame({at(bela, 100)});
    CHECK(scene.told.empty());
    scene.frame({at(bela, 100)});
    CHECK(scene.told == Told{"+bela"});
}

TEST_CASE("who is known costs a vector only now and then", "[app]") {
    Scene scene;
    scene.frames(2, {anna});
    CHECK(scene.vectors == 2);
    scene.frames(9, {anna});
    CHECK(scene.vectors == 2);
    scene.frames(1, {anna});
    CHECK(scene.vectors == 3);
    auto better = anna;
    better.quality = 0.9F;
    scene.frame({better});
    CHECK(scene.vectors == 4);
    scene.frame({better});
    CHECK(scene.vectors == 4);
}

TEST_CASE("two people side by side are two visits, in the order of the faces", "[app]") {
    Scene scene;
    scene.frames(4, {bela, anna});
    CHECK(scene.told == Told{"+bela", "+anna"});
    scene.frame({anna}, 9s);
    scene.frames(10, {anna});
    CHECK(scene.told == Told{"+bela", "+anna", "-bela"});
}

TEST_CASE("a face that jumps is known again by its vector", "[app]") {
    Scene scene;
    scene.frames(3, {anna});
    auto const vectors = scene.vectors;
    scene.frame({at(anna, 700)});
    scene.frame({at(anna, 700)});
    CHECK(scene.told == Told{"+anna"});
    CHECK(scene.vectors == vectors + 1);  // the first one at the new place tells who it is, as settled as before
}

TEST_CASE("a single wrong match on a track changes nothing", "[app]") {
    Scene scene;
    scene.frames(3, {anna});
    for (int i = 0; i < 5; ++i) {
        auto wrong = at(bela, 100);
        wrong.quality = 0.5F + 0.2F * static_cast<float>(i);  // asked for a vector each time
        scene.frame({wrong});
        scene.frames(10, {anna});
    }
    CHECK(scene.told == Told{"+anna"});
}

TEST_CASE("somebody else in the same place is a visit of their own", "[app]") {
    Scene scene;
    scene.frames(3, {anna});
    scene.frames(30, {at(bela, 100)});
    CHECK(scene.told == Told{"+anna", "+bela"});
    scene.frames(60, {at(bela, 100)});
    CHECK(scene.told == Told{"+anna", "+bela", "-anna"});
}

TEST_CASE("unknown faces are grouped by what they look like", "[app]") {
    Scene scene;
    scene.frames(2, {stranger});
    CHECK(scene.told.empty());
    scene.frame({stranger});
    CHECK(scene.told == Told{"+unknown 1"});
    scene.frames(20, {at(stranger, 500)});
    CHECK(scene.told == Told{"+unknown 1"});
    auto other = stranger;
    other.axis = 6;
    scene.frames(3, {at(stranger, 500), other});
    CHECK(scene.told == Told{"+unknown 1", "+unknown 2"});
}

TEST_CASE("a face too poor to be recognised is not somebody unknown", "[app]") {
    Scene scene;
    auto poor = stranger;
    poor.quality = 0.1F;
    scene.frames(50, {poor});
    CHECK(scene.told.empty());
}

TEST_CASE("who was unknown at first and is recognised later is reported", "[app]") {
    Scene scene;
    scene.frames(4, {stranger});
    auto known = stranger;
    known.person = "cora";
    scene.frames(20, {known});
    CHECK(scene.told == Told{"+unknown 1", "+cora"});
}

TEST_CASE("a known person who leaves a place to an unknown one is not there any more", "[app]") {
    Scene scene;
    scene.frames(3, {anna});
    scene.frames(100, {stranger});
    CHECK(scene.told == Told{"+anna", "+unknown 1", "-anna"});
}

TEST_CASE("faces come and go without an end, and nothing piles up", "[app]") {
    Scene scene;
    for (int i = 0; i < 2000; ++i)
        scene.frame({Actor{.left = (i * 331) % 5000, .axis = i % 8, .quality = 0.05F}}, 1s);
    CHECK(scene.told.empty());
    scene.frame({}, 20s);
    CHECK(scene.visits.finish().empty());
}
