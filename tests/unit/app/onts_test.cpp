#include "lib/app/onts.hpp"

#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "lib/app/ont_backup.hpp"
#include "lib/app/ont_rules.hpp"
#include "tests/support/expect_error.hpp"
#include "tests/unit/app/ont_support.hpp"

using namespace bioctl;
using test::error_of;
using test::OntStore;

namespace {

std::vector<std::string> files_in(fs::path const& folder) {
    std::vector<std::string> names;
    if (!fs::exists(folder)) return names;
    for (auto const& entry : fs::directory_iterator{folder})
        names.push_back(entry.path().filename().string());
    std::ranges::sort(names);
    return names;
}

}  // namespace

TEST_CASE("onts: what is wrong with a field is told, and nothing is added", "[app]") {
    struct Case {
        app::OntChange change;
        std::string message;
    };
    auto const [change, message] = GENERATE(
        Case{{.name = " "}, "the name is empty"}, Case{{.name = "a\nb"}, "control"}, Case{{.name = "\xFF"}, "UTF-8"},
        Case{{.name = std::string(257, 'x')}, "too long"}, Case{{.kind = "router", .name = "a"}, "must be ont, olt or switch"},
        Case{{.customer_id = std::string(65, '1'), .name = "a"}, "too long"},
        Case{{.name = "a", .latitude = "-7"}, "go together"}, Case{{.name = "a", .latitude = "0", .longitude = "0.0"}, "sea"},
        Case{{.name = "a", .latitude = "nan", .longitude = "1"}, "no coordinate"},
        Case{{.name = "a", .latitude = "91", .longitude = "1"}, "beyond 90"},
        Case{{.name = "a", .tags = std::vector<std::string>{"x,y"}}, "comma"});
    CAPTURE(message);
    OntStore onts;
    auto const error = error_of([&, wanted = change] { app::add_ont(onts.registry, wanted); });
    CHECK(error.kind() == Kind::usage);
    CHECK_THAT(error.message(), Catch::Contains(message));
    CHECK(onts.all().empty());
    CHECK(files_in(onts.registry.backups_dir).empty());
}

TEST_CASE("onts: a host is one address or one name, and nothing for a shell", "[app]") {
    for (auto const* const bad :
         {"10.0.0.1-20", "10.0.0.0/24", "10.0.0.300", "10.0.0", "192.0.2.1;reboot", "$(id)", "a b", "-f", "a..b", "192.0.2.1\n",
          "0.0.0.0", "255.255.255.255", "224.0.0.1", "::", "ff02::1", "http://x", "a_b/c", "x:80"}) {
        CAPTURE(bad);
        CHECK_FALSE(app::check_host(bad));
    }
    CHECK_FALSE(app::check_host(std::string(64, 'a')));
    CHECK_FALSE(app::check_host(std::string("h\0st", 4)));
    for (auto const* const good : {"192.0.2.1", "2001:db8::1", "ont-1.example", "olt_2", "a.b.example."}) {
        CAPTURE(good);
        CHECK(app::check_host(good));
    }
}

TEST_CASE("onts: one is found by id, customer id or name, never by guessing", "[app]") {
    OntStore onts;
    onts.add("Andi", {.customer_id = "2"});
    onts.add("Budi", {.customer_id = "C2"});
    onts.add("Cici");
    onts.add("Cici");
    auto const found = [&](std::string_view reference) { return app::require_ont(onts.store, reference).id; };
    CHECK(found("1") == 1);
    CHECK(found("C2") == 2);
    CHECK(found("Andi") == 1);
    CHECK(found("customer:2") == 1);
    CHECK(found("id:2") == 2);
    auto const both = error_of([&] { found("2"); });
    CHECK(both.kind() == Kind::usage);
    CHECK(both.message() == "'2' may mean 2 ONTs; say which: id:2, id:1");
    CHECK(error_of([&] { found("Cici"); }).message() == "'Cici' may mean 2 ONTs; say which: id:3, id:4");
    auto const nobody = error_of([&] { found("Adni"); });
    CHECK(nobody.kind() == Kind::no_input);
    CHECK_THAT(nobody.message(), Catch::Contains("did you mean 'Andi'?"));
    for (auto const* const none : {"", "0", "-1", "99999999999999999999", "id:", "id:x", "customer:"})
        CHECK(error_of([&] { found(none); }).kind() == Kind::no_input);
}

TEST_CASE("onts: nobody hangs on itself, in however many steps", "[app]") {
    OntStore onts;
    onts.add("a");
    onts.add("b", {.parent = "a"});
    onts.add("c", {.parent = "b"});
    for (auto const* const below : {"a", "b", "c"})
        CHECK_THAT(error_of([&] { app::edit_ont(onts.registry, "a", {.parent = below}); }).message(),
                   Catch::Contains("hang on itself"));
    CHECK(error_of([&] { app::edit_ont(onts.registry, "a", {.parent = "x"}); }).kind() == Kind::no_input);
    CHECK(app::edit_ont(onts.registry, "c", {.parent = ""}).parent_name.empty());
    CHECK(app::edit_ont(onts.registry, "a", {.parent = "c"}).parent_name == "c");
}

