#include "lib/store/onts.hpp"

#include <catch2/catch.hpp>

#include "lib/base/causes.hpp"
#include "lib/store/maintenance.hpp"
#include "lib/store/outages.hpp"
#include "tests/unit/store/support.hpp"

using namespace bioctl;
using namespace bioctl::test;

namespace {

store::OntConfig ont_config(std::string name, std::string customer_id = {}) {
    store::OntConfig config;
    config.name = std::move(name);
    config.customer_id = std::move(customer_id);
    return config;
}

struct OntFixture {
    TempDir dir;
    store::Store store = writer(dir / "bioctl.db");
    store::Onts onts = store.onts();

    std::int64_t add(store::OntConfig const& config, std::optional<std::int64_t> id = std::nullopt) {
        std::int64_t added = 0;
        store.write([&] { added = onts.add(config, at(1), id); });
        return added;
    }
};

}  // namespace

TEST_CASE_METHOD(OntFixture, "a customer id is taken once, an empty one never", "[store]") {
    auto const first = add(ont_config("a", "C1"));
    add(ont_config("b"));
    add(ont_config("c"));
    auto const taken = error_of([&] { add(ont_config("d", "C1")); });
    CHECK(taken.kind() == Kind::data);
    CHECK(taken.message() == "the customer id 'C1' is that of ONT 1 already");
    CHECK(kind_of([&] { store.write([&] { onts.set(2, ont_config("b", "C1"), at(2)); }); }) == Kind::data);
    store.write([&] { CHECK_NOTHROW(onts.set(first, ont_config("a2", "C1"), at(2))); });
    CHECK_THROWS_AS(add(ont_config("d", "C1")), NameTaken);
    CHECK_FALSE(onts.with_customer_id(""));
    CHECK(onts.with_customer_id("C1")->config.name == "a2");
}

TEST_CASE_METHOD(OntFixture, "an id is used once, also after its ONT is removed", "[store]") {
    add(ont_config("a"), 7);
    CHECK(kind_of([&] { add(ont_config("b"), 7); }) == Kind::data);
    store.write([&] { CHECK(onts.remove(7, at(2))); });
    CHECK(error_of([&] { add(ont_config("b"), 7); }).message() == "there is, or was, an ONT 7 already");
    CHECK(add(ont_config("b")) == 8);
    CHECK(onts.ids_ever() == std::vector<std::int64_t>{7, 8});
}

TEST_CASE_METHOD(OntFixture, "the schema refuses what no check may let through", "[store]") {
    auto config = ont_config("a");
    config.latitude = 91;
    config.longitude = 0;
    CHECK_THROWS_AS(add(config), Error);
    config = ont_config("a");
    config.kind = "router";
    CHECK_THROWS_AS(add(config), Error);
    config = ont_config("a");
    config.parent = 99;
    CHECK_THROWS_AS(add(config), Error);
    CHECK(onts.list().empty());
}

TEST_CASE_METHOD(OntFixture, "an ONT comes back as it was set, with the name of its parent", "[store]") {
    auto const olt = add([] {
        auto config = ont_config("OLT 1");
        config.kind = "olt";
        return config;
    }());
    store::OntConfig const wanted{.kind = "switch",
                                  .customer_id = "C1",
                                  .name = "Balai",
                                  .location = "Dusun A",
                                  .latitude = -7.5,
                                  .longitude = 110.25,
                                  .host = "192.0.2.1",
                                  .parent = olt,
                                  .tags = {"a", "b c"},
                                  .enabled = false,
                                  .extra = R"({"rto_count":3})"};
    auto const ont = *onts.get(add(wanted));
    CHECK(ont.config.kind == "switch");
    CHECK(ont.config.location == "Dusun A");
    CHECK(ont.config.latitude == -7.5);
    CHECK(ont.config.longitude == 110.25);
    CHECK(ont.config.host == "192.0.2.1");
    CHECK(ont.config.tags == wanted.tags);
    CHECK_FALSE(ont.config.enabled);
    CHECK(ont.config.extra == wanted.extra);
    CHECK(ont.parent_name == "OLT 1");
    CHECK(ont.state == "unknown");
    CHECK(ont.created_at == at(1));
    CHECK(onts.list().size() == 2);
    CHECK(onts.with_name("Balai").size() == 1);
}

