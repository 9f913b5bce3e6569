#include "lib/store/people.hpp"

#include <catch2/catch.hpp>

#include <string>

#include "tests/unit/store/support.hpp"

using namespace bioctl;
using namespace bioctl::test;

namespace {

struct Fixture {
    TempDir dir;
    store::Store store = writer(dir / "bioctl.db");
    store::People people = store.people();
    store::Templates templates = store.templates();

    std::int64_t growth(std::function<void()> const& work) {
        auto const before = templates.generation();
        store.write(work);
        return templates.generation() - before;
    }
    void add(std::string const& id, std::string const& name = "") {
        store.write([&] { people.upsert(id, name, at(1)); });
    }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "an unknown person cannot be shown, renamed, merged or removed", "[store]") {
    add("alice");
    CHECK_FALSE(people.get("bob"));
    CHECK(growth([&] { CHECK_FALSE(people.remove("bob")); }) == 0);
    for (auto const& work : {std::function<void()>{[&] { people.set_name("bob", "Bob", at(2)); }},
                             std::function<void()>{[&] { people.set_id("bob", "rob", at(2)); }},
                             std::function<void()>{[&] { people.merge("bob", "alice", at(2)); }},
                             std::function<void()>{[&] { people.merge("alice", "bob", at(2)); }}}) {
        auto const error = error_of([&] { store.write(work); });
        CHECK(error.kind() == Kind::no_input);
        CHECK(error.message() == "no person has the id 'bob'; see `bioctl people list`");
    }
    CHECK(people.count() == 1);
}

TEST_CASE_METHOD(Fixture, "a person cannot take the id of another one, nor be merged with itself", "[store]") {
    add("alice");
    add("bob");
    auto const taken = error_of([&] { store.write([&] { people.set_id("alice", "bob", at(2)); }); });
    CHECK(taken.kind() == Kind::data);
    CHECK_THAT(taken.message(), Catch::Contains("'bob' is taken"));
    CHECK(kind_of([&] { store.write([&] { people.merge("alice", "alice", at(2)); }); }) == Kind::usage);
    CHECK(people.get("alice")->updated_at == at(1));
}

TEST_CASE_METHOD(Fixture, "changes outside of write() are a bug", "[store]") {
    CHECK(kind_of([&] { people.upsert("alice", "", at(1)); }) == Kind::bug);
}

TEST_CASE_METHOD(Fixture, "a person is created once and keeps the first time", "[store]") {
    store.write([&] {
        CHECK(people.upsert("alice", "Alice", at(1)));
        CHECK_FALSE(people.upsert("alice", "", at(2)));
    });
    auto const alice = people.get("alice").value();
    CHECK(alice.id == "alice");
    CHECK(alice.name == "Alice");
    CHECK(alice.created_at == at(1));
    CHECK(alice.updated_at == at(1));
    CHECK(alice.templates == 0);
}

TEST_CASE_METHOD(Fixture, "a name given later replaces the old one", "[store]") {
    add("alice", "Alice");
    store.write([&] { CHECK_FALSE(people.upsert("alice", "Alice B.", at(2))); });
    CHECK(people.get("alice")->name == "Alice B.");
    CHECK(people.get("alice")->updated_at == at(2));
}

TEST_CASE_METHOD(Fixture, "saying the same again changes nothing", "[store]") {
    add("alice", "Alice");
    CHECK(growth([&] { people.upsert("alice", "Alice", at(2)); }) == 0);
    CHECK(growth([&] { people.set_name("alice", "Alice", at(2)); }) == 0);
    CHECK(growth([&] { people.set_id("alice", "alice", at(2)); }) == 0);
    CHECK(people.get("alice")->updated_at == at(1));
}

TEST_CASE_METHOD(Fixture, "every change of people grows the generation", "[store]") {
    CHECK(growth([&] { people.upsert("alice", "", at(1)); }) > 0);
    CHECK(growth([&] { people.set_name("alice", "Alice", at(2)); }) > 0);
    CHECK(growth([&] { people.set_id("alice", "ann", at(3)); }) > 0);
    add("bob");
    CHECK(growth([&] { people.merge("bob", "ann", at(4)); }) > 0);
    CHECK(growth([&] { people.remove("ann"); }) > 0);
}

TEST_CASE_METHOD(Fixture, "ids and names may be any text", "[store]") {
    for (std::string const text : {"3404-01", "Ñandú", "\U0001F600", "a b", "'; DROP TABLE person; --", "x\ty"}) {
        add(text, text);
        CHECK(people.get(text)->name == text);
    }
    std::string const with_nul{"a\0b", 3};
    add("nul", with_nul);
    CHECK(people.get("nul")->name == with_nul);
}

TEST_CASE_METHOD(Fixture, "people are listed by id with the number of their templates", "[store]") {
    for (auto const* id : {"b", "a", "B"})
        add(id);
    enrol(store, "a", 1);
    enrol(store, "a", 2);
    auto const list = people.list();
    REQUIRE(list.size() == 3);
    CHECK(people.count() == 3);
    CHECK(list[0].id == "B");
    CHECK(list[1].id == "a");
    CHECK(list[1].templates == 2);
    CHECK(list[2].templates == 0);
    CHECK(people.get("a")->templates == 2);
}

TEST_CASE_METHOD(Fixture, "a new id leaves the templates where they are", "[store]") {
    auto const id = enrol(store, "alice", 1);
    store.write([&] { people.set_id("alice", "ann", at(5)); });
    CHECK_FALSE(people.get("alice"));
    CHECK(people.get("ann")->updated_at == at(5));
    CHECK(templates.get(id)->person_id == "ann");
}

TEST_CASE_METHOD(Fixture, "merging keeps a photo known of both once, and every import", "[store]") {
    auto const kept = enrol(store, "into", 1);
    enrol(store, "into", -1);
    auto const repeated = enrol(store, "from", 1);
    auto const moved = enrol(store, "from", 2);
    enrol(store, "from", -1);
    int count = 0;
    store.write([&] { count = people.merge("from", "into", at(9)); });
    CHECK(count == 2);
    CHECK_FALSE(people.get("from"));
    CHECK(people.get("into")->templates == 4);
    CHECK(people.get("into")->updated_at == at(9));
    CHECK(templates.get(kept));
    CHECK(templates.get(moved)->person_id == "into");
    CHECK_FALSE(templates.get(repeated));
}

TEST_CASE_METHOD(Fixture, "removing a person removes the templates", "[store]") {
    auto const gone = enrol(store, "alice", 1);
    auto const stays = enrol(store, "bob", 1);
    store.write([&] { CHECK(people.remove("alice")); });
    CHECK_FALSE(people.get("alice"));
    CHECK_FALSE(templates.get(gone));
    CHECK(templates.get(stays));
    CHECK(store.integrity() == "ok");
}

TEST_CASE_METHOD(Fixture, "people are counted and found by the modality of their templates", "[store]") {
    enrol(store, "face", 1);
    add("nothing");
    auto palm = sample("palm", 1);
    palm.modality = store::Modality::palm;
    palm.vector.clear();
    palm.code = Bytes(928);
    store.write([&] {
        for (auto const* id : {"palm", "both"}) {
            people.upsert(id, "", at(1));
            palm.person_id = id;
            templates.add(palm);
        }
        templates.add(sample("both", 2));
    });
    CHECK(people.get("both")->templates == 2);
    CHECK(people.get("both")->palms == 1);
    auto const ids_of = [&](store::Modality modality) {
        std::vector<std::string> ids;
        for (auto const& person : people.list({.modality = modality}))
            ids.push_back(person.id);
        return ids;
    };
    CHECK(ids_of(store::Modality::palm) == std::vector<std::string>{"both", "palm"});
    CHECK(ids_of(store::Modality::face) == std::vector<std::string>{"both", "face"});
    CHECK(people.list().size() == 4);
}
