#include "lib/app/evaluation.hpp"

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include "lib/app/evaluation_report.hpp"

using namespace bioctl;
using app::Sample;
using eval::Metric;

namespace {

/// People on a line: the distance of two samples is that of their numbers.
std::vector<Sample> samples_of(std::vector<std::pair<std::string, std::optional<float>>> const& values) {
    std::vector<Sample> samples;
    for (auto const& [person, value] : values)
        samples.push_back({.person = person, .vector = {value.value_or(0)}, .trouble = value ? "" : "no face found"});
    return samples;
}

app::Measure line_measure(std::vector<Sample> const& samples) {
    return app::measure_of(samples, match::Metric::l2, 1);
}

eval::Figure figure(app::Evaluation const& evaluation, std::string_view name) {
    for (auto const& each : evaluation.figures) {
        if (each.name() == name) return each;
    }
    FAIL("no figure " << name);
    return {};
}

app::EvaluationPlan quick_plan() {
    app::EvaluationPlan plan;
    plan.bootstrap.replicates = 200;
    return plan;
}

}  // namespace

TEST_CASE("pairs are measured as listed, or with all impostors there are", "[app]") {
    auto const list = app::read_pairs("a,b,same\np/1,p/2,1\nq/1,q/2,1\np/1,q/1,0\np/2,q/2,0\n", "", 2);
    auto const samples = samples_of({{"p", 0.F}, {"p", .1F}, {"q", 1.F}, {"q", std::nullopt}});
    auto const listed = app::trials_of_pairs(list, samples, app::Impostors::listed, line_measure(samples), 1);
    CHECK(listed.genuine.size() == 2);
    CHECK(listed.impostors.size() == 2);
    auto const result = app::evaluate(listed, quick_plan(), false);
    CHECK(figure(result, "fnmr@fmr=0.01").value == .5);  // one person's photo shows no face
    CHECK(figure(result, "fta").value == .25);
    CHECK(result.impostors == 1);
    CHECK(result.missed == 1);
    CHECK(figure(result, "accuracy").trials == 4);
    auto const all = app::trials_of_pairs(list, samples, app::Impostors::all, line_measure(samples), 2);
    CHECK(all.impostors.size() == 4);
    CHECK(all.genuine.size() == 2);
}

TEST_CASE("probes of people who are not in the gallery are strangers", "[app]") {
    auto const samples = samples_of({{"p", 0.F}, {"q", 1.F}, {"p", .1F}, {"q", .4F}, {"r", .05F}, {"q", std::nullopt}});
    auto const trials = app::trials_of_probes(samples, 2, line_measure(samples), 1);
    CHECK(trials.enrolled == 2);
    CHECK_FALSE(trials.are_strangers_held_out);
    REQUIRE(trials.searches.size() == 4);
    CHECK(trials.searches[0].rank == 1);
    CHECK(trials.searches[1].rank == 2);
    CHECK_FALSE(trials.searches[2].is_mated);
    CHECK(trials.searches[2].other == Approx(.05));
    CHECK(trials.searches[3].is_mated);
    CHECK(trials.searches[3].rank == 0);
    auto const result = app::evaluate(trials, quick_plan(), false);
    CHECK(figure(result, "rank@k=1").value == Approx(1.0 / 3));
    CHECK(figure(result, "rank@k=5").value == Approx(2.0 / 3));
    CHECK(figure(result, "fnir@fpir=0.01").value == 1);
    CHECK(result.strangers == 1);
}

TEST_CASE("where all probes are enrolled each person is left out in turn", "[app]") {
    auto const samples = samples_of({{"p", 0.F}, {"q", 1.F}, {"p", .1F}, {"q", .9F}});
    auto const trials = app::trials_of_probes(samples, 2, line_measure(samples), 1);
    CHECK(trials.are_strangers_held_out);
    REQUIRE(trials.searches.size() == 4);
    CHECK_FALSE(trials.searches[2].is_mated);
    CHECK(trials.searches[2].other == Approx(.9));
}

TEST_CASE("a person whose photo could not be enrolled is missed, not a stranger", "[app]") {
    auto const samples = samples_of({{"p", std::nullopt}, {"q", 1.F}, {"p", .1F}, {"q", .9F}});
    auto const trials = app::trials_of_probes(samples, 2, line_measure(samples), 1);
    CHECK(trials.searches[0].is_mated);
    CHECK(trials.searches[0].rank == 0);
    CHECK(app::evaluate(trials, quick_plan(), false).figures[0].value == .5);
}

