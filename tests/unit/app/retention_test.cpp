// Rules of retention: how they are read, and what they delete.

#include <catch2/catch.hpp>

#include "lib/app/event_prune.hpp"
#include "lib/app/media_sweep.hpp"
#include "lib/app/retention.hpp"
#include "lib/store/erasure.hpp"
#include "privacy_support.hpp"

using namespace bioctl;
using namespace bioctl::test;
using std::chrono::hours;
using store::Kept;

namespace {

void set(store::Store& store, std::vector<std::string> const& texts) {
    std::vector<app::RuleWish> wishes;
    for (auto const& text : texts)
        wishes.push_back(app::parse_rule(text).or_throw());
    app::set_rules(store, wishes);
}

std::int64_t rows_of(app::StorePruned const& pruned, Kept kind) {
    for (auto const& line : pruned.kinds) {
        if (line.kind == kind) return line.rows;
    }
    return -1;
}

}  // namespace

TEST_CASE("a rule is a kind and an age, and says what is wrong with it", "[app]") {
    CHECK(app::parse_rule("events=365d")->age == hours{365 * 24});
    CHECK(app::parse_rule("unknown=8h")->kind == Kept::unknown);
    CHECK_FALSE(app::parse_rule("pings=off")->age.has_value());
    for (auto const* text : {"events", "events=", "events=10", "events=1s", "people=3d", "events=-3d", "=3d", "events=99999w"}) {
        CAPTURE(text);
        CHECK_FALSE(app::parse_rule(text));
    }
    CHECK_THAT(app::parse_rule("audit=1w").error().message(), Catch::Contains("never pruned"));
    CHECK(app::rule_text(hours{48}) == "2d");
    CHECK(app::rule_text(hours{8}) == "8h");
}

TEST_CASE("rules are kept, and pictures may not outlast their events", "[app]") {
    PrivacyStore people;
    auto store = people.open();
    set(store, {"events=30d", "pictures=10d"});
    CHECK_THROWS_AS(set(store, {"pictures=31d"}), Error);
    std::vector<store::KeptRule> rules;
    store.read([&] { rules = store.retention().rules(); });
    REQUIRE(rules.size() == 2);
    CHECK(rules[0].kind == Kept::pictures);
    CHECK(rules[0].age == hours{240});
    set(store, {"events=off", "pictures=off"});
    store.read([&] { rules = store.retention().rules(); });
    CHECK(rules.empty());
}

TEST_CASE("without a rule nothing is pruned", "[app]") {
    PrivacyStore people;
    people.record(people.see("7", "Ana", people.clock.now()), "sent");
    auto store = people.open();
    CHECK(app::prune_store(store, people.media(), people.clock.now() + hours{99'999}, app::Mode::write).kinds.empty());
    CHECK(store.events().newest_id() == 1);
}

TEST_CASE("each kind goes at its age, and what a delivery waits for stays and is told", "[app]") {
    PrivacyStore people;
    auto const start = people.clock.now();
    auto const sent = people.see("7", "Ana", start);
    people.record(sent, "sent");
    auto const waiting = people.see("8", "Budi", start);
    auto const unknown = people.see("", "", start);
    auto const fresh = people.see("7", "Ana", start + hours{20});
    people.record(fresh, "sent");
    auto store = people.open();
    auto const has_picture = [&](std::int64_t event) {
        return fs::exists(people.media() / fmt::format("events/2030/01/01/{}.jpg", event));
    };
    set(store, {"unknown=8h"});
    auto pruned = app::prune_store(store, people.media(), start + hours{9}, app::Mode::write);
    CHECK(rows_of(pruned, Kept::unknown) == 1);
    CHECK_FALSE(has_picture(unknown));
    CHECK(has_picture(sent));

    set(store, {"pictures=10h", "events=10h", "deliveries=10h", "unknown=off"});
    auto const plan = app::prune_store(store, people.media(), start + hours{11}, app::Mode::dry_run);
    CHECK(rows_of(plan, Kept::events) == 2);
    CHECK(has_picture(sent));
    pruned = app::prune_store(store, people.media(), start + hours{11}, app::Mode::write);
    CHECK(rows_of(pruned, Kept::pictures) == 1);
    CHECK(rows_of(pruned, Kept::events) == 2);
    for (auto const& line : pruned.kinds) {
        if (line.kind == Kept::events || line.kind == Kept::pictures) CHECK(line.waiting == 1);
    }
    CHECK_FALSE(store.events().get(sent));
    CHECK_FALSE(store.events().get(unknown));
    CHECK(store.events().get(waiting));
    CHECK(has_picture(waiting));
    CHECK(store.events().get(fresh));
}

TEST_CASE("portraits go and their templates stay", "[app]") {
    PrivacyStore people;
    people.enrol("ana", "Ana", 1, "ana.jpg");
    auto store = people.open();
    set(store, {"portraits=1d"});
    CHECK(rows_of(app::prune_store(store, people.media(), people.clock.now() + hours{23}, app::Mode::write), Kept::portraits) ==
          0);
    CHECK(rows_of(app::prune_store(store, people.media(), people.clock.now() + hours{25}, app::Mode::write), Kept::portraits) ==
          1);
    CHECK_FALSE(fs::exists(people.media() / "faces/ana.jpg"));
    auto const templates = store.templates().of_person("ana");
    REQUIRE(templates.size() == 1);
    CHECK(templates[0].crop.empty());
    CHECK(templates[0].vector == private_vector(1));
}

TEST_CASE("pictures that a killed run left are deleted by the next", "[app]") {
    PrivacyStore people;
    auto const event = people.see("7", "Ana", people.clock.now());
    people.record(event, "sent");
    auto store = people.open();
    store.write([&] {  // and then the power went
        store.erasure().raise_unfinished(store::Unfinished::files);
        store.events().forget_picture(event);
    });
    auto const file = people.media() / fmt::format("events/2030/01/01/{}.jpg", event);
    REQUIRE(fs::exists(file));
    app::prune_events(store, people.media(),
                      {.events_before = {}, .pictures_before = people.clock.now(), .max_picture_bytes = {}}, app::Mode::write);
    CHECK_FALSE(fs::exists(file));
    CHECK_FALSE(app::finish_files(store, people.media()));
}
