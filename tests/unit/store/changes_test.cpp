// The history of changes: who must be read again.

#include <catch2/catch.hpp>

#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "lib/store/migrations.hpp"
#include "tests/unit/store/support.hpp"

using namespace bioctl;
using namespace bioctl::test;
using store::ChangePosition;
using store::Modality;
using Keys = std::vector<store::PersonKey>;

namespace {

constexpr store::PersonKey k_alice = 1, k_bob = 2;  // in the order of addition

struct Fixture {
    TempDir dir;
    store::Store store = writer(dir / "bioctl.db");
    store::Templates templates = store.templates();

    Fixture() {
        for (auto const* id : {"alice", "bob"})
            enrol(store, id, 1);
        store.write([&] { templates.add(palm_of("bob", 2)); });
    }
    static store::Template palm_of(std::string id, int photo) {
        auto t = sample(std::move(id), photo);
        t.modality = Modality::palm;
        t.vector.clear();
        t.code = Bytes(928);
        return t;
    }
    struct Changed {
        Keys faces, palms;
        bool operator==(Changed const&) const = default;
    };
    Changed changed(std::function<void()> const& work) {
        auto const before = templates.position();
        store.write(work);
        return {templates.changed_people(Modality::face, before).value(),
                templates.changed_people(Modality::palm, before).value()};
    }
    store::TemplateId template_of(std::string const& id) { return templates.of_person(id).front().id; }
};

}  // namespace

TEST_CASE("whoever gets, changes or loses a template is to be read again, in its modality only", "[store]") {
    Fixture f;
    CHECK(f.changed([] {}) == Fixture::Changed{});
    CHECK(f.changed([&] { f.templates.add(sample("alice", 9)); }) == Fixture::Changed{{k_alice}, {}});
    CHECK(f.changed([&] { f.templates.add(sample("alice", 9)); }) == Fixture::Changed{});  // it is there already
    CHECK(f.changed([&] { f.templates.add(f.palm_of("alice", 3)); }) == Fixture::Changed{{}, {k_alice}});
    CHECK(f.changed([&] { f.templates.replace_vector(f.template_of("bob"), "new", vector_of(5), 1); }) ==
          Fixture::Changed{{k_bob}, {}});
    CHECK(f.changed([&] { f.templates.remove(f.template_of("alice")); }) == Fixture::Changed{{k_alice}, {}});
    CHECK(f.changed([&] { f.templates.set_source(Modality::face, "alice", *sample("alice", 9).photo, "/elsewhere.jpg", ""); }) ==
          Fixture::Changed{});
}

TEST_CASE("people who are renamed, merged or removed are to be read again", "[store]") {
    Fixture f;
    CHECK(f.changed([&] { f.store.people().upsert("carol", "Carol", at(1)); }) == Fixture::Changed{});  // has no template
    CHECK(f.changed([&] { f.store.people().set_name("bob", "Bob", at(2)); }) == Fixture::Changed{{k_bob}, {k_bob}});
    CHECK(f.changed([&] { f.store.people().set_name("bob", "Bob", at(3)); }) == Fixture::Changed{});
    CHECK(f.changed([&] { f.store.people().set_id("bob", "bert", at(4)); }) == Fixture::Changed{{k_bob}, {k_bob}});
    enrol(f.store, "alice", 9);
    CHECK(f.changed([&] { f.store.people().merge("alice", "bert", at(5)); }).faces == Keys{k_alice, k_bob});
    CHECK(f.changed([&] { f.store.people().remove("bert"); }) == Fixture::Changed{{k_bob}, {k_bob}});
    CHECK(f.changed([&] { f.store.people().remove("carol"); }) == Fixture::Changed{});
}

TEST_CASE("keys and ids lead to each other", "[store]") {
    Fixture f;
    CHECK(f.store.people().key_of("alice") == k_alice);
    CHECK(f.store.people().id_of(k_bob) == "bob");
    CHECK_FALSE(f.store.people().key_of("carol"));
    CHECK_FALSE(f.store.people().id_of(99));
    f.store.write([&] { f.store.people().set_id("bob", "aaron", at(2)); });
    CHECK(f.store.people().key_of("aaron") == k_bob);
    std::vector<std::string> seen;
    f.store.people().for_each([&](store::PersonKey key, std::string_view id, std::string_view name) {
        seen.push_back(fmt::format("{} {} {}", key, id, name));
    });
    CHECK(seen == std::vector<std::string>{"2 aaron ", "1 alice "});
}

