#include "lib/app/enrol.hpp"

#include <catch2/catch.hpp>

#include <stdexcept>
#include <string>

#include "people_support.hpp"

using namespace bioctl;
using namespace bioctl::app;
using test::PeopleStore;

namespace {

using Vector = std::vector<float>;
Vector const k_x{1, 0, 0}, k_near_x{1, 0.1F, 0}, k_y{0, 1, 0};

Sha256 digest_of(std::string_view text) {
    return sha256(as_bytes(text));
}

PreparedPhoto photo_of(std::string_view text, std::vector<Vector> const& vectors, std::string_view crop = "portrait") {
    PreparedPhoto photo;
    photo.digest = digest_of(text);
    for (auto const& vector : vectors) {
        auto const bytes = as_bytes(crop);
        photo.samples.push_back({.index = static_cast<int>(photo.samples.size()),
                                 .box = {.top = 1, .right = 4, .bottom = 5, .left = 2},
                                 .quality = 0.5F,
                                 .features = vector,
                                 .crop = {bytes.begin(), bytes.end()}});
    }
    return photo;
}

EnrolRules const k_rules{.faces = FacePolicy::one,
                         .on_duplicate = OnDuplicate::reject,
                         .crops = CropPolicy::keep,
                         .min_quality = 0,
                         .duplicate_threshold = 0.3F};

EnrolRules with(OnDuplicate on_duplicate) {
    auto rules = k_rules;
    rules.on_duplicate = on_duplicate;
    return rules;
}

EnrolOutcome enrol(PeopleStore& people, Enroller& enroller, std::string const& id, PreparedPhoto const& photo) {
    EnrolOutcome outcome;
    people.store.write([&] { outcome = enroller.commit(id, "", photo, "/photos/x.jpg", "/photos"); });
    return outcome;
}

bool is_enrolled(EnrolOutcome const& outcome) {
    return std::holds_alternative<std::vector<Enrolled>>(outcome);
}

std::size_t files_below(fs::path const& folder) {
    std::size_t count = 0;
    if (!fs::exists(folder)) return 0;
    for (auto const& entry : fs::recursive_directory_iterator{folder})
        count += entry.is_regular_file() ? 1 : 0;
    return count;
}

}  // namespace

TEST_CASE("a face of another person is rejected and leaves nothing behind", "[app]") {
    PeopleStore people;
    people.add(people.row("alice", k_x));
    Enroller enroller{people.workspace, k_rules, Mode::write};
    auto const outcome = enrol(people, enroller, "bob", photo_of("b", {k_near_x}));
    REQUIRE(std::holds_alternative<Rejected>(outcome));
    CHECK(std::get<Rejected>(outcome).reason == RejectReason::duplicate_person);
    CHECK_THAT(std::get<Rejected>(outcome).detail, Catch::Contains("'alice'"));
    CHECK_FALSE(people.store.people().get("bob"));
    CHECK(files_below(people.workspace.media_dir) == 0);
}

TEST_CASE("a photo that was rejected before is not enrolled", "[app]") {
    PeopleStore people;
    Enroller enroller{people.workspace, k_rules, Mode::write};
    auto photo = photo_of("b", {});
    photo.rejected = Rejected{RejectReason::no_face, "no face", std::nullopt};
    CHECK(std::holds_alternative<Rejected>(enrol(people, enroller, "bob", photo)));
    CHECK(people.store.people().count() == 0);
}

TEST_CASE("a face nearer to the own person than to a similar one is enrolled", "[app]") {
    PeopleStore people;
    people.add(people.row("alice", k_x));
    people.add(people.row("twin", k_near_x));
    Enroller enroller{people.workspace, k_rules, Mode::write};
    CHECK(is_enrolled(enrol(people, enroller, "twin", photo_of("t", {{1, 0.09F, 0}}))));
    CHECK(std::holds_alternative<Rejected>(enrol(people, enroller, "twin", photo_of("u", {{1, 0.01F, 0}}))));
}

TEST_CASE("what was enrolled a moment ago counts as known", "[app]") {
    PeopleStore people;
    Enroller enroller{people.workspace, k_rules, Mode::write};
    CHECK(is_enrolled(enrol(people, enroller, "alice", photo_of("a", {k_x}))));
    CHECK(std::holds_alternative<Rejected>(enrol(people, enroller, "bob", photo_of("b", {k_near_x}))));
    CHECK(is_enrolled(enrol(people, enroller, "bob", photo_of("c", {k_y}))));
}

TEST_CASE("what another process enrolled meanwhile counts as known", "[app]") {
    PeopleStore people;
    Enroller enroller{people.workspace, k_rules, Mode::write};
    auto other = store::Store::open(people.dir / "bioctl.db", {});
    other.write([&] {
        other.people().upsert("alice", "", people.clock.now());
        static_cast<void>(other.templates().add(people.row("alice", k_x)));
    });
    CHECK(std::holds_alternative<Rejected>(enrol(people, enroller, "bob", photo_of("b", {k_near_x}))));
}

