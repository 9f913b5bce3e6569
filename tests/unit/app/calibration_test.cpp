#include "lib/app/calibration.hpp"

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include <random>

#include "lib/app/enrolled_samples.hpp"
#include "lib/base/error.hpp"
#include "lib/palm/template.hpp"
#include "tests/unit/app/calibration_support.hpp"
#include "tests/unit/app/people_support.hpp"

using namespace bioctl;
using app::Sample;
using test::population;
using test::quick_plan;
using test::trials_of;

TEST_CASE("a calibration meets its targets and counts what they cost", "[app]") {
    auto const samples = population(400, 3, 2);
    auto const trials = trials_of(samples);
    auto const c = app::calibrate(trials, quick_plan());
    CHECK(c.people == 400);
    CHECK(c.templates == 1200);
    CHECK(c.genuine == 1200);
    CHECK(c.searches == 1200);
    CHECK(c.fpir.value <= .01);
    CHECK(c.fpir.value > .008);
    CHECK(c.fpir.low <= c.fpir.value);
    CHECK(c.fpir.high > .01);
    eval::Scores const scores{trials.genuine, trials.impostors, trials.people.size()};
    CHECK(at_threshold(scores, static_cast<double>(c.verify)).fmr <= 1e-3);
    CHECK(at_threshold(scores, static_cast<double>(c.verify) + 1e-3).fmr > 1e-3);
    CHECK(c.fnmr.value == Approx(at_threshold(scores, static_cast<double>(c.verify)).fnmr));
    CHECK(c.fnir.low < c.fnir.value);
    CHECK(c.fnir.value < c.fnir.high);
    CHECK(c.curve.starts_with("[["));
    // A stricter target costs more.
    auto plan = quick_plan();
    plan.target_fpir = .1;
    auto const mild = app::calibrate(trials, plan);
    CHECK(mild.identify > c.identify);
    CHECK(mild.fnir.value <= c.fnir.value);
}

TEST_CASE("too few people for a target are refused with the target they can have", "[app]") {
    auto const refusal = [](std::size_t people, app::CalibrationPlan const& plan) {
        try {
            (void)app::calibrate(trials_of(population(people, 2, 3)), plan);
        } catch (Error const& error) {
            CHECK(error.kind() == Kind::data);
            return error.message();
        }
        return std::string{"accepted"};
    };
    CHECK(refusal(299, quick_plan()).find("299 people cannot show") == 0);
    CHECK(refusal(299, quick_plan()).find("ask for --target-fpir 0.011 or more") != std::string::npos);
    CHECK(refusal(40, quick_plan()).find("ask for --target-fpir 0.075 or more") != std::string::npos);
    CHECK(refusal(7, quick_plan()).find("ask for --target-fpir 0.43 or more") != std::string::npos);
    // The option ends at .5, which takes six people.
    for (std::size_t const few : {0U, 1U, 4U, 5U}) {
        CHECK(refusal(few, quick_plan()).find("--target-fpir") == std::string::npos);
        CHECK(refusal(few, quick_plan()).find("enrol more people, or keep the thresholds") != std::string::npos);
    }
    auto plan = quick_plan();
    plan.target_fmr = 1e-9;
    CHECK(refusal(300, plan).find("comparisons of different people cannot show") != std::string::npos);
    plan = quick_plan();
    plan.target_fpir = .3;
    plan.target_fmr = .01;
    CHECK(refusal(20, plan) == "accepted");
    CHECK(refusal(0, quick_plan()).find("0 people") == 0);
}

TEST_CASE("what is missed is known as well as there are people with two templates", "[app]") {
    // 300 people, of whom two have a second template: nothing missed is nothing known.
    auto samples = population(300, 1, 5);
    for (std::size_t i = 0; i < 2; ++i)
        samples.push_back(samples[i]);
    auto const c = app::calibrate(trials_of(samples), quick_plan());
    CHECK(c.genuine == 2);
    CHECK(c.fnmr.value == 0);
    CHECK(c.fnmr.high == 1);
    CHECK(c.fnir.high == 1);
}