TEST_CASE("onts: fields are set, kept and taken away", "[app]") {
    OntStore onts;
    onts.add("Andi",
             {.location = "Dusun A", .host = "192.0.2.1", .latitude = "7°30' S", .longitude = "110,5", .tags = {{"x", "y"}}});
    auto ont = app::edit_ont(onts.registry, "1", {.customer_id = "C1", .enabled = false});
    CHECK(ont.config.latitude == -7.5);
    CHECK(ont.config.longitude == 110.5);
    CHECK(ont.config.tags.size() == 2);
    CHECK_FALSE(ont.config.enabled);
    ont = app::edit_ont(onts.registry, "C1", {.host = "", .latitude = "", .longitude = "", .tags = std::vector<std::string>{}});
    CHECK(ont.config.host.empty());
    CHECK_FALSE(ont.config.latitude);
    CHECK(ont.config.tags.empty());
    CHECK(ont.config.location == "Dusun A");
    onts.add("Budi");
    CHECK(error_of([&] { app::edit_ont(onts.registry, "Budi", {.customer_id = "C1"}); }).kind() == Kind::data);
}

TEST_CASE("onts: what is removed is all of it or none", "[app]") {
    OntStore onts;
    onts.add("a");
    onts.add("b");
    CHECK(error_of([&] { app::remove_onts(onts.registry, {"a", "x"}); }).kind() == Kind::no_input);
    CHECK(onts.all().size() == 2);
    CHECK(app::remove_onts(onts.registry, {"a", "1", "b"}).size() == 2);
    CHECK(onts.all().empty());
}

TEST_CASE("onts: a filter finds without regard to case", "[app]") {
    OntStore onts;
    onts.add("OLT 1", {.kind = "olt"});
    onts.add("Andi", {.location = "Dusun A", .host = "192.0.2.7", .parent = "OLT 1", .tags = {{"Gold"}}});
    onts.add("Budi", {.enabled = false});
    auto const found = [&](app::OntFilter const& filter) {
        std::string names;
        for (auto const& ont : app::find_onts(onts.store, filter))
            names += ont.config.name + ' ';
        return names;
    };
    CHECK(found({}) == "OLT 1 Andi Budi ");
    CHECK(found({.group = "gold"}) == "Andi ");
    CHECK(found({.location = "dusun a"}) == "Andi ");
    CHECK(found({.kind = "olt"}) == "OLT 1 ");
    CHECK(found({.parent = "OLT 1"}) == "Andi ");
    CHECK(found({.state = "disabled"}) == "Budi ");
    CHECK(found({.state = "unknown"}) == "OLT 1 Andi ");
    CHECK(found({.search = ".2.7"}) == "Andi ");
    CHECK(found({.group = "gold", .kind = "olt"}).empty());
}

TEST_CASE("onts: before each change the registry is written down, for its owner only", "[app]") {
    OntStore onts;
    onts.clock.set(from_rfc3339("2026-12-01T01:02:03.004Z").or_throw());
    onts.add("first");
    CHECK(files_in(onts.registry.backups_dir).empty());
    onts.add("second");
    app::edit_ont(onts.registry, "first", {.name = "First"});
    app::edit_ont(onts.registry, "First", {.name = "First"});
    auto dry = onts.registry;
    dry.mode = app::Mode::dry_run;
    app::remove_onts(dry, {"First"});
    CHECK(files_in(onts.registry.backups_dir) ==
          std::vector<std::string>{"onts-20261201-010203-004.json", "onts-20261201-010203-005.json"});
    auto const file = onts.registry.backups_dir / "onts-20261201-010203-005.json";
    struct stat info {};
    REQUIRE(::stat(file.c_str(), &info) == 0);
    CHECK((info.st_mode & 0777) == 0600);
    OntStore other;
    CHECK(other.import(test::read_text(file)).added == 2);
    CHECK(other.all()[0].config.name == "first");
}

TEST_CASE("onts: the newest thirty backups stay, and files that are none of them", "[app]") {
    OntStore onts;
    onts.add("first");
    test::write_text(onts.registry.backups_dir / "onts-mine.json", "[]");
    for (int i = 0; i < 35; ++i) {
        onts.clock.set(onts.clock.now() + std::chrono::seconds{1});
        app::edit_ont(onts.registry, "1", {.location = fmt::format("place {}", i)});
    }
    auto const files = files_in(onts.registry.backups_dir);
    CHECK(files.size() == app::k_kept_ont_backups + 1);
    CHECK(files.back() == "onts-mine.json");
    CHECK_THAT(test::read_text(onts.registry.backups_dir / files[29]), Catch::Contains("place 33"));
}
