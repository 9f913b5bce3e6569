#include "lib/app/figures_text.hpp"

#include <string>

#include <catch2/catch.hpp>

#include "lib/base/error.hpp"

using namespace bioctl;
using namespace bioctl::app;

namespace {

std::string text_of(Figures const& figures, Timestamp now = {}) {
    Exposition text;
    add_figures(text, figures, now);
    return text.text();
}

bool has_line(std::string const& text, std::string const& line) {
    return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

}  // namespace

TEST_CASE("Figures become series with their labels", "[app]") {
    using namespace std::chrono_literals;
    Figures figures;
    figures.people = 3;
    figures.templates = {{"contract", 5}};
    figures.devices = {{"ok", 2}, {"offline", 1}};
    figures.onts = {{"down", 4}};
    figures.deliveries = {{{"hooks", "pending"}, 7}};
    figures.oldest_pending = {{.target = "hooks", .queued_at = Timestamp{10s}}};
    figures.syncs = {{.device = "gate", .at = Timestamp{1500ms}, .backlog = 9}};
    figures.outages_open = 6;
    figures.store_bytes = 4096;
    auto const text = text_of(figures, Timestamp{70s});
    CHECK(has_line(text, "bioctl_people 3"));
    CHECK(has_line(text, R"(bioctl_templates{contract="contract"} 5)"));
    CHECK(has_line(text, R"(bioctl_devices{state="offline"} 1)"));
    CHECK(has_line(text, R"(bioctl_onts{state="down"} 4)"));
    CHECK(has_line(text, R"(bioctl_deliveries{target="hooks",state="pending"} 7)"));
    CHECK(has_line(text, R"(bioctl_delivery_oldest_pending_age_seconds{target="hooks"} 60)"));
    CHECK(has_line(text, R"(bioctl_device_last_sync_timestamp_seconds{device="gate"} 1.5)"));
    CHECK(has_line(text, R"(bioctl_device_backlog_events{device="gate"} 9)"));
    CHECK(has_line(text, "bioctl_outages_open 6"));
    CHECK(has_line(text, "bioctl_store_bytes 4096"));
}

TEST_CASE("What never happened is 0, and no age is negative when a clock went back", "[app]") {
    using namespace std::chrono_literals;
    Figures figures;
    CHECK(has_line(text_of(figures), "bioctl_ping_last_round_timestamp_seconds 0"));
    figures.oldest_pending = {{.target = "hooks", .queued_at = Timestamp{10s}}};
    CHECK(has_line(text_of(figures, Timestamp{5s}), R"(bioctl_delivery_oldest_pending_age_seconds{target="hooks"} 0)"));
}

TEST_CASE("The figures are added once", "[app]") {
    Exposition text;
    add_figures(text, {}, {});
    CHECK_THROWS_AS(add_figures(text, {}, {}), Error);
}
