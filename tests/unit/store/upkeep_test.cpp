// The store as a thing to look after.

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include <fmt/format.h>

#include "lib/store/upkeep.hpp"
#include "tests/unit/store/device_support.hpp"

using namespace bioctl;
using namespace bioctl::test;

namespace {

store::TemplateId enrol_with_portrait(store::Store& store, std::string const& id, int photo, std::string const& crop) {
    store::TemplateId added = 0;
    store.write([&] {
        store.people().upsert(id, "", at(1));
        auto t = sample(id, photo);
        t.crop = crop;
        added = store.templates().add(t).value();
    });
    return added;
}

auto const k_go_on = [](std::int64_t, std::int64_t) { return true; };

}  // namespace

TEST_CASE("a copy is of the moment at which it began, whatever is written meanwhile", "[store]") {
    TempDir dir;
    auto const file = dir / "bioctl.db", copy = dir / "copy.db";
    auto store = writer(file);
    for (int i = 0; i < 50; ++i)
        enrol(store, fmt::format("p{}", i), i);
    auto other = writer(file);
    int steps = 0;
    reader(file).upkeep().copy_to(
        copy, [] {},
        [&](std::int64_t done, std::int64_t total) {
            CHECK(done <= total);
            // Between two steps, and more than fits into one.
            ++steps;
            enrol(other, fmt::format("late{}", steps), 1000 + steps);
            return true;
        });
    CHECK(steps > 0);
    CHECK(reader(copy).people().count() == 50);
    CHECK(reader(copy).integrity() == "ok");
    CHECK(store.people().count() == static_cast<std::size_t>(50 + steps));
    struct stat info {};
    REQUIRE(::stat(copy.c_str(), &info) == 0);
    CHECK((info.st_mode & 0777U) == 0600U);
}

TEST_CASE("a copy takes nothing's place, and can be stopped", "[store]") {
    TempDir dir;
    auto store = writer(dir / "bioctl.db");
    write_text(dir / "there", "x");
    CHECK(kind_of([&] {
              store.upkeep().copy_to(
                  dir / "there", [] {}, k_go_on);
          }) == Kind::cannot_create);
    CHECK(read_text(dir / "there") == "x");
    auto const stop = [](std::int64_t, std::int64_t) { return false; };
    CHECK(kind_of([&] {
              store.upkeep().copy_to(
                  dir / "stopped", [] {}, stop);
          }) == Kind::busy);
    CHECK(kind_of([&] {
              store.read([&] {
                  store.upkeep().copy_to(
                      dir / "in", [] {}, k_go_on);
              });
          }) == Kind::bug);
    CHECK_NOTHROW(enrol(store, "anna", 1));
}

TEST_CASE("the files that rows name are visited once each, and can be forgotten", "[store]") {
    DeviceFixture f;
    enrol_with_portrait(f.store, "anna", 1, "faces/aa/1.jpg");
    enrol_with_portrait(f.store, "bela", 2, "faces/aa/1.jpg");  // the same photo under two ids
    enrol_with_portrait(f.store, "cora", 3, "");
    auto const event = f.add(event_row(1, 100)).id;
    f.store.write([&] { f.events.set_picture(event, "events/1.jpg", 5); });
    auto const files = [&] {
        std::vector<std::string> seen;
        f.store.read([&] {
            f.store.upkeep().each_file([&](store::FileUse const& use) {
                seen.push_back(fmt::format("{} {}", use.path, use.event));
                return true;
            });
        });
        return seen;
    };
    CHECK(files() == std::vector<std::string>{"faces/aa/1.jpg 0", fmt::format("events/1.jpg {}", event)});
    CHECK(f.store.upkeep().picture_of(event) == "events/1.jpg");
    CHECK(f.store.upkeep().picture_of(event + 1).empty());
    f.store.write([&] {
        CHECK(f.store.upkeep().forget_portrait("faces/aa/1.jpg") == 2);
        CHECK(f.store.upkeep().forget_portrait("faces/aa/1.jpg") == 0);
    });
    CHECK(files() == std::vector<std::string>{fmt::format("events/1.jpg {}", event)});
    CHECK(f.store.templates().of_person("anna").at(0).crop.empty());
}

