#include "lib/eval/claim.hpp"

#include <catch2/catch.hpp>

using namespace bioctl;
using namespace bioctl::eval;

namespace {

Judgement judged(std::string_view text, Figure const& figure, bool is_strict = false) {
    return judge(parse_claim(text).or_throw(), figure, is_strict).judgement;
}

Figure fnmr(double value, Interval interval, std::size_t trials, std::size_t impostors) {
    return {
        .metric = Metric::fnmr, .at = 1e-3, .value = value, .interval = interval, .trials = trials, .limit_trials = impostors};
}

}  // namespace

TEST_CASE("a claim names figure, condition, relation and bound", "[eval]") {
    auto const claim = parse_claim(" fnmr @ fmr = 1e-3 < 0.02 ").or_throw();
    CHECK(claim.metric == Metric::fnmr);
    CHECK(claim.at == 1e-3);
    CHECK(claim.relation == Relation::less);
    CHECK(claim.bound == .02);
    CHECK(parse_claim("eer<=2%").or_throw().bound == Approx(.02));
    CHECK(parse_claim("rank@k=5>=95%").or_throw().at == 5);
    CHECK(parse_claim("fnir@fpir=1%<.1").or_throw().at == Approx(.01));
    CHECK(parse_claim("accuracy>.99").or_throw().relation == Relation::greater);
}

TEST_CASE("what is no claim is refused with the reason", "[eval]") {
    for (auto const* text : {"",
                             "<",
                             "fnmr",
                             "fnmr<.1",
                             "fnmr@fmr<.1",
                             "fnmr@fpir=.1<.1",
                             "eer@fmr=.1<.1",
                             "eer=.1",
                             "eer<x",
                             "eer<2",
                             "eer<-1",
                             "eer<nan",
                             "fnmr@fmr=0<.1",
                             "fnmr@fmr=1<.1",
                             "rank@k=0>.5",
                             "rank@k=1.5>.5",
                             "rank@k=9e9>.5",
                             "fnmr@fmr=1e-3>.02",
                             "accuracy<.9",
                             "far<.1",
                             "fnmr@fmr=inf<.1",
                             "eer@<.1",
                             "eer<.1<.2"}) {
        INFO(text);
        auto const claim = parse_claim(text);
        REQUIRE_FALSE(claim);
        CHECK(claim.error().kind() == Kind::usage);
    }
    CHECK(parse_claim("accuracy<.9").error().message().find("of accuracy more is better") != std::string::npos);
}

TEST_CASE("a claim holds, fails, or is more than the sample can show", "[eval]") {
    CHECK(judged("fnmr@fmr=1e-3<.02", fnmr(.015, {.01, .03}, 1000, 10'000)) == Judgement::holds);
    CHECK(judged("fnmr@fmr=1e-3<.02", fnmr(.02, {.01, .03}, 1000, 10'000)) == Judgement::fails);
    CHECK(judged("fnmr@fmr=1e-3<=.02", fnmr(.02, {.01, .03}, 1000, 10'000)) == Judgement::holds);
    // Held against the worse end of the interval.
    CHECK(judged("fnmr@fmr=1e-3<.02", fnmr(.015, {.01, .03}, 1000, 10'000), true) == Judgement::fails);
    CHECK(judged("fnmr@fmr=1e-3<.02", fnmr(.005, {.001, .01}, 1000, 10'000), true) == Judgement::holds);
    // 3,000 impostors for an FMR of 1e-3, 150 genuine ones for a bound of .02; also a failure needs them.
    CHECK(judged("fnmr@fmr=1e-3<.02", fnmr(.0, {}, 150, 3000)) == Judgement::holds);
    CHECK(judged("fnmr@fmr=1e-3<.02", fnmr(.0, {}, 150, 2999)) == Judgement::unsupported);
    CHECK(judged("fnmr@fmr=1e-3<.02", fnmr(.0, {}, 149, 3000)) == Judgement::unsupported);
    CHECK(judged("fnmr@fmr=1e-3<.02", fnmr(.5, {}, 149, 3000)) == Judgement::unsupported);
    CHECK(judged("fnmr@fmr=1e-3<=0", fnmr(.0, {}, 1'000'000, 1'000'000)) == Judgement::unsupported);
}

TEST_CASE("a claim that no sample could show is refused, however small its number is", "[eval]") {
    for (auto const* text : {"fnmr@fmr=1e-18<.9", "fnmr@fmr=1e-20<0.9", "fnmr@fmr=1e-300<0.5"}) {
        INFO(text);
        auto figure = fnmr(0, {}, 1'000'000, 1'000'000);
        figure.at = parse_claim(text).or_throw().at;
        CHECK(judged(text, figure) == Judgement::unsupported);
    }
    Figure const eer{.metric = Metric::eer, .at = {}, .value = 0, .interval = {}, .trials = 1'000'000};
    for (auto const* text : {"eer<1e-25", "eer<1e-300"})
        CHECK(judged(text, eer) == Judgement::unsupported);
}

TEST_CASE("where more is better the rest to 1 is what takes trials", "[eval]") {
    Figure const accuracy{.metric = Metric::accuracy, .at = {}, .value = .995, .interval = {.985, .999}, .trials = 300};
    CHECK(judged("accuracy>.99", accuracy) == Judgement::holds);
    CHECK(judged("accuracy>.99", accuracy, true) == Judgement::fails);
    CHECK(judged("accuracy>.999", accuracy) == Judgement::unsupported);
}

TEST_CASE("a figure is named as a claim would name it", "[eval]") {
    CHECK(fnmr(0, {}, 1, 1).name() == "fnmr@fmr=0.001");
    CHECK(Figure{.metric = Metric::rank, .at = 5, .interval = {}}.name() == "rank@k=5");
    CHECK(Figure{.metric = Metric::eer, .at = {}, .interval = {}}.name() == "eer");
}
