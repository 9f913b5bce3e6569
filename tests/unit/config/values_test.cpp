#include <set>
#include <string>

#include <catch2/catch.hpp>

#include "lib/config/numbers.hpp"
#include "lib/config/settings.hpp"
#include "tests/support/expect_error.hpp"

namespace bioctl::config {

namespace {

bool is_accepted(std::string_view key, std::string_view value) {
    return find_key(key).problem_of(value).empty();
}

}  // namespace

TEST_CASE("values out of range or of another sort are refused", "[config]") {
    for (std::string const value : {"", " ", "-0.1", "4.01", "nan", "inf", "0.5x", "0,5", "1e"})
        CHECK_FALSE(is_accepted("threshold", value));
    for (std::string const value : {"-1", "1025", "1.5", "", "two"})
        CHECK_FALSE(is_accepted("jobs", value));
    for (std::string const value : {"0", "", "-1", "M", "50 apples"})
        CHECK_FALSE(is_accepted("max_bytes", value));
    for (std::string const value : {"10", "", "s", "-1s", "61m", "1h", "1.5s", "99999999999ms"})
        CHECK_FALSE(is_accepted("busy_timeout", value));
    for (std::string const value : {"", "reject ", "Warn", "warn|reject|allow"})
        CHECK_FALSE(is_accepted("on_duplicate", value));
    for (std::string const value : {"", "/etc/passwd", "../zone", "Asia Jakarta"})
        CHECK_FALSE(is_accepted("timezone", value));
    CHECK_FALSE(is_accepted("data_dir", ""));
    CHECK_FALSE(is_accepted("data_dir", std::string_view{"a\0b", 3}));
}

TEST_CASE("the values people write are accepted", "[config]") {
    CHECK(is_accepted("threshold", "0"));
    CHECK(is_accepted("threshold", "0.45"));
    CHECK(is_accepted("jobs", "1024"));
    CHECK(is_accepted("max_bytes", "50M"));
    CHECK(is_accepted("timezone", "America/Argentina/Buenos_Aires"));
    CHECK(is_accepted("timezone", "Etc/GMT+7"));
    CHECK(is_accepted("data_dir", "/srv/caf\xc3\xa9 \xff"));
}

TEST_CASE("times carry their unit", "[config]") {
    using namespace std::chrono_literals;
    CHECK(parse_duration("500ms") == 500ms);
    CHECK(parse_duration("0s") == 0s);
    CHECK(parse_duration("60m") == 1h);
    CHECK(parse_duration("3601s") == std::nullopt);
}

TEST_CASE("the defaults pass their own checks, so that the typed values cannot fail", "[config]") {
    for (auto const& key : keys()) {
        INFO(key.name);
        CHECK((key.default_value.empty() || key.problem_of(key.default_value).empty()));
    }
    auto const settings = resolve(Layers{});
    CHECK(settings.max_bytes() == 50'000'000);
    CHECK(settings.max_pixels() == 100'000'000);
    CHECK(settings.busy_timeout_ms() == 10'000);
    CHECK(settings.margin() == 0.0F);
    CHECK(settings.min_quality() == 0.0F);
    CHECK(settings.metric() == "unit");
    CHECK(settings.on_duplicate() == "reject");
    CHECK(settings.log_level() == "info");
    CHECK(settings.timezone() == "Asia/Jakarta");
    CHECK(settings.models_dir().empty());
}

TEST_CASE("keys are sorted and told apart by name and variable", "[config]") {
    std::set<std::string> variables;
    std::string_view previous;
    for (auto const& key : keys()) {
        CHECK(previous < key.name);
        previous = key.name;
        CHECK(variables.insert(variable_of(key)).second);
    }
    CHECK(variables.contains("BIOCTL_DATA_DIR"));
}

TEST_CASE("asking for a key that does not exist suggests the nearest", "[config]") {
    auto const error = test::error_of([] { static_cast<void>(resolve(Layers{}).get("thresold")); });
    CHECK(error.kind() == Kind::usage);
    CHECK_THAT(error.message(), Catch::Contains("did you mean 'threshold'?"));
}

}  // namespace bioctl::config
