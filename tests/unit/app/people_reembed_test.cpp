#include <catch2/catch.hpp>

#include "lib/app/people_reembed.hpp"
#include "lib/app/people_renewal.hpp"
#include "people_support.hpp"

using namespace bioctl;
using test::PeopleStore;

namespace {

constexpr char const* k_old = "0000000000000000";
fs::path const k_demo = fs::path{BIOCTL_MODELS} / "../demo";

face::Face face_at(float left, float top, float size) {
    face::Face face;
    face.box = {left, top, size, size};
    return face;
}

store::Template boxed(int left, int top, int size) {
    store::Template t;
    t.box_left = left;
    t.box_top = top;
    t.box_right = left + size;
    t.box_bottom = top + size;
    return t;
}

/// A store whose models are the real ones.
struct RealStore : PeopleStore {
    RealStore() { models = face::ModelRegistry{BIOCTL_MODELS, dir / "models"}.active(); }

    /// The first face of the photo, under the old contract and with a vector that means nothing.
    store::Template old_template(std::string const& person, fs::path const& photo) {
        auto const file = image::read(photo, {}).value();
        face::Engine engine{models};
        auto const analysis = engine.analyse(file, {}).value();
        auto const& face = analysis.faces.at(0);
        truth = face.vector;
        portrait = image::encode_jpeg(engine.portrait(face), 90);
        auto t = row(person, std::vector<float>(face.vector.size(), 1.0F));
        t.contract = k_old;
        t.photo = sha256(file);
        t.source = photo.string();
        t.box_left = static_cast<int>(face.box.x);
        t.box_top = static_cast<int>(face.box.y);
        t.box_right = static_cast<int>(face.box.x + face.box.width);
        t.box_bottom = static_cast<int>(face.box.y + face.box.height);
        return t;
    }
    app::ReembedSummary reembed(app::ReembedOptions const& options = {}) {
        problems.clear();
        changes.clear();
        return app::reembed(workspace, {}, options,
                            {[this](app::ReembedRecord const& record) {
                                 if (auto const* none = std::get_if<app::NoVector>(&record.renewal)) problems.push_back(*none);
                             },
                             [this](app::DecisionChange const& change) { changes.push_back(change); },
                             {},
                             {}});
    }
    float distance_to_truth(store::TemplateId id) {
        auto const contract = models.contract();
        return match::distance(store.templates().get(id)->vector, truth, match::Metric::unit, contract.scale);
    }
    std::vector<float> truth;
    Bytes portrait;
    std::vector<app::NoVector> problems;
    std::vector<app::DecisionChange> changes;
};

}  // namespace

TEST_CASE("a face is the same only if the boxes overlap by three tenths", "[app]") {
    std::vector<face::Face> const faces{face_at(0, 0, 100), face_at(300, 0, 80)};
    CHECK(app::same_face(faces, boxed(310, 5, 80)) == &faces[1]);
    CHECK(app::same_face(faces, boxed(20, 20, 100)) == faces.data());
    CHECK(app::same_face(faces, boxed(80, 80, 100)) == nullptr);
    CHECK(app::same_face({}, boxed(0, 0, 10)) == nullptr);
}

TEST_CASE("without a stored box only a single face can be the one", "[app]") {
    std::vector<face::Face> const one{face_at(0, 0, 100)};
    CHECK(app::same_face(one, {}) == one.data());
    CHECK(app::same_face({face_at(0, 0, 100), face_at(300, 0, 80)}, {}) == nullptr);
}

TEST_CASE("the face of a portrait is the one in its middle, not the largest", "[app]") {
    std::vector<face::Face> const faces{face_at(-150, 0, 220), face_at(100, 100, 200), face_at(180, 180, 40)};
    CHECK(app::central_face(faces, {400, 400}) == &faces[1]);
    CHECK(app::central_face({faces[0]}, {400, 400}) == nullptr);
}

TEST_CASE("leave-one-out tells own, other and unknown apart", "[app]") {
    std::vector<app::LabelledVector> const templates{
        {1, "a", {1, 0, 0}}, {2, "a", {1, 0.1F, 0}}, {3, "b", {0, 1, 0}}, {4, "c", {0, 1, 0.1F}}, {5, "d", {0, 0, -1}}};
    auto const decisions = app::leave_one_out(templates, {match::Metric::unit, 1.0F, 0.5F}, 2);
    REQUIRE(decisions.size() == 5);
    CHECK(decisions[0].verdict == app::Verdict::own);
    CHECK(*decisions[0].distance == Approx(0.0996).margin(1e-3));  // 2 sin(atan(0.1) / 2)
    CHECK(decisions[2].verdict == app::Verdict::other);
    CHECK(decisions[2].nearest == "c");
    CHECK(decisions[4].verdict == app::Verdict::unknown);
    CHECK(decisions[4].nearest);
}

