#include "lib/app/exposition.hpp"

#include <array>
#include <cmath>
#include <limits>

#include <catch2/catch.hpp>

#include "lib/base/error.hpp"

using namespace bioctl;
using namespace bioctl::app;

TEST_CASE("A family has its help and its type before its samples", "[http]") {
    Exposition text;
    text.family("bioctl_people", MetricType::gauge, "People \\ who\nare there.");
    text.sample({}, std::int64_t{3});
    text.family("bioctl_events_total", MetricType::counter, "Events.");
    text.sample({{"kind", "other"}, {"device", "a"}}, 0.5);
    CHECK(text.text() ==
          "# HELP bioctl_people People \\\\ who\\nare there.\n# TYPE bioctl_people gauge\nbioctl_people 3\n"
          "# HELP bioctl_events_total Events.\n# TYPE bioctl_events_total counter\n"
          "bioctl_events_total{kind=\"other\",device=\"a\"} 0.5\n");
}

TEST_CASE("Values of labels are escaped, whatever bytes they have", "[http]") {
    Exposition text;
    text.family("a", MetricType::gauge, "x");
    text.sample({{"b", "q\" s\\ n\n u\xff e\xc3\xa9"}}, std::int64_t{1});
    CHECK_THAT(text.text(), Catch::EndsWith("a{b=\"q\\\" s\\\\ n\\n u\xef\xbf\xbd e\xc3\xa9\"} 1\n"));
}

TEST_CASE("Buckets of a histogram are added up to +Inf", "[http]") {
    Exposition text;
    text.family("h", MetricType::histogram, "x");
    constexpr std::array k_bounds{0.5, 1.0};
    constexpr std::array<std::uint64_t, 3> k_counts{2, 0, 3};
    text.histogram({{"a", "b"}}, k_bounds, k_counts, 7.25);
    CHECK_THAT(text.text(), Catch::EndsWith("h_bucket{a=\"b\",le=\"0.5\"} 2\nh_bucket{a=\"b\",le=\"1\"} 2\n"
                                            "h_bucket{a=\"b\",le=\"+Inf\"} 5\nh_sum{a=\"b\"} 7.25\nh_count{a=\"b\"} 5\n"));
    constexpr std::array<std::uint64_t, 2> k_too_few{1, 1};
    CHECK_THROWS_AS(text.histogram({}, k_bounds, k_too_few, 0), Error);
}

TEST_CASE("What Prometheus would refuse is a slip of ours", "[http]") {
    Exposition text;
    CHECK_THROWS_AS(text.sample({}, 1.0), Error);
    CHECK_THROWS_AS(text.family("0a", MetricType::gauge, "x"), Error);
    CHECK_THROWS_AS(text.family("a-b", MetricType::gauge, "x"), Error);
    text.family("a", MetricType::gauge, "x");
    CHECK_THROWS_AS(text.family("a", MetricType::gauge, "x"), Error);
    CHECK_THROWS_AS(text.sample({{"b c", "x"}}, 1.0), Error);
}

TEST_CASE("A series that comes again is left out: two names may look alike", "[http]") {
    Exposition text;
    text.family("a", MetricType::gauge, "x");
    text.sample({{"b", "\xff"}}, 1.0);
    text.sample({{"b", "\xfe"}}, 2.0);
    text.sample({{"b", "y"}}, 3.0);
    CHECK_THAT(text.text(), Catch::EndsWith("gauge\na{b=\"\xef\xbf\xbd\"} 1\na{b=\"y\"} 3\n"));
}

TEST_CASE("Numbers are written as Prometheus reads them", "[http]") {
    CHECK(metric_number(0) == "0");
    CHECK(metric_number(-0.125) == "-0.125");
    CHECK(metric_number(1763700000.123) == "1763700000.123");
    CHECK(metric_number(std::numeric_limits<double>::infinity()) == "+Inf");
    CHECK(metric_number(-std::numeric_limits<double>::infinity()) == "-Inf");
    CHECK(metric_number(std::nan("")) == "NaN");
}