TEST_CASE("what a merge cannot move goes with the person, and is told", "[store]") {
    Fixture f;  // both have photo 1
    auto const changed = f.changed([&] { CHECK(f.store.people().merge("alice", "bob", at(2)) == 0); });
    CHECK(changed.faces == Keys{k_alice});
    CHECK(f.templates.of_person("bob", Modality::face, k_contract).size() == 1);
}

TEST_CASE("a position that was rolled back is unknown, also when others took its number", "[store]") {
    Fixture f;
    ChangePosition undone;
    CHECK_THROWS_AS(f.store.write([&] {
        f.templates.add(sample("alice", 20));
        undone = f.templates.position();
        throw std::runtime_error{"no"};
    }),
                    std::runtime_error);
    CHECK_FALSE(f.templates.changed_people(Modality::face, undone));
    f.store.write([&] { f.templates.add(sample("alice", 21)); });
    CHECK(f.templates.position().seq == undone.seq);
    CHECK_FALSE(f.templates.changed_people(Modality::face, undone));
    CHECK_FALSE(f.templates.changed_people(Modality::face, {}));
}

TEST_CASE("the history is bounded, and what is older than it is unknown", "[store]") {
    Fixture f;
    auto const old = f.templates.position();
    auto const add = [&](int count) {
        f.store.write([&] {
            for (int i = 0; i < count; ++i)
                f.store.people().set_name("alice", fmt::format("Alice {}", f.templates.position().seq), at(2));
        });
    };
    add(1'000);
    CHECK(f.templates.changed_people(Modality::face, old) == Keys{k_alice});
    auto const recent = f.templates.position();
    add(static_cast<int>(store::k_changes_kept));
    CHECK(f.templates.changed_people(Modality::face, f.templates.position()) == Keys{});
    add(1'024);
    CHECK_FALSE(f.templates.changed_people(Modality::face, old));
    add(1'024);
    CHECK_FALSE(f.templates.changed_people(Modality::face, recent));
    auto const rows = std::stoll(sql(f.dir / "bioctl.db", "SELECT count(*) FROM gallery_change").front());
    CHECK(rows >= store::k_changes_kept);
    CHECK(rows <= store::k_changes_kept + 1'024);
}

TEST_CASE("templates of other contracts are noticed without counting them", "[store]") {
    Fixture f;
    CHECK_FALSE(f.templates.has_other_contracts(Modality::face, k_contract));
    CHECK(f.templates.has_other_contracts(Modality::face, "never seen"));
    auto other = sample("alice", 30);
    other.contract = "another";
    f.store.write([&] { f.templates.add(other); });
    CHECK(f.templates.has_other_contracts(Modality::face, k_contract));
    CHECK(f.templates.has_other_contracts(Modality::face, "another"));
    CHECK_FALSE(f.templates.has_other_contracts(Modality::palm, k_contract));
    CHECK(f.templates.of_person("alice", Modality::face, "another").size() == 1);
    CHECK(f.templates.of_person("alice", Modality::palm, "another").empty());
}

TEST_CASE("a store of version 6 begins its history when it is opened", "[store]") {
    TempDir dir;
    auto const file = dir / "bioctl.db";
    for (auto const* step : store::migrations().first(6))
        sql(file, step);
    sql(file, fmt::format("PRAGMA application_id = {}", store::k_application_id));
    sql(file, "PRAGMA user_version = 6");
    sql(file, "INSERT INTO person (id, name, created_at, updated_at) VALUES ('alice', 'Alice', 1, 2)");
    auto store = writer(file);
    auto const begin = store.templates().position();
    CHECK(begin.seq > 0);
    CHECK(store.templates().changed_people(Modality::face, begin) == Keys{});
    enrol(store, "alice", 1);
    CHECK(store.templates().changed_people(Modality::face, begin) == Keys{k_alice});
    CHECK(store.integrity() == "ok");
}