TEST_CASE("leave-one-out knows no distance without the scale and nobody in a store of one", "[app]") {
    std::vector<app::LabelledVector> templates{{1, "a", {1, 0, 0}}};
    auto const alone = app::leave_one_out(templates, {match::Metric::unit, 1.0F, 0.5F}, 1);
    CHECK(alone.at(0).verdict == app::Verdict::unknown);
    CHECK_FALSE(alone[0].nearest);
    templates.push_back({2, "b", {0, 1, 0}});
    auto const unscaled = app::leave_one_out(templates, {match::Metric::unit, std::nullopt, std::nullopt}, 1);
    CHECK(unscaled.at(0).nearest == "b");
    CHECK_FALSE(unscaled[0].distance);
}

TEST_CASE("an imported vector of another space cannot be embedded again", "[app]") {
    PeopleStore people;
    people.models = test::small_models("mobileface-v2");
    auto t = people.row("a", {1, 2, 3});
    t.contract = k_old;
    t.source = "npy:a.npy";
    auto const id = people.add(t);
    auto const kept = app::reembed(people.workspace, {}, {}, {});
    CHECK(kept.failed == 1);
    CHECK(kept.people_lost == 1);
    CHECK(people.store.templates().get(id)->contract == k_old);
    auto const removed = app::reembed(people.workspace, {}, {app::Mode::write, app::Leftovers::remove, {}}, {});
    CHECK(removed.removed == 1);
    CHECK_FALSE(people.store.templates().get(id));
}

TEST_CASE("an imported vector of the active space moves over with its float64 values", "[app]") {
    PeopleStore people;
    auto t = people.row("a", {0.1F, 2, 3});
    t.exact = {0.1, 2, 3};
    t.double_precision = true;
    t.contract = k_old;
    t.source = "npy:a.npy";
    people.add(t);
    auto const summary = app::reembed(people.workspace, {}, {}, {});
    CHECK(summary.from_import == 1);
    auto const rows = people.store.templates().of_person("a");
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].contract == people.models.contract().id);
    CHECK(rows[0].exact == t.exact);
    CHECK(app::reembed(people.workspace, {}, {}, {}).templates == 0);
}

TEST_CASE("templates are embedded again from the photo they came from", "[app]") {
    RealStore people;
    auto const id = people.add(people.old_template("a", k_demo / "sample1.jpg"));
    auto const summary = people.reembed();
    CHECK(summary.from_photo == 1);
    auto const t = people.store.templates().get(id);
    REQUIRE(t);
    CHECK(t->contract == people.models.contract().id);
    CHECK(people.distance_to_truth(id) < 1e-3F);  // the same picture through the same networks
}

TEST_CASE("the kept portrait stands in for a photo that is gone or changed", "[app]") {
    RealStore people;
    auto t = people.old_template("a", k_demo / "sample1.jpg");
    t.crop = "faces/aa/1.jpg";
    test::write_text(people.dir / "media/faces/aa/1.jpg", as_text(people.portrait));
    auto const source = GENERATE(std::string{"/nowhere/a.jpg"}, (k_demo / "sample2.jpg").string());
    t.source = source;
    auto const id = people.add(t);
    auto const summary = people.reembed();
    CHECK(summary.from_portrait == 1);
    CHECK(people.distance_to_truth(id) < 0.35F);  // one face: far below the 0.48 that tells people apart
}

TEST_CASE("a template without photo and portrait is refused with both reasons", "[app]") {
    RealStore people;
    auto t = people.old_template("a", k_demo / "sample1.jpg");
    t.source = "/nowhere/a.jpg";
    t.crop = "faces/aa/1.jpg";
    people.add(t);
    CHECK(people.reembed().failed == 1);
    REQUIRE(people.problems.size() == 1);
    CHECK(people.problems[0].problem == app::ReembedProblem::photo_gone);
    CHECK_THAT(people.problems[0].detail, Catch::Contains("/nowhere/a.jpg") && Catch::Contains("faces/aa/1.jpg"));
}

TEST_CASE("a dry run writes nothing and tells which decisions change", "[app]") {
    RealStore people;
    auto t = people.old_template("a", k_demo / "sample1.jpg");
    auto const id = people.add(t);
    t.photo = sha256(as_bytes("another file"));
    t.crop = "faces/aa/1.jpg";
    test::write_text(people.dir / "media/faces/aa/1.jpg", as_text(people.portrait));
    people.add(t);
    auto stranger = people.old_template("b", k_demo / "sample2.jpg");
    people.add(stranger);
    auto const summary = people.reembed({app::Mode::dry_run, app::Leftovers::keep, {}});
    CHECK(summary.from_photo == 2);
    CHECK(summary.from_portrait == 1);
    CHECK(summary.decisions == 3);
    // All old vectors are equal: each template found the own person first, but b's only one found a.
    CHECK(summary.before.own == 2);
    CHECK(summary.before.other == 1);
    CHECK(summary.after.own == 2);
    CHECK(summary.after.unknown == 1);
    REQUIRE(people.changes.size() == 1);
    CHECK(people.changes[0].person_id == "b");
    CHECK(people.changes[0].before.nearest == "a");
    CHECK(people.store.templates().get(id)->contract == k_old);
}
