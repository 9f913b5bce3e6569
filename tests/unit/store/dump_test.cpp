#include "lib/store/dump.hpp"

#include <catch2/catch.hpp>

#include "lib/store/upkeep.hpp"
#include "tests/unit/store/support.hpp"

using namespace bioctl;
using namespace bioctl::test;
using store::Cell;
using store::DumpTable;

namespace {

struct Dumped {
    std::vector<DumpTable> tables;
    std::vector<std::vector<std::vector<Cell>>> rows;  ///< of each table
    bool operator==(Dumped const& other) const {
        auto const names = [](Dumped const& dumped) {
            std::vector<std::pair<std::string, std::vector<std::string>>> all;
            for (auto const& table : dumped.tables)
                all.emplace_back(table.name, table.columns);
            return all;
        };
        return names(*this) == names(other) && rows == other.rows;
    }
};

Dumped dump(fs::path const& file) {
    Dumped dumped;
    auto store = reader(file);
    store.read([&] {
        store.upkeep().each_row(
            [&](DumpTable const& table) {
                dumped.tables.push_back(table);
                dumped.rows.emplace_back();
            },
            [&](std::span<Cell const> row) { dumped.rows.back().emplace_back(row.begin(), row.end()); });
    });
    return dumped;
}

void load(Dumped const& dumped, fs::path const& file) {
    store::Loader loader{file, store::newest_schema_version()};
    for (std::size_t i = 0; i < dumped.tables.size(); ++i) {
        loader.begin_table(dumped.tables[i]);
        for (auto const& row : dumped.rows[i])
            loader.add(row);
    }
    loader.finish();
}

}  // namespace

TEST_CASE("rows that are loaded are the rows that were written down, and numbers go on where they were", "[store]") {
    TempDir dir;
    {
        auto store = writer(dir / "a.db");
        for (int i = 0; i < 5; ++i)
            enrol(store, "p" + std::to_string(i), i);
        store.write([&] { store.people().remove("p4"); });
    }
    auto const before = dump(dir / "a.db");
    CHECK(before.tables.back().name == "sqlite_sequence");
    load(before, dir / "b.db");
    CHECK((dump(dir / "b.db") == before));
    CHECK(fs::status(dir / "b.db").permissions() == fs::perms{0600});
    auto a = writer(dir / "a.db"), b = writer(dir / "b.db");
    CHECK(enrol(a, "next", 9) == enrol(b, "next", 9));
    CHECK(b.integrity() == "ok");
}

TEST_CASE("a store of an older schema is loaded, and brought to this one", "[store]") {
    TempDir dir;
    {
        store::Loader loader{dir / "old.db", 1};
        loader.begin_table({"person", {"key", "id", "name", "created_at", "updated_at"}});
        loader.add(
            std::vector<Cell>{std::int64_t{7}, std::string{"anna"}, std::string{"Anna"}, std::int64_t{1}, std::int64_t{2}});
        loader.finish();
    }
    auto store = reader(dir / "old.db");
    CHECK(store.schema_version() == store::newest_schema_version());
    store.read([&] { CHECK(store.people().list().at(0).name == "Anna"); });
}

TEST_CASE("what does not fit is refused by the name of its table, and no file is left", "[store]") {
    TempDir dir;
    auto const file = dir / "new.db";
    DumpTable const person{"person", {"key", "id", "name", "created_at", "updated_at"}};
    auto const refused = [&](std::function<void(store::Loader&)> const& work) {
        auto const error = error_of([&] {
            store::Loader loader{file, store::newest_schema_version()};
            work(loader);
        });
        CHECK_FALSE(fs::exists(file));
        CHECK(error.kind() == Kind::data);
        return error.message();
    };
    CHECK_THAT(refused([&](auto& l) { l.begin_table({"nowhere", {"a"}}); }), Catch::Contains("nowhere"));
    CHECK_THAT(refused([&](auto& l) { l.begin_table({"person", {"id", "x\" --"}}); }), Catch::Contains("has no column"));
    CHECK_THAT(refused([&](auto& l) { l.begin_table({"person", {}}); }), Catch::Contains("person"));
    CHECK_THAT(refused([&](auto& l) { l.add(std::vector<Cell>{std::int64_t{1}}); }), Catch::Contains("1 values"));
    CHECK_THAT(refused([&](auto& l) {
                   l.begin_table(person);
                   l.add(std::vector<Cell>{std::int64_t{1}, std::string{""}, std::string{}, std::int64_t{1}, std::int64_t{1}});
               }),
               Catch::Contains("CHECK"));
    CHECK_THAT(refused([&](auto& l) {
                   l.begin_table(person);
                   l.add(std::vector<Cell>{std::int64_t{1}, Bytes{}, std::int64_t{1}, std::int64_t{1}, std::int64_t{1}});
               }),
               Catch::Contains("person"));
    CHECK_THAT(refused([&](auto& l) {
                   l.begin_table({"gallery_change", {"modality", "person"}});
                   l.begin_table({"device_person", {"device", "person"}});
               }),
               Catch::Contains("device_person"));
    CHECK(kind_of([&] { store::Loader{file, store::newest_schema_version() + 1}; }) == Kind::config);
    CHECK(kind_of([&] { store::Loader{file, 0}; }) == Kind::config);
    write_text(file, "precious");
    CHECK(kind_of([&] { store::Loader{file, 1}; }) == Kind::cannot_create);
    CHECK(read_text(file) == "precious");
}

TEST_CASE("a row that refers to nothing is found at the end", "[store]") {
    TempDir dir;
    auto const whole = [&] {
        auto store = writer(dir / "a.db");
        enrol(store, "anna", 1);
    };
    whole();
    auto dumped = dump(dir / "a.db");
    for (std::size_t i = 0; i < dumped.tables.size(); ++i)
        if (dumped.tables[i].name == "person") dumped.rows[i].clear();
    CHECK_THAT(error_of([&] { load(dumped, dir / "b.db"); }).message(), Catch::Contains("refer"));
    CHECK_FALSE(fs::exists(dir / "b.db"));
}