TEST_CASE("thresholds that people enrolled twice have spoilt are unfit, and the nearest two are named", "[app]") {
    auto plan = quick_plan();
    plan.target_fpir = .2;
    plan.target_fmr = .01;
    auto samples = population(40, 2, 6);
    auto trials = trials_of(samples);
    auto const sound = app::calibrate(trials, plan);
    CHECK(app::why_unfit(sound, trials, sound.identify - .01F).empty());
    CHECK(app::why_unfit(sound, trials, sound.identify + .01F).find("one person enrolled twice") != std::string::npos);
    CHECK(app::why_unfit(sound, trials, std::nullopt).empty());
    // More copies than a fifth of all templates.
    for (std::size_t i = 0; i < 20; ++i) {
        auto copy = samples[i];
        copy.person = fmt::format("copy of {}", copy.person);
        samples.push_back(std::move(copy));
    }
    trials = trials_of(samples);
    auto const spoilt = app::calibrate(trials, plan);
    CHECK(spoilt.identify <= 0);
    auto const why = app::why_unfit(spoilt, trials, .1F);
    CHECK(why.find("the threshold of recognize would be") == 0);
    CHECK(why.find("'copy of p0'") != std::string::npos);
    CHECK(why.find("people dedupe") != std::string::npos);
    auto missing = sound;
    missing.fnir.value = .95;
    CHECK(app::why_unfit(missing, trials, std::nullopt).find("95 % would be missed") == 0);
    missing.genuine = 0;  // then nobody knows what is missed
    CHECK(app::why_unfit(missing, trials, std::nullopt).empty());
}

TEST_CASE("the curve of a calibration is points, and what is none is left out", "[app]") {
    store::Calibration c;
    c.curve = "[[0.25,0.5,1],[0.5,\"x\",1],[1],3]";
    auto const points = app::curve_points(c);
    REQUIRE(points.size() == 1);
    CHECK(points[0].threshold == .25);
    CHECK(points[0].fnir == 1);
    c.curve = "nonsense";
    CHECK(app::curve_points(c).empty());
}

TEST_CASE("people with one template each are calibrated, what is missed is not known", "[app]") {
    auto const c = app::calibrate(trials_of(population(320, 1, 4)), quick_plan());
    CHECK(c.genuine == 0);
    CHECK(c.fnir.high == 1);
    CHECK(c.fpir.value <= .01);
}

TEST_CASE("the calibration of a store is used for its models and its metric, and outgrown with the gallery", "[app]") {
    test::PeopleStore people;
    auto const contract = people.models.contract();
    store::Calibration c{
        .contract = contract.id, .metric = "unit", .identify = .25F, .verify = .35F, .target_fpir = .01, .target_fmr = 1e-3};
    c.fpir = {.01, .002, .03};
    c.people = 300;
    c.curve = "[]";
    people.store.write([&] { people.store.calibrations().put(c); });
    auto const used = app::calibrated(contract, people.store, match::Metric::unit);
    CHECK(used.threshold_identify == .25F);
    CHECK(used.threshold_verify == .35F);
    CHECK(used.threshold_duplicate == contract.threshold_duplicate);
    CHECK(app::calibrated(contract, people.store, match::Metric::l2).threshold_identify == contract.threshold_identify);
    auto other = contract;
    other.id = "another";
    CHECK(app::calibrated(other, people.store, match::Metric::unit).threshold_identify == contract.threshold_identify);
    CHECK_FALSE(app::palm_calibration(people.store));
    CHECK_FALSE(app::is_outgrown(c, 899));
    CHECK(app::is_outgrown(c, 901));

    c.identify = .2F;
    c.modality = store::Modality::palm;
    c.contract = palm::k_pipeline;
    c.metric = "code";
    people.store.write([&] { people.store.calibrations().put(c); });
    REQUIRE(app::palm_calibration(people.store));
    CHECK(app::palm_calibration(people.store)->identify == .2F);
    auto const list = people.store.calibrations().list();
    REQUIRE(list.size() == 2);
    people.store.write([&] {
        CHECK(people.store.calibrations().remove(store::Modality::palm, palm::k_pipeline, "code"));
        CHECK_FALSE(people.store.calibrations().remove(store::Modality::palm, palm::k_pipeline, "code"));
    });
}