TEST_CASE("within a store every two templates are compared once, and each is searched among the others", "[app]") {
    auto const samples = samples_of({{"p", 0.F}, {"p", .1F}, {"q", 1.F}, {"r", .15F}});
    auto const trials = app::trials_within(samples, line_measure(samples), 2);
    CHECK(trials.genuine.size() == 1);
    CHECK(trials.impostors.size() == 5);
    auto const mated = std::ranges::count_if(trials.searches, &eval::Search::is_mated);
    CHECK(mated == 2);  // q and r have nothing else to be found by
    CHECK(trials.searches.size() == 6);
    CHECK(trials.searches[2].rank == 2);  // the second of p is nearer to r
}

TEST_CASE("groups are judged at one threshold, the worst first, others beside", "[app]") {
    // Group g is far apart within its people; h is not.
    std::vector<std::pair<std::string, std::optional<float>>> values;
    std::map<std::string, std::string> groups;
    for (int i = 0; i < 10; ++i) {
        auto const name = fmt::format("p{}", i);
        auto const at = static_cast<float>(i) * 10;
        values.emplace_back(name, at);
        values.emplace_back(name, at + (i < 5 ? 9.5F : .1F));
        if (i < 9) groups[name] = i < 5 ? "g" : "h";
    }
    auto const samples = samples_of(values);
    auto plan = quick_plan();
    plan.groups = groups;
    plan.group_fmr = .001;
    auto const result = app::evaluate(app::trials_within(samples, line_measure(samples), 1), plan, false);
    REQUIRE(result.groups.size() == 3);
    CHECK(result.groups[0].name == "g");
    CHECK(result.groups[0].fnmr == 1);
    CHECK(result.groups[0].people == 5);
    CHECK(result.groups[1].fnmr == 0);
    CHECK(result.groups[1].fnmr_interval.high == Approx(result.groups[1].name == "h" ? 3.0 / 4 : 1));
}

TEST_CASE("a figure without an error keeps the room that its people leave", "[app]") {
    std::vector<std::pair<std::string, std::optional<float>>> values;
    for (int i = 0; i < 60; ++i) {
        values.emplace_back(fmt::format("p{}", i), static_cast<float>(i) * 10);
        values.emplace_back(fmt::format("p{}", i), static_cast<float>(i) * 10 + .5F);
    }
    auto const samples = samples_of(values);
    auto plan = quick_plan();
    plan.claims = {eval::parse_claim("fnmr@fmr=0.05<5.1%").or_throw(), eval::parse_claim("rank@k=2>.9").or_throw(),
                   eval::parse_claim("accuracy>.9").or_throw(), eval::parse_claim("fnmr@fmr=1e-9<.5").or_throw()};
    auto const result = app::evaluate(app::trials_within(samples, line_measure(samples), 1), plan, true);
    CHECK(figure(result, "fnmr@fmr=0.05").value == 0);
    CHECK(figure(result, "fnmr@fmr=0.05").interval.high == Approx(3.0 / 60));
    REQUIRE(result.verdicts.size() == 4);
    CHECK(result.verdicts[0].second.judgement == eval::Judgement::holds);
    CHECK(result.verdicts[1].second.judgement == eval::Judgement::holds);
    CHECK(result.verdicts[2].second.judgement == eval::Judgement::unsupported);  // there is no list of pairs
    CHECK(result.verdicts[3].second.judgement == eval::Judgement::unsupported);
}

TEST_CASE("a figure is known as well as there are people with such trials", "[app]") {
    // Twelve are enrolled, two of them looked up, both found.
    std::vector<std::pair<std::string, std::optional<float>>> values;
    for (int i = 0; i < 12; ++i)
        values.emplace_back(fmt::format("p{}", i), static_cast<float>(i) * 10);
    values.emplace_back("p0", .5F);
    values.emplace_back("p1", 10.5F);
    auto const samples = samples_of(values);
    auto const result = app::evaluate(app::trials_of_probes(samples, 12, line_measure(samples), 1), quick_plan(), false);
    auto const fnmr = figure(result, "fnmr@fmr=0.01");
    CHECK(fnmr.value == 0);
    CHECK(fnmr.people == 2);
    CHECK(fnmr.interval.high == 1);
    CHECK(figure(result, "fnir@fpir=0.1").interval.high == 1);
    // Draws without either of the two are no draws in which nobody was found.
    CHECK(figure(result, "rank@k=1").value == 1);
    CHECK(figure(result, "rank@k=1").interval.low == Approx(0).margin(1e-9));  // by the rule of 3
    CHECK(figure(result, "fta").interval.high == Approx(3.0 / 12));
}