TEST_CASE_METHOD(OntFixture, "a removed ONT is gone from the list; its children stay without a parent, its outage ends",
                 "[store]") {
    auto const olt = add(ont_config("OLT", "C9"));
    auto child = ont_config("child");
    child.parent = olt;
    auto const below = add(child);
    sql(dir / "bioctl.db", "INSERT INTO outage (ont, ont_name, started_at, start_error) VALUES (1, 'OLT', 500, 0)");
    store.write([&] { CHECK(onts.remove(olt, at(900))); });
    store.write([&] { CHECK_FALSE(onts.remove(olt, at(901))); });
    CHECK_FALSE(onts.get(olt));
    CHECK_FALSE(onts.get(below)->config.parent);
    CHECK(sql(dir / "bioctl.db", "SELECT ended_at FROM outage") == std::vector<std::string>{"900"});
    CHECK(add(ont_config("again", "C9")) == 3);
}

TEST_CASE_METHOD(OntFixture, "maintenance: a window comes back as it was set, and is gone once removed", "[store]") {
    auto windows = store.maintenance();
    std::int64_t id = 0;
    store.write([&] {
        id = windows.add({.scope = "location",
                          .scope_value = "Dusun A",
                          .zone = "Asia/Jakarta",
                          .starts = "2026-12-01T22:00",
                          .duration_s = 3600,
                          .repeats = "weekly",
                          .until = "2026-12-31",
                          .reason = "cable"},
                         at(5));
    });
    auto const window = windows.get(id).value();
    CHECK(window.config.scope_value == "Dusun A");
    CHECK(window.config.starts == "2026-12-01T22:00");
    CHECK(window.config.duration_s == 3600);
    CHECK(window.config.repeats == "weekly");
    CHECK(window.config.until == "2026-12-31");
    CHECK(window.config.reason == "cable");
    CHECK(window.created_at == at(5));
    CHECK_THROWS_AS(store.write([&] { windows.add({.zone = "UTC", .duration_s = 0}, at(5)); }), Error);
    store.write([&] { CHECK(windows.remove(id, at(6))); });
    store.write([&] { CHECK_FALSE(windows.remove(id, at(7))); });
    CHECK(windows.list().empty());
    store.write([&] { CHECK(windows.add({.zone = "UTC", .duration_s = 1}, at(8)) == id + 1); });
}

TEST_CASE_METHOD(OntFixture, "outages are found by ONT and by whether they go on, the latter by an index of their own",
                 "[store]") {
    auto const first = add(ont_config("a"));
    auto const second = add(ont_config("b"));
    auto outages = store.outages();
    store.write([&] {
        for (auto const ont : {first, second}) {
            auto const over = outages.open({.ont = ont, .ont_name = "x", .started_at = at(ont * 10)});
            outages.close(over, at(ont * 10 + 5), 0);
            outages.open({.ont = ont, .ont_name = "x", .started_at = at(ont * 10 + 6)});
        }
    });
    auto const found = [&](store::OutageFilter const& filter) {
        std::vector<std::int64_t> ids;
        outages.each(filter, [&](store::Outage const& outage) {
            ids.push_back(outage.id);
            return true;
        });
        return ids;
    };
    using Ids = std::vector<std::int64_t>;
    CHECK(found({}) == Ids{4, 3, 2, 1});
    CHECK(found({.onts = Ids{second}}) == Ids{4, 3});
    CHECK(found({.onts = Ids{}}).empty());
    CHECK(found({.is_open_only = true}) == Ids{4, 2});
    CHECK(found({.is_open_only = true, .older_than = std::pair{at(26), std::int64_t{4}}}) == Ids{2});
    CHECK(found({.since = at(16), .until = at(20), .is_open_only = true}) == Ids{2});
    // Years of outages, a handful of which go on: without the index this would look at all of them.
    sql(dir / "bioctl.db", "DROP INDEX outage_open");
    CHECK_THROWS_AS(found({.is_open_only = true}), Error);
    CHECK(found({}).size() == 4);
}