TEST_CASE("what is counted is what is there", "[store]") {
    DeviceFixture f;
    enrol(f.store, "anna", 1);
    f.add(event_row(1, 100));
    f.add(event_row(2, 300), 1);
    store::Statistics figures;
    f.store.read([&] { figures = f.store.upkeep().statistics(); });
    CHECK(figures.events == 2);
    CHECK(figures.oldest_event == at(100'000));
    CHECK(figures.newest_event == at(300'000));
    REQUIRE(figures.templates.size() == 1);
    CHECK(figures.templates[0].templates == 1);
    CHECK(figures.pages > 10);
    std::vector<std::string> rows;
    for (auto const& row : figures.rows)
        rows.push_back(fmt::format("{} {} {}", row.what, row.of, row.rows));
    CHECK(rows == std::vector<std::string>{"people  1", "devices  1", "pictures pending 2", "notifications  0", "audit  0"});
}

TEST_CASE("vacuum gives pages back, and leaves nothing beside the store", "[store]") {
    TempDir dir;
    auto const file = dir / "bioctl.db";
    {
        auto store = writer(file);
        for (int i = 0; i < 200; ++i)
            enrol(store, fmt::format("p{}", i), i);
        for (int i = 0; i < 190; ++i)
            store.write([&] { store.people().remove(fmt::format("p{}", i)); });
        store.checkpoint();
        auto const before = fs::file_size(file);
        store.upkeep().vacuum();
        store.checkpoint();
        CHECK(fs::file_size(file) < before);
        CHECK(store.people().count() == 10);
        CHECK(store.integrity() == "ok");
    }
    CHECK(std::distance(fs::directory_iterator{dir.path()}, {}) == 1);
}

TEST_CASE("who holds a store alone keeps others out, and is refused while they are in", "[store]") {
    TempDir dir;
    auto const file = dir / "bioctl.db";
    { auto store = writer(file); }
    // In processes of their own: those of one process share their locks.
    auto const is_refused = [&] {
        return in_child([&] {
            try {
                store::SoleHold const hold{file};
                return 0;
            } catch (Error const& error) {
                bool const is_named = error.message().find(fmt::format("process {}", ::getppid())) != std::string::npos;
                return error.kind() == Kind::busy && is_named ? 1 : 2;
            }
        });
    };
    {
        auto store = writer(file);
        enrol(store, "anna", 1);
        CHECK(is_refused() == 1);
    }
    CHECK(is_refused() == 0);
    {
        store::SoleHold const hold{file};
        CHECK_FALSE(fs::exists(file.native() + "-wal"));
        CHECK(in_child([&] {
                  try {
                      writer(file, std::chrono::milliseconds{50});
                      return 0;
                  } catch (Error const& error) {
                      return error.kind() == Kind::busy ? 1 : 2;
                  }
              }) == 1);
    }
    CHECK(writer(file).people().count() == 1);
}

TEST_CASE("the version of a file is told without changing it; a newer one is refused with the way out", "[store]") {
    TempDir dir;
    auto const file = dir / "bioctl.db";
    CHECK(kind_of([&] { static_cast<void>(store::Store::version_of(file)); }) == Kind::no_input);
    { auto store = writer(file); }
    CHECK(store::Store::version_of(file) == store::newest_schema_version());
    store::copy_as_it_is(file, dir / "copy.db");
    CHECK(store::Store::version_of(dir / "copy.db") == store::newest_schema_version());
    sql(file, fmt::format("PRAGMA user_version = {}", store::newest_schema_version() + 1));
    auto const error = error_of([&] { static_cast<void>(store::Store::version_of(file)); });
    CHECK(error.kind() == Kind::config);
    CHECK_THAT(error.message(), Catch::Contains("install that one"));
}
