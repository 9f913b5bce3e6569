#include "lib/store/calibrations.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/store/support.hpp"

using namespace bioctl;
using namespace bioctl::test;

TEST_CASE("a calibration comes back as it was put, and a later one takes its place", "[store]") {
    TempDir dir;
    auto store = writer(dir / "bioctl.db");
    store::Calibration c;
    c.contract = "0123456789abcdef";
    c.metric = "unit";
    c.identify = .4712F;
    c.verify = .5301F;
    c.target_fpir = .01;
    c.target_fmr = 1e-3;
    c.fpir = {.009, .002, .021};
    c.fnir = {.05, .04, .07};
    c.fnmr = {.03, .02, .05};
    c.people = 300;
    c.templates = 700;
    c.genuine = 500;
    c.impostors = 240'000;
    c.searches = 700;
    c.curve = "[[0.4,0.001,0.2]]";
    c.created_at = at(5000);
    store.write([&] { store.calibrations().put(c); });
    auto const found = store.calibrations().get(store::Modality::face, c.contract, "unit");
    REQUIRE(found);
    CHECK(found->identify == c.identify);
    CHECK(found->verify == c.verify);
    CHECK(found->fpir.high == .021);
    CHECK(found->fnir.low == .04);
    CHECK(found->fnmr.value == .03);
    CHECK(found->impostors == 240'000);
    CHECK(found->curve == c.curve);
    CHECK(found->created_at == c.created_at);
    CHECK_FALSE(store.calibrations().get(store::Modality::palm, c.contract, "unit"));
    CHECK_FALSE(store.calibrations().get(store::Modality::face, c.contract, "l2"));

    c.identify = .4F;
    c.created_at = at(9000);
    store.write([&] { store.calibrations().put(c); });
    CHECK(store.calibrations().list().size() == 1);
    CHECK(store.calibrations().list()[0].identify == .4F);
    store.write([&] { CHECK(store.calibrations().remove(store::Modality::face, c.contract, "unit")); });
    CHECK(store.calibrations().list().empty());
}