TEST_CASE("a photo whose transaction failed does not count as known", "[app]") {
    PeopleStore people;
    Enroller enroller{people.workspace, k_rules, Mode::write};
    auto const fail = [&] {
        people.store.write([&] {
            CHECK(is_enrolled(enroller.commit("alice", "", photo_of("a", {k_x}), "", "")));
            throw std::runtime_error{"power cut"};
        });
    };
    CHECK_THROWS_WITH(fail(), "power cut");
    CHECK(is_enrolled(enrol(people, enroller, "bob", photo_of("b", {k_near_x}))));
}

TEST_CASE("whom another process renamed, changed or removed meanwhile is known as they are now", "[app]") {
    PeopleStore people;
    Enroller enroller{people.workspace, k_rules, Mode::write};
    auto other = store::Store::open(people.store.file(), {});
    auto const of_other = [&](auto const& work) { other.write([&] { work(other.people(), other.templates()); }); };
    auto const like = [&](std::string const& photo) {
        auto const outcome = enrol(people, enroller, "carol", photo_of(photo, {k_near_x}));
        auto const* const rejected = std::get_if<Rejected>(&outcome);
        return rejected != nullptr ? rejected->resembles.value() : std::string{};
    };
    auto const id = people.add("bob", k_x);
    CHECK(like("1") == "bob");
    of_other([&](auto them, auto) { them.set_id("bob", "bert", people.clock.now()); });
    CHECK(like("2") == "bert");
    of_other([&](auto, auto templates) { templates.replace_vector(id, people.models.contract().id, k_y, 1); });
    CHECK(like("3").empty());
    of_other([&](auto them, auto) { them.remove("carol"); });
    of_other([&](auto, auto templates) { templates.replace_vector(id, people.models.contract().id, k_x, 1); });
    CHECK(like("4") == "bert");
    of_other([&](auto them, auto) { them.remove("bert"); });
    CHECK(like("5").empty());
}

TEST_CASE("what comes later in the input stays held back when another process changes the person", "[app]") {
    PeopleStore people;
    auto row = people.row("alice", k_x);
    row.photo = digest_of("a");
    row.source = "/photos/alice.jpg";
    auto const id = people.add(row);
    Enroller enroller{people.workspace, k_rules, Mode::write,
                      [](store::Template const& t) { return t.source == "/photos/alice.jpg"; }};
    auto other = store::Store::open(people.store.file(), {});
    other.write([&] { other.templates().replace_vector(id, people.models.contract().id, k_y, 1); });
    CHECK(is_enrolled(enrol(people, enroller, "bob", photo_of("b", {k_near_x}))));
    CHECK(is_enrolled(enrol(people, enroller, "dave", photo_of("d", {{0, 1, 0.05F}}))));
    enroller.admit("alice", digest_of("a"));
    // As alice is now, and once.
    auto const outcome = enrol(people, enroller, "alice", photo_of("new", {k_y}));
    CHECK(is_enrolled(outcome));
    CHECK(std::get<Rejected>(enrol(people, enroller, "carol", photo_of("c", {{0, 1, -0.01F}}))).resembles == "alice");
}

TEST_CASE("a photo whose transaction failed is forgotten also when others took its place in the history", "[app]") {
    PeopleStore people;
    Enroller enroller{people.workspace, k_rules, Mode::write};
    CHECK_THROWS_AS(people.store.write([&] {
        CHECK(is_enrolled(enroller.commit("alice", "", photo_of("a", {k_x}), "", "")));
        throw std::runtime_error{"disk full"};
    }),
                    std::runtime_error);
    people.add("dave", k_y);
    CHECK(is_enrolled(enrol(people, enroller, "bob", photo_of("b", {k_near_x}))));
}

TEST_CASE("a resemblance is told with warn and ignored with allow", "[app]") {
    PeopleStore people;
    people.add(people.row("alice", k_x));
    Enroller warner{people.workspace, with(OnDuplicate::warn), Mode::write};
    auto const warned = std::get<std::vector<Enrolled>>(enrol(people, warner, "bob", photo_of("b", {k_near_x})));
    CHECK(warned.front().resembles == "alice");
    CHECK(*warned.front().resembles_distance == Approx(0.0996F).margin(1e-3));
    Enroller allower{people.workspace, with(OnDuplicate::allow), Mode::write};
    auto const allowed = std::get<std::vector<Enrolled>>(enrol(people, allower, "carol", photo_of("c", {k_near_x})));
    CHECK_FALSE(allowed.front().resembles);
}

