#include <catch2/catch.hpp>

#include "lib/app/outage_report.hpp"
#include "tests/unit/app/monitor_network.hpp"

using namespace bioctl;
using namespace bioctl::app;
using namespace bioctl::test;
using namespace std::chrono_literals;

namespace {

class Reported : public ScriptedNetwork {
public:
    OutageReport report(ReportBy by, int until = 7200, OntChoice const& choice = {}) {
        OutageReport result;
        with_store([&](store::Store& store) {
            result = report_outages(store, {.since = at(0), .until = at(until), .by = by, .choice = choice, .now = at(until)},
                                    Zone{"Asia/Jakarta"});
        });
        return result;
    }
};

}  // namespace

TEST_CASE("availability is of the time that was watched", "[app]") {
    Reported network;
    auto const bad = network.add("bad", "10.0.0.1");
    network.add("good", "10.0.0.2");
    network.add("never asked", "");
    network.silence(bad, 600, 1199);
    network.rounds(0, 3601);
    // An hour nobody looked, then one more.
    network.rounds(7200, 10'801);
    auto const report = network.report(ReportBy::ont, 10'800);
    REQUIRE(report.rows.size() == 2);
    CHECK(report.rows[0].name == "bad");
    CHECK(report.rows[0].availability.covered == 7200s);
    CHECK(report.rows[0].availability.outages == 1);
    CHECK(report.rows[0].availability.down == 600s + 3ms);
    CHECK(report.rows[0].availability.mttr() == 600s + 3ms);
    CHECK(report.rows[0].longest == 600s + 3ms);
    CHECK(percent_of(report.rows[0].availability) == "91.66 %");
    CHECK(percent_of(report.rows[1].availability) == "100.00 %");
    CHECK(report.total.onts == 2);
    CHECK(report.total.availability.covered == 14'400s);
}

TEST_CASE("rows by parent and by place add up", "[app]") {
    Reported network;
    auto const olt = network.add("OLT-1", "10.9.0.1", std::nullopt, "olt");
    for (int i = 0; i < 3; ++i)
        network.add("home " + std::to_string(i), "10.0.0." + std::to_string(i + 1), olt);
    network.silence(olt, 600, 1200);
    network.rounds(0, 3601);
    auto const report = network.report(ReportBy::parent, 3600);
    REQUIRE(report.rows.size() == 2);
    auto const& below = report.rows[0].name == "OLT-1" ? report.rows[0] : report.rows[1];
    CHECK(below.onts == 3);
    CHECK(below.availability.outages == 3);
    CHECK(below.availability.covered == 3 * 3600s);
    CHECK(network.report(ReportBy::location, 3600).rows.size() == 1);
}

TEST_CASE("maintenance counts neither way", "[app]") {
    Reported network;
    auto const ont = network.add("home", "10.0.0.1");
    network.silence(ont, 600, 1800);
    network.rounds(0, 3601);
    network.maintain(-40, 1200);
    auto const report = network.report(ReportBy::ont, 3600);
    CHECK(report.rows[0].availability.covered == 2400s);
    CHECK(report.rows[0].availability.down == 600s + 3ms);
    CHECK(report.days.size() >= 1);
}

TEST_CASE("an outage that goes on counts until now", "[app]") {
    Reported network;
    auto const ont = network.add("home", "10.0.0.1");
    network.silence(ont, 600, 100'000);
    network.rounds(0, 3601);
    auto const report = network.report(ReportBy::ont, 3600);
    CHECK(report.rows[0].availability.down == 3000s);
    CHECK(report.rows[0].availability.repairs == 0);
}

TEST_CASE("a page holds names as text, never as markup", "[app]") {
    Reported network;
    network.add("<script>alert('x')</script>", "10.0.0.1");
    network.rounds(0, 601);
    auto const html = to_html(network.report(ReportBy::ont, 600), Zone{"Asia/Jakarta"});
    CHECK(html.find("<script>") == std::string::npos);
    CHECK(html.find("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;") != std::string::npos);
    CHECK(html.find("100.00 %") != std::string::npos);
    CHECK(html.find("http://") == std::string::npos);
}
