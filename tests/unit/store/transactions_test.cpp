#include <catch2/catch.hpp>

#include <stdexcept>

#include "tests/unit/store/support.hpp"

using namespace bioctl;
using namespace bioctl::test;

TEST_CASE("an exception undoes the whole transaction and goes on", "[store]") {
    TempDir dir;
    auto store = writer(dir / "bioctl.db");
    enrol(store, "alice", 1);
    auto const generation = store.templates().generation();
    CHECK_THROWS_AS(store.write([&] {
        store.people().upsert("bob", "", at(1));
        store.people().remove("alice");
        throw std::runtime_error{"changed my mind"};
    }),
                    std::runtime_error);
    CHECK(store.people().get("alice"));
    CHECK_FALSE(store.people().get("bob"));
    CHECK(store.templates().generation() == generation);
    enrol(store, "carol", 1);
    CHECK(store.people().count() == 2);
}

TEST_CASE("transactions within transactions are a bug", "[store]") {
    TempDir dir;
    auto store = writer(dir / "bioctl.db");
    CHECK(kind_of([&] { store.write([&] { store.write([] {}); }); }) == Kind::bug);
    CHECK(kind_of([&] { store.read([&] { store.write([] {}); }); }) == Kind::bug);
    CHECK(kind_of([&] { store.read([&] { store.checkpoint(); }); }) == Kind::bug);
    store.write([&] { store.read([&] { store.people().upsert("alice", "", at(1)); }); });
    CHECK(store.people().count() == 1);
}

TEST_CASE("changes together are all there or none is", "[store]") {
    TempDir dir;
    auto store = writer(dir / "bioctl.db");
    auto other = reader(dir / "bioctl.db");
    auto const add = [&](std::string_view id) { store.write([&] { store.people().upsert(id, "", at(1)); }); };
    {
        store::Together together{store};
        add("alice");
        add("bob");
        CHECK(other.people().count() == 0);
        CHECK(kind_of([&] { store.checkpoint(); }) == Kind::bug);
        CHECK(kind_of([&] { store::Together{store}; }) == Kind::bug);
        together.commit();
        CHECK(other.people().count() == 2);
        add("carol");  // by itself again, and at once
        CHECK(other.people().count() == 3);
    }
    {
        store::Together together{store};
        add("dora");
    }
    CHECK(store.people().count() == 3);
    {
        store::Together together{store};
        add("dora");
        CHECK_THROWS_AS(store.write([&] {
            store.people().upsert("half", "", at(1));
            throw std::runtime_error{"changed my mind"};
        }),
                        std::runtime_error);
        CHECK(kind_of([&] { together.commit(); }) == Kind::bug);
    }
    CHECK(store.people().count() == 3);
    CHECK_FALSE(store.people().get("half"));
    add("dora");
    CHECK(other.people().count() == 4);
    CHECK(kind_of([&] { store::Together{other}; }) == Kind::bug);
}

TEST_CASE("a store opened for reading takes no changes", "[store]") {
    TempDir dir;
    writer(dir / "bioctl.db");
    auto store = reader(dir / "bioctl.db");
    CHECK(kind_of([&] { store.write([] {}); }) == Kind::bug);
    CHECK_THROWS_AS(store.people().upsert("alice", "", at(1)), Error);
    CHECK(store.people().count() == 0);
}

TEST_CASE("a store can be moved", "[store]") {
    TempDir dir;
    auto first = writer(dir / "bioctl.db");
    enrol(first, "alice", 1);
    auto second = std::move(first);
    enrol(second, "bob", 1);
    CHECK(second.people().count() == 2);
    CHECK(second.file() == dir / "bioctl.db");
}

TEST_CASE("a reader keeps its snapshot while another connection writes", "[store]") {
    TempDir dir;
    auto store = writer(dir / "bioctl.db");
    enrol(store, "alice", 1);
    auto other = reader(dir / "bioctl.db");
    other.read([&] {
        CHECK(other.people().count() == 1);
        enrol(store, "bob", 1);
        CHECK(other.people().count() == 1);
    });
    CHECK(other.people().count() == 2);
}