TEST_CASE("draws of people without trials do not pull a rate towards nothing", "[app]") {
    // Of 40 people three have a second photo, and none of the three is ever found.
    std::vector<std::pair<std::string, std::optional<float>>> values;
    for (int i = 0; i < 40; ++i)
        values.emplace_back(fmt::format("p{}", i), static_cast<float>(i) * 10);
    for (int i = 0; i < 3; ++i)
        values.emplace_back(fmt::format("p{}", i), 1e4F + static_cast<float>(i) * 1e3F);
    auto const samples = samples_of(values);
    auto plan = quick_plan();
    plan.groups = {{"p0", "alone"}};
    auto const result = app::evaluate(app::trials_within(samples, line_measure(samples), 1), plan, false);
    CHECK(figure(result, "fnmr@fmr=0.01").value == 1);
    CHECK(figure(result, "fnmr@fmr=0.01").interval.low == 1);
    CHECK(figure(result, "fnir@fpir=0.1").interval.low == 1);
    auto const& alone = result.groups[0].name == "alone" ? result.groups[0] : result.groups[1];
    CHECK(alone.fnmr == 1);
    CHECK(alone.fnmr_interval.low == 1);
}

TEST_CASE("a list of groups that fits nobody is refused, one that fits some is counted", "[app]") {
    auto const samples = samples_of({{"p", 0.F}, {"p", .1F}, {"q", 1.F}, {"q", .9F}});
    auto const trials = app::trials_within(samples, line_measure(samples), 1);
    auto plan = quick_plan();
    plan.groups = {{"P", "g"}, {"Q", "g"}};
    CHECK_THROWS_AS(app::evaluate(trials, plan, false), Error);
    plan.groups["p"] = "g";
    CHECK(app::evaluate(trials, plan, false).unknown_in_groups == 2);
}

TEST_CASE("what was not acquired is unknown of those who are enrolled", "[app]") {
    auto const samples = samples_of({{"p", 0.F}, {"p", .1F}, {"q", 1.F}, {"q", .9F}});
    auto plan = quick_plan();
    plan.claims = {eval::parse_claim("fta<.9").or_throw()};
    auto const result = app::evaluate(app::trials_within(samples, line_measure(samples), 1), plan, false);
    CHECK(std::ranges::none_of(result.figures, [](auto const& each) { return each.metric == Metric::fta; }));
    REQUIRE(result.verdicts.size() == 1);
    CHECK(result.verdicts[0].second.judgement == eval::Judgement::unsupported);
    CHECK(result.verdicts[0].second.reason.find("it takes photos") != std::string::npos);
}

TEST_CASE("nothing to compare is bad data", "[app]") {
    auto const samples = samples_of({{"p", 0.F}, {"q", 1.F}});
    CHECK_THROWS_AS(app::evaluate(app::trials_within(samples, line_measure(samples), 1), quick_plan(), false), Error);
    std::vector<Sample> const none;
    CHECK_THROWS_AS(app::evaluate(app::trials_within(none, line_measure(none), 1), quick_plan(), false), Error);
}

TEST_CASE("groups come from a CSV, one for each person", "[app]") {
    auto const groups = app::read_groups("group,id\nF,ann\nM,bo\n");
    CHECK(groups.at("ann") == "F");
    CHECK(groups.at("bo") == "M");
    CHECK_THROWS_AS(app::read_groups("id,group\nann,F\nann,M\n"), Error);
    CHECK_THROWS_AS(app::read_groups("id\nann\n"), Error);
    CHECK_THROWS_AS(app::read_groups("id,group\n"), Error);
    CHECK_THROWS_AS(app::read_groups("id,group\nann\n"), Error);
    CHECK_THROWS_AS(app::read_groups(""), Error);
}

TEST_CASE("the page is one file and shows hostile names as text", "[app]") {
    auto const samples = samples_of({{"p", 0.F}, {"p", .1F}, {"q", 1.F}, {"q", .9F}});
    auto plan = quick_plan();
    plan.groups = {{"p", "<script>alert(1)</script>"}};
    auto const result = app::evaluate(app::trials_within(samples, line_measure(samples), 1), plan, false);
    auto const page = app::to_html(result, {"</title><b>", "c", "2030-01-01T00:00:00Z"});
    CHECK(page.find("<script>alert") == std::string::npos);
    CHECK(page.find("</title><b>") == std::string::npos);
    CHECK(page.find("src=") == std::string::npos);
    CHECK(page.find("http://") == page.find("http://www.w3.org/2000/svg"));
    auto const svg = app::to_svg(result, {});
    CHECK(svg.starts_with("<svg xmlns="));
    for (auto const* plot : {"\"det\"", "\"roc\"", "\"distances\"", "\"cmc\""})
        CHECK(svg.find(plot) != std::string::npos);
    CHECK(svg.find("nan") == std::string::npos);
    CHECK(svg.find("inf") == std::string::npos);
}
