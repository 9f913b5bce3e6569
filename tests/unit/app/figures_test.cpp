#include "lib/app/figures.hpp"

#include <catch2/catch.hpp>

#include "lib/store/outbox.hpp"
#include "lib/store/people.hpp"
#include "tests/support/temp_dir.hpp"

using namespace bioctl;

TEST_CASE("figures: what takes long to count is taken over from a moment ago, the rest is not", "[app]") {
    test::TempDir dir;
    auto store = store::Store::open(dir / "bioctl.db", {});
    auto const before = app::figures_of(store);
    CHECK(before.deliveries.empty());
    store.write([&] {
        store::Target target;
        target.name = "hooks";
        target.url = "http://127.0.0.1:9/";
        store.outbox().add_target(target, Timestamp{});
        store.people().upsert("siti", "", Timestamp{});
    });
    auto const later = app::figures_of(store, &before);
    CHECK(later.people == 1);
    CHECK(later.deliveries.empty());
    CHECK(app::figures_of(store).deliveries.at({"hooks", "pending"}) == 0);
}
