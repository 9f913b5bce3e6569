#include <catch2/catch.hpp>

#include "cmd/setting_flag.hpp"
#include "cmd/verb_app.hpp"
#include "lib/config/settings.hpp"
#include "tests/support/expect_error.hpp"

namespace bioctl::cmd {

TEST_CASE("a flag for a key that does not exist, or on a foreign App, is a bug", "[cmd]") {
    VerbApp app;
    CHECK(test::error_of([&] { add_setting(app, "--x", "no_such_key"); }).kind() == Kind::usage);
    CLI::App foreign;
    CHECK(test::error_of([&] { add_setting(foreign, "--threshold", "threshold"); }).kind() == Kind::bug);
}

TEST_CASE("a flag is the strongest layer of its key", "[cmd]") {
    VerbApp app;
    add_setting(app, "-t,--threshold", "threshold");
    app.parse(std::vector<std::string>{"0.3", "-t"});
    config::Layers layers =
        config::layers_from({{"BIOCTL_THRESHOLD", "0.5"}, {"BIOCTL_CONFIG_SYSTEM", "/nonexistent/bioctl.toml"}});
    layers.flags = app.settings;
    CHECK(config::resolve(layers).threshold() == 0.3F);
}

TEST_CASE("a flag that is not given leaves its key to the other layers", "[cmd]") {
    VerbApp app;
    add_setting(app, "-t,--threshold", "threshold");
    app.parse(std::vector<std::string>{});
    CHECK(app.settings.empty());
}

}  // namespace bioctl::cmd
