#include <catch2/catch.hpp>

#include "lib/config/settings.hpp"
#include "tests/support/expect_error.hpp"
#include "tests/support/temp_dir.hpp"

namespace bioctl::config {

namespace {

using test::error_of;
using test::read_text;
using test::TempDir;
using test::write_text;

fs::perms mode_of(fs::path const& file) {
    return fs::status(file).permissions() & fs::perms::mask;
}

}  // namespace

TEST_CASE("a bad value or key leaves the file as it was", "[config]") {
    TempDir const dir;
    auto const file = dir / "f.toml";
    write_text(file, "jobs = 1\n");
    CHECK(error_of([&] { set_in_file(file, "jobs", "many"); }).kind() == Kind::usage);
    CHECK(error_of([&] { set_in_file(file, "job", "1"); }).kind() == Kind::usage);
    CHECK(read_text(file) == "jobs = 1\n");
}

TEST_CASE("a file that is not TOML is not touched", "[config]") {
    TempDir const dir;
    auto const file = dir / "f.toml";
    write_text(file, "prose\n");
    CHECK(error_of([&] { set_in_file(file, "jobs", "1"); }).kind() == Kind::config);
    CHECK(read_text(file) == "prose\n");
}

TEST_CASE("a bad setting can be repaired and removed", "[config]") {
    TempDir const dir;
    auto const file = dir / "f.toml";
    write_text(file, "jobs = \"many\"\nolder_key = 1\n");
    CHECK(set_in_file(file, "jobs", "2"));
    CHECK(read_text(file) == "jobs = 2\nolder_key = 1\n");
    CHECK(set_in_file(file, "jobs", std::nullopt));
    CHECK(read_text(file) == "older_key = 1\n");
}

TEST_CASE("a new file is made with its folders, for its owner only", "[config]") {
    TempDir const dir;
    auto const file = dir / "a/b/f.toml";
    CHECK(set_in_file(file, "metric", "l2"));
    CHECK(read_text(file) == "metric = \"l2\"\n");
    CHECK(mode_of(file) == (fs::perms::owner_read | fs::perms::owner_write));
}

TEST_CASE("removing from a file that is not there makes none", "[config]") {
    TempDir const dir;
    CHECK_FALSE(set_in_file(dir / "f.toml", "jobs", std::nullopt));
    CHECK_FALSE(fs::exists(dir / "f.toml"));
}

TEST_CASE("an existing file keeps its permissions, a link stays a link", "[config]") {
    TempDir const dir;
    auto const file = dir / "real.toml";
    write_text(file, "jobs = 1\n");
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read);
    fs::create_symlink("real.toml", dir / "link.toml");
    CHECK(set_in_file(dir / "link.toml", "jobs", "3"));
    CHECK(fs::is_symlink(dir / "link.toml"));
    CHECK(read_text(file) == "jobs = 3\n");
    CHECK(mode_of(file) == (fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read));
}

TEST_CASE("what is set is what is resolved", "[config]") {
    TempDir const dir;
    Layers layers;
    layers.config_flag = dir / "f.toml";
    set_in_file(*layers.config_flag, "threshold", "0.45");
    set_in_file(*layers.config_flag, "data_dir", "/srv/faces and \"more\"");
    CHECK(resolve(layers).threshold() == 0.45F);
    CHECK(resolve(layers).data_dir() == "/srv/faces and \"more\"");
}

TEST_CASE("a file that cannot be read is not taken for an empty one", "[config]") {
    TempDir const dir;
    fs::create_symlink("loop.toml", dir / "loop.toml");
    CHECK_THROWS_AS(set_in_file(dir / "loop.toml", "jobs", "3"), Error);
    fs::create_symlink("absent.toml", dir / "dangling.toml");
    CHECK_THROWS_WITH(set_in_file(dir / "dangling.toml", "jobs", "3"), Catch::Contains("a link to a file that is not there"));
    CHECK_FALSE(fs::exists(dir / "absent.toml"));
}

}  // namespace bioctl::config
