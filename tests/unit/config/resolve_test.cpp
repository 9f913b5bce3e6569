#include <catch2/catch.hpp>

#include "lib/config/settings.hpp"
#include "tests/support/expect_error.hpp"
#include "tests/support/temp_dir.hpp"

namespace bioctl::config {

namespace {

using test::error_of;
using test::TempDir;
using test::write_text;

/// A file of the machine the tests run on must not decide them.
Layers without_system_file(std::map<std::string, std::string> environment) {
    environment.emplace("BIOCTL_CONFIG_SYSTEM", "/nonexistent/bioctl.toml");
    return layers_from(std::move(environment));
}

Layers with_home(TempDir const& home) {
    return layers_from({{"HOME", home.path().string()}, {"BIOCTL_CONFIG_SYSTEM", (home / "system.toml").string()}});
}

fs::path user_file(TempDir const& home) {
    return home / ".config/bioctl/bioctl.toml";
}

}  // namespace

TEST_CASE("an unknown key names file, line and the nearest key", "[config]") {
    TempDir const home;
    write_text(user_file(home), "# ours\n\ntreshold = 0.5\n");
    auto const error = error_of([&] { static_cast<void>(resolve(with_home(home))); });
    CHECK(error.kind() == Kind::config);
    CHECK_THAT(error.message(), Catch::Contains("bioctl.toml:3: unknown key 'treshold'; did you mean 'threshold'?"));
}

TEST_CASE("a bad value names file, line, key, the rule and the value", "[config]") {
    TempDir const home;
    write_text(user_file(home), "jobs = 2\nthreshold = \"near\"\n");
    auto const error = error_of([&] { static_cast<void>(resolve(with_home(home))); });
    CHECK(error.kind() == Kind::config);
    CHECK_THAT(error.message(), Catch::Contains("bioctl.toml:2: threshold must be a number from 0 to 4, not 'near'"));
}

TEST_CASE("a file that is not TOML is refused with its line", "[config]") {
    TempDir const home;
    write_text(user_file(home), "jobs = 2\nthis is prose\n");
    auto const error = error_of([&] { static_cast<void>(resolve(with_home(home))); });
    CHECK(error.kind() == Kind::config);
    CHECK_THAT(error.message(), Catch::Contains("bioctl.toml:2: not TOML"));
}

TEST_CASE("a file given with --config must exist, the usual ones need not", "[config]") {
    TempDir const home;
    auto layers = with_home(home);
    CHECK_NOTHROW(resolve(layers));
    layers.config_flag = home / "mine.toml";
    CHECK(error_of([&] { static_cast<void>(resolve(layers)); }).kind() == Kind::config);
}

TEST_CASE("a folder in place of the user's file is refused, not skipped", "[config]") {
    TempDir const home;
    fs::create_directories(user_file(home));
    CHECK(error_of([&] { static_cast<void>(resolve(with_home(home))); }).kind() == Kind::config);
}

TEST_CASE("a bad flag is a mistake of usage, a bad variable one of configuration", "[config]") {
    Layers layers;
    layers.flags["threshold"] = "9";
    auto const flag = error_of([&] { static_cast<void>(resolve(layers)); });
    CHECK(flag.kind() == Kind::usage);
    CHECK_THAT(flag.message(), Catch::StartsWith("flag --threshold: "));

    auto const variable = error_of([] { static_cast<void>(resolve(without_system_file({{"BIOCTL_JOBS", "many"}}))); });
    CHECK(variable.kind() == Kind::config);
    CHECK_THAT(variable.message(), Catch::StartsWith("env BIOCTL_JOBS: "));
}

TEST_CASE("each layer is beaten by the next stronger one, and the origin tells which won", "[config]") {
    TempDir const home;
    auto layers = with_home(home);
    auto const expect = [&](float value, std::string const& origin) {
        auto const settings = resolve(layers);
        CHECK(settings.threshold() == value);
        CHECK(settings.get("threshold").origin == origin);
    };
    CHECK_FALSE(resolve(layers).threshold());
    CHECK(resolve(layers).get("threshold").origin == "default");

    layers.environment["FACE_TOLERANCE"] = "0.61";
    expect(0.61F, "env FACE_TOLERANCE");
    write_text(*layers.system_file, "threshold = 0.62\n");
    expect(0.62F, "file " + layers.system_file->string() + ":1");
    write_text(user_file(home), "\nthreshold = 0.63\n");
    expect(0.63F, "file " + user_file(home).string() + ":2");
    layers.config_flag = home / "mine.toml";
    write_text(*layers.config_flag, "threshold = 0.64\n");
    expect(0.64F, "file " + layers.config_flag->string() + ":1");
    layers.environment["BIOCTL_THRESHOLD"] = "0.65";
    expect(0.65F, "env BIOCTL_THRESHOLD");
    layers.flags["threshold"] = "0.66";
    expect(0.66F, "flag --threshold");
}

TEST_CASE("an empty variable counts as unset", "[config]") {
    auto const settings = resolve(without_system_file({{"BIOCTL_JOBS", ""}, {"FACE_TOLERANCE", ""}}));
    CHECK(settings.jobs() == 0);
    CHECK_FALSE(settings.threshold());
}

TEST_CASE("the data folder follows XDG_DATA_HOME, then HOME", "[config]") {
    CHECK(resolve(without_system_file({{"HOME", "/h"}})).data_dir() == "/h/.local/share/bioctl");
    CHECK(resolve(without_system_file({{"HOME", "/h"}, {"XDG_DATA_HOME", "/x"}})).data_dir() == "/x/bioctl");
    CHECK(resolve(without_system_file({{"HOME", "/h"}, {"XDG_DATA_HOME", "x"}})).data_dir() == "/h/.local/share/bioctl");
}

TEST_CASE("without a home only the question for the data folder fails, with the way out", "[config]") {
    auto const settings = resolve(without_system_file({}));
    auto const error = error_of([&] { static_cast<void>(settings.data_dir()); });
    CHECK(error.kind() == Kind::config);
    CHECK_THAT(error.message(), Catch::Contains("--data-dir") && Catch::Contains("BIOCTL_DATA_DIR"));
}

TEST_CASE("folders in a file must not depend on the working directory", "[config]") {
    TempDir const home;
    write_text(user_file(home), "data_dir = \"faces\"\n");
    CHECK_THAT(error_of([&] { static_cast<void>(resolve(with_home(home))); }).message(), Catch::Contains("absolute path"));
    write_text(user_file(home), "data_dir = \"~/faces\"\n");
    CHECK(resolve(with_home(home)).data_dir() == home / "faces");
}

TEST_CASE("the files that were read are told, strongest first", "[config]") {
    TempDir const home;
    auto layers = with_home(home);
    CHECK(files_read(layers).empty());
    write_text(*layers.system_file, "");
    write_text(user_file(home), "");
    CHECK(files_read(layers) == std::vector<fs::path>{user_file(home), *layers.system_file});
}

}  // namespace bioctl::config