TEST_CASE("the same photo is enrolled once for each id", "[app]") {
    PeopleStore people;
    Enroller enroller{people.workspace, with(OnDuplicate::allow), Mode::write};
    CHECK(is_enrolled(enrol(people, enroller, "alice", photo_of("a", {k_x}))));
    CHECK(std::holds_alternative<Unchanged>(enrol(people, enroller, "alice", photo_of("a", {k_x}))));
    CHECK(is_enrolled(enrol(people, enroller, "bob", photo_of("a", {k_x}))));
    CHECK(people.store.templates().of_person("alice").size() == 1);
    CHECK(files_below(people.workspace.media_dir) == 1);
}

TEST_CASE("a name comes with a photo that is new, and not with one that was there", "[app]") {
    PeopleStore people;
    Enroller enroller{people.workspace, with(OnDuplicate::allow), Mode::write};
    auto const enrol_as = [&](std::string_view name, PreparedPhoto const& photo) {
        people.store.write([&] { enroller.commit("alice", name, photo, "", ""); });
        return people.store.people().get("alice")->name;
    };
    CHECK(enrol_as("Alice", photo_of("a", {k_x})) == "Alice");
    CHECK(enrol_as("Mallory", photo_of("a", {k_x})) == "Alice");
    CHECK(enrol_as("", photo_of("b", {k_near_x})) == "Alice");
    CHECK(enrol_as("Alice B", photo_of("c", {k_near_x})) == "Alice B");
}

TEST_CASE("a template says where it came from and where its portrait lies", "[app]") {
    PeopleStore people;
    Enroller enroller{people.workspace, k_rules, Mode::write};
    auto const enrolled = std::get<std::vector<Enrolled>>(enrol(people, enroller, "alice", photo_of("a", {k_x, k_near_x})));
    auto const rows = people.store.templates().of_person("alice");
    REQUIRE(rows.size() == 2);
    CHECK(enrolled[1].template_id == rows[1].id);
    CHECK(rows[1].face_index == 1);
    CHECK(rows[1].vector == k_near_x);
    CHECK(rows[1].photo == digest_of("a"));
    CHECK(rows[1].source == "/photos/x.jpg");
    CHECK(rows[1].origin == "/photos");
    CHECK(rows[1].box_left == 2);
    auto const hex = to_hex(digest_of("a"));
    CHECK(rows[1].crop == "faces/" + hex.substr(0, 2) + "/" + hex + "-1-" + people.models.contract().id + ".jpg");
    CHECK(test::read_text(people.workspace.media_dir / rows[1].crop) == "portrait");
    auto const mode = fs::status(people.workspace.media_dir / rows[1].crop).permissions();
    CHECK((mode & (fs::perms::group_all | fs::perms::others_all)) == fs::perms::none);
}

TEST_CASE("without a crop there is no portrait", "[app]") {
    PeopleStore people;
    Enroller enroller{people.workspace, k_rules, Mode::write};
    enrol(people, enroller, "alice", photo_of("a", {k_x}, ""));
    CHECK(people.store.templates().of_person("alice").at(0).crop.empty());
    CHECK(files_below(people.workspace.media_dir) == 0);
}

TEST_CASE("a dry run decides the same and writes nothing", "[app]") {
    PeopleStore people;
    Enroller enroller{people.workspace, k_rules, Mode::dry_run};
    auto const first = enroller.commit("alice", "Alice", photo_of("a", {k_x}), "", "");
    REQUIRE(is_enrolled(first));
    CHECK_FALSE(std::get<std::vector<Enrolled>>(first).front().template_id);
    CHECK(std::holds_alternative<Unchanged>(enroller.commit("alice", "", photo_of("a", {k_x}), "", "")));
    CHECK(std::holds_alternative<Rejected>(enroller.commit("bob", "", photo_of("b", {k_near_x}), "", "")));
    CHECK(people.store.people().count() == 0);
    CHECK(files_below(people.workspace.media_dir) == 0);
}

TEST_CASE("photos that come later in the input do not decide about earlier ones", "[app]") {
    PeopleStore people;
    auto row = people.row("alice", k_x);
    row.photo = digest_of("a");
    row.source = "/photos/alice.jpg";
    people.add(row);
    Enroller enroller{people.workspace, k_rules, Mode::write,
                      [](store::Template const& t) { return t.source == "/photos/alice.jpg"; }};
    CHECK(is_enrolled(enrol(people, enroller, "bob", photo_of("b", {k_near_x}))));
    enroller.admit("alice", digest_of("a"));
    CHECK(std::holds_alternative<Rejected>(enrol(people, enroller, "carol", photo_of("c", {{1, -0.05F, 0}}))));
}

TEST_CASE("templates of other models make a search refuse to work", "[app]") {
    PeopleStore people;
    auto row = people.row("alice", k_x);
    row.contract = "0123456789abcdef";
    people.add(row);
    CHECK_THROWS_WITH(load_gallery(people.workspace), Catch::Contains("people reembed"));
    CHECK_THROWS_AS((Enroller{people.workspace, k_rules, Mode::write}), Error);
}
