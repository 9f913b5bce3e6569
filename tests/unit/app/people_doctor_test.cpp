#include <catch2/catch.hpp>

#include <map>

#include "lib/app/doctor.hpp"
#include "people_support.hpp"

using namespace bioctl;
using app::Health;

namespace {

struct Examination {
    test::TempDir dir;
    test::StoppedClock clock;
    app::Patient patient{dir / "data",
                         {},
                         [] {
                             return face::ModelRegistry{BIOCTL_MODELS, {}};
                         },
                         [this] {
                             return store::Store::open(dir / "data/bioctl.db", {store::Access::read_only, {}});
                         },
                         dir / "data/bioctl.db",
                         dir / "data/media",
                         {},
                         {{"fmt", "9"}},
                         clock};
    std::map<std::string, app::Check> checks;

    bool run(app::Depth depth = app::Depth::quick) {
        checks.clear();
        return app::examine(patient, depth, [&](app::Check const& check) { checks.insert_or_assign(check.name, check); });
    }
    void make_store() {
        fs::create_directories(dir / "data");
        fs::permissions(dir / "data", fs::perms::owner_all);
        static_cast<void>(store::Store::open(dir / "data/bioctl.db", {}));
    }
};

}  // namespace

TEST_CASE("a doctor without models, store or folder reports each and never throws", "[app]") {
    Examination e;
    e.patient.models = []() -> face::ModelRegistry { throw Error{Kind::no_input, "no models here"}; };
    CHECK_FALSE(e.run());
    CHECK(e.checks.at("models").health == Health::fail);
    CHECK(e.checks["models"].detail == "no models here");
    CHECK_FALSE(e.checks["models"].remedy.empty());
    CHECK(e.checks.at("store").health == Health::ok);
    CHECK(e.checks.at("image_plugin").health == Health::warn);
}

TEST_CASE("a damaged store is a failed check with a remedy", "[app]") {
    Examination e;
    test::write_text(e.dir / "data/bioctl.db", "this is not a database, but it is long enough to look at");
    CHECK_FALSE(e.run());
    CHECK(e.checks.at("store").health == Health::fail);
    CHECK_THAT(e.checks["store"].remedy, Catch::Contains("backup"));
}

TEST_CASE("a file in place of the data folder is a failed check", "[app]") {
    Examination e;
    test::write_text(e.dir / "data", "");
    CHECK_FALSE(e.run());
    CHECK(e.checks.at("data_dir").health == Health::fail);
}

TEST_CASE("a new store of the owner alone is healthy", "[app]") {
    Examination e;
    e.make_store();
    CHECK(e.run(app::Depth::deep));
    for (auto const* name : {"store", "schema", "integrity", "templates", "permissions", "portraits", "data_dir", "contract"}) {
        INFO(name << ": " << e.checks[name].detail);
        CHECK(e.checks.at(name).health == Health::ok);
    }
    CHECK_THAT(e.checks.at("model:faceapi-resnet").detail, Catch::Contains("sha256 right"));
}

TEST_CASE("faces that others can read are a warning with the command that closes them", "[app]") {
    Examination e;
    e.make_store();
    fs::permissions(e.dir / "data/bioctl.db", fs::perms::others_read, fs::perm_options::add);
    CHECK(e.run());
    CHECK(e.checks.at("permissions").health == Health::warn);
    CHECK_THAT(e.checks["permissions"].remedy, Catch::Contains("chmod 0600"));
}

TEST_CASE("an open media folder matters only in an open data folder", "[app]") {
    Examination e;
    e.make_store();
    fs::create_directory(e.dir / "data/media");
    fs::permissions(e.dir / "data/media", fs::perms::others_read, fs::perm_options::add);
    e.run();
    CHECK(e.checks.at("permissions").health == Health::ok);
    fs::permissions(e.dir / "data", fs::perms::others_exec, fs::perm_options::add);
    e.run();
    CHECK(e.checks.at("permissions").health == Health::warn);
}

TEST_CASE("templates of other models are a warning that names reembed", "[app]") {
    Examination e;
    e.make_store();
    auto store = store::Store::open(e.dir / "data/bioctl.db", {});
    store.write([&] {
        store.people().upsert("a", "", e.clock.now());
        store::Template t;
        t.person_id = "a";
        t.contract = "0000000000000000";
        t.vector = {1, 2, 3};
        t.created_at = e.clock.now();
        t.crop = "faces/aa/1.jpg";
        store.templates().add(t);
    });
    test::write_text(e.dir / "data/media/faces/bb/stray.jpg", "");
    CHECK(e.run(app::Depth::deep));
    CHECK(e.checks.at("templates").health == Health::warn);
    CHECK_THAT(e.checks["templates"].remedy, Catch::Contains("people reembed"));
    CHECK_THAT(e.checks.at("portraits").detail, Catch::Contains("1 missing") && Catch::Contains("1 without"));
}

TEST_CASE("a clock before this program was written is a failed check", "[app]") {
    Examination e;
    e.clock.set(from_ms(0));
    CHECK_FALSE(e.run());
    CHECK(e.checks.at("clock").health == Health::fail);
}

TEST_CASE("a configuration file that others can write is a failed check", "[app]") {
    Examination e;
    test::write_text(e.dir / "bioctl.toml", "");
    fs::permissions(e.dir / "bioctl.toml", fs::perms::others_write, fs::perm_options::add);
    e.patient.config_files = {e.dir / "bioctl.toml"};
    CHECK_FALSE(e.run());
    CHECK(e.checks.at("config").health == Health::fail);
}
