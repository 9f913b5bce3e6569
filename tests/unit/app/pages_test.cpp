#include "lib/app/pages.hpp"

#include <algorithm>
#include <random>
#include <set>

#include <catch2/catch.hpp>

#include "tests/support/temp_dir.hpp"
#include "tests/unit/store/device_support.hpp"

using namespace bioctl;
using namespace bioctl::app;

namespace {

struct PagedStore {
    test::TempDir dir;
    store::Store store = test::writer(dir / "bioctl.db");
    std::int64_t device = 0;
    std::int64_t serial = 0;

    PagedStore() {
        store.write([&] { device = store.devices().add(test::device_config("gate"), test::at(0)); });
    }
    void add_event(std::int64_t seconds) {
        int epoch = 1;
        ++serial;
        store.write([&] {
            store.events().add(device, test::event_row(serial, seconds), epoch, serial - 1, test::at(seconds * 1000),
                               test::at(0));
        });
    }
    /// All ids, page by page; `between` is called after each page.
    std::vector<std::int64_t> walk(std::int64_t limit, std::function<void()> const& between) {
        std::vector<std::int64_t> ids;
        PageWish wish{.limit = limit};
        do {
            auto const page = page_of_events(store, {}, wish);
            CHECK(static_cast<std::int64_t>(page.items.size()) <= limit);
            for (auto const& event : page.items)
                ids.push_back(event.id);
            wish.cursor = page.next;
            between();
        } while (wish.cursor);
        return ids;
    }
};

}  // namespace

TEST_CASE("Pages of events show each one once, also when many are of one moment", "[app]") {
    PagedStore s;
    std::mt19937 random{42};
    for (int i = 0; i < 60; ++i)
        s.add_event(static_cast<std::int64_t>(random() % 5));
    for (std::int64_t const limit : {1, 2, 7, 30, 59, 60, 61}) {
        CAPTURE(limit);
        auto const ids = s.walk(limit, [] {});
        CHECK(ids.size() == 60);
        CHECK(std::set<std::int64_t>{ids.begin(), ids.end()}.size() == 60);
    }
    store::EventFilter all;
    all.newest_first = true;
    std::vector<std::int64_t> expected;
    s.store.read([&] {
        s.store.events().each(all, [&](store::Event const& event) {
            expected.push_back(event.id);
            return true;
        });
    });
    CHECK(s.walk(7, [] {}) == expected);
}

TEST_CASE("What comes while somebody turns pages neither doubles nor hides an event", "[app]") {
    PagedStore s;
    for (int i = 0; i < 20; ++i)
        s.add_event(100 + i / 4);
    auto const before = s.walk(100, [] {});
    int added = 0;
    auto const ids = s.walk(3, [&] { s.add_event(added++ % 2 == 0 ? 1000 : 102); });  // newer ones, and late ones in the middle
    std::vector<std::int64_t> old;
    for (auto const id : ids) {
        if (id <= before.front() || std::ranges::find(before, id) != before.end()) old.push_back(id);
    }
    CHECK(old == before);
    CHECK(std::set<std::int64_t>{ids.begin(), ids.end()}.size() == ids.size());
}

TEST_CASE("A page that takes the last row says that there is no next", "[app]") {
    PagedStore s;
    CHECK_FALSE(page_of_events(s.store, {}, {.limit = 1}).next);
    s.add_event(1);
    auto const only = page_of_events(s.store, {}, {.limit = 1});
    CHECK(only.items.size() == 1);
    CHECK_FALSE(only.next);
    s.add_event(2);
    CHECK(page_of_events(s.store, {}, {.limit = 1}).next);
    CHECK_THROWS_AS(page_of_events(s.store, {}, {.limit = 1, .cursor = "x"}), Error);
}

TEST_CASE("Pages of people are by id, and a search looks at ids and names", "[app]") {
    PagedStore s;
    s.store.write([&] {
        for (auto const* const id : {"c3", "a1", "B2", "d%4"})
            s.store.people().upsert(id, id == std::string{"a1"} ? "Budi Santoso" : "", test::at(0));
    });
    auto const first = page_of_people(s.store, {}, {.limit = 3});
    REQUIRE(first.items.size() == 3);
    CHECK(first.items[0].id == "B2");
    auto const second = page_of_people(s.store, {}, {.limit = 3, .cursor = first.next});
    REQUIRE(second.items.size() == 1);
    CHECK(second.items[0].id == "d%4");
    CHECK_FALSE(second.next);
    auto const found = [&](std::string const& search) { return page_of_people(s.store, {.search = search}, {}).items.size(); };
    CHECK(found("b") == 2);  // B2 and Budi
    CHECK(found("SANTO") == 1);
    CHECK(found("%") == 1);
    CHECK(found("nobody") == 0);
}

TEST_CASE("Lists at hand are cut into pages by name or by number", "[app]") {
    std::vector<std::string> const names{"a", "b", "c"};
    auto const self = [](std::string const& name) -> std::string const& { return name; };
    auto const first = page_by_text(names, "names", {.limit = 2}, self);
    CHECK(first.items == std::vector<std::string>{"a", "b"});
    REQUIRE(first.next);
    // "b" is gone meanwhile.
    CHECK(page_by_text(std::vector<std::string>{"a", "c"}, "names", {.limit = 2, .cursor = first.next}, self).items ==
          std::vector<std::string>{"c"});
    std::vector<std::int64_t> const numbers{2, 9, 10};
    auto const id = [](std::int64_t number) { return number; };
    auto const page = page_by_id(numbers, "numbers", {.limit = 2}, id);
    CHECK(page_by_id(numbers, "numbers", {.limit = 2, .cursor = page.next}, id).items == std::vector<std::int64_t>{10});
}
