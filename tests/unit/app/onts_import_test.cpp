#include "lib/app/onts_import.hpp"

#include <algorithm>
#include <map>

#include <catch2/catch.hpp>

#include "lib/app/ont_shapes.hpp"
#include "lib/app/onts_duplicates.hpp"
#include "tests/support/expect_error.hpp"
#include "tests/unit/app/ont_support.hpp"

using namespace bioctl;
using test::error_of;
using test::OntStore;
using namespace std::string_literals;

namespace {

/// What two long texts have where they part, "" if they do not.
std::string first_difference(std::string const& a, std::string const& b) {
    auto const at = static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
    if (a == b) return {};
    auto const from = at < 60 ? 0 : at - 60;
    return fmt::format("{} | {}", a.substr(from, 120), b.substr(from, 120));
}

}  // namespace

TEST_CASE("onts import: a file that is no list of ONTs is refused, and nothing changes", "[app]") {
    struct Case {
        std::string text, message;
        Kind kind = Kind::data;
    };
    auto const [text, message, kind] = GENERATE(
        Case{"", "empty"}, Case{" \n\n", "empty"}, Case{"foo,bar\n1,2\n", "there are 'foo', 'bar'"}, Case{"{\"a\":1}", "array"},
        Case{"[{\"name\":\"a\"}", "no JSON from byte"}, Case{"[" + std::string(100'000, '['), "nested deeper"},
        Case{"\xFF\xFEn\0"s, "UTF-16"}, Case{"[{\"name\":1e999}]", "no JSON"}, Case{"\"name\n", "quote"});
    CAPTURE(text.substr(0, 40));
    OntStore onts;
    auto const error = error_of([&, wanted = text] { onts.import(wanted); });
    CHECK(error.kind() == kind);
    CHECK_THAT(error.message(), Catch::Contains(message));
    CHECK(onts.all().empty());
}

TEST_CASE("onts import: too many rows are refused before they fill the memory", "[app]") {
    OntStore onts;
    std::string csv = "name\n", json = "[{}";
    for (std::size_t i = 0; i <= app::k_max_ont_rows; ++i) {
        csv += "a\n";
        json += ",{}";
    }
    CHECK_THAT(error_of([&] { onts.import(csv); }).message(), Catch::Contains("more than 200000 rows"));
    CHECK_THAT(error_of([&] { onts.import(json + "]"); }).message(), Catch::Contains("more than 200000 rows"));
}

TEST_CASE("onts import: a bad row is told with its line and the others are kept", "[app]") {
    struct Case {
        std::string row, message;
    };
    auto const [row, message] =
        GENERATE(Case{"5,C5,,192.0.2.5,", "has no name"}, Case{"5,C5,x,10.0.0.1-20,", "not a range"},
                 Case{"5,C1,x,,", "is that of line 2 already"}, Case{"1,C5,x,,", "the id 1 is that of line 2 already"},
                 Case{"0,C5,x,,", "no number from 1 on"}, Case{"5x,C5,x,,", "no number"}, Case{"5,C5,a\x01,,", "control"},
                 Case{"5,C5,\xE9,,", "UTF-8"}, Case{"5,C5,x,,maybe", "neither yes nor no"}, Case{"5,C5", "has 2 fields"},
                 Case{"5,C5,x,a b,", "host"}, Case{"5," + std::string(65, 'c') + ",x,,", "too long"});
    CAPTURE(row);
    OntStore onts;
    auto const report = onts.import("id,customer_id,name,ip,aktif\n1,C1,Andi,192.0.2.1,ya\n" + row + "\n9,C9,Budi,,tidak\n");
    REQUIRE(report.rejected.size() == 1);
    CHECK(report.rejected[0].place == "line 3");
    CHECK(report.rejected[0].line == 3);
    CHECK_THAT(report.rejected[0].text, Catch::Contains(message));
    CHECK(report.added == 2);
    REQUIRE(onts.all().size() == 2);
    CHECK(onts.all()[1].id == 9);
    CHECK_FALSE(onts.all()[1].config.enabled);
}

TEST_CASE("onts import: bad rows of JSON", "[app]") {
    OntStore onts;
    auto const report = onts.import("[1, {\"name\":{\"a\":1}}, {\"nama\":\"Andi\"}, {\"name\":\"x\",\"junk\":\"" +
                                    std::string(70'000, 'j') + "\"}]");
    REQUIRE(report.rejected.size() == 3);
    CHECK(report.rejected[0].place == "row 1");
    CHECK(report.rejected[1].text == "\"name\" is object, not a text or a number");
    CHECK_THAT(report.rejected[2].text, Catch::Contains("does not know"));
    CHECK(onts.all().at(0).config.name == "Andi");
}

TEST_CASE("onts import: headers are found as people write them", "[app]") {
    OntStore onts;
    auto const text = GENERATE(
        "No;ID Pelanggan;NAMA;Lokasi;Lat;Lng;Alamat IP;Grup\n4;C1;Andi;Dusun A;-7,5;110,25;192.0.2.1;a, b\n"s,
        "\xEF\xBB\xBFid,id_ccbs,pelanggan,alamat,lintang,bujur,IP,tags\r\n4,C1,Andi,Dusun A,7.5 S,110.25 E,192.0.2.1,\"a,b,a\"\r\n"s,
        "no\tID\tNama\tLokasi\tLatitude\tLongitude\tHost\tgroup\n4\tC1\tAndi\tDusun A\t7 30 S\t110°15' E\t192.0.2.1\ta,b"s,
        "[{\"id\":4,\"customer_id\":\"C1\",\"name\":\" Andi \",\"location\":\"Dusun A\",\"latitude\":\"-7.5\","
        "\"longitude\":110.25,\"host\":\"192.0.2.1\",\"tags\":[\"a\",\"b\"]}]"s);
    CAPTURE(text);
    CHECK(onts.import(text).warnings.empty());
    auto const ont = onts.all().at(0);
    CHECK(ont.id == 4);
    CHECK(ont.config.customer_id == "C1");
    CHECK(ont.config.name == "Andi");
    CHECK(ont.config.location == "Dusun A");
    CHECK(ont.config.latitude == -7.5);
    CHECK(ont.config.longitude == 110.25);
    CHECK(ont.config.host == "192.0.2.1");
    CHECK(ont.config.tags == std::vector<std::string>{"a", "b"});
}

TEST_CASE("onts import: --map says what a column is, and must name one", "[app]") {
    OntStore onts;
    std::string const text = "Kode,Orang,name\nC1,Andi,nick\n";
    app::OntImportOptions options{.columns = app::OntColumnMap{{"kode=customer_id", "ORANG=name"}}};
    CHECK(app::import_onts(onts.registry, text, options).added == 1);
    CHECK(onts.all()[0].config.customer_id == "C1");
    CHECK(onts.all()[0].config.name == "Andi");
    options.columns = app::OntColumnMap{{"kodee=customer_id"}};
    CHECK(error_of([&] { app::import_onts(onts.registry, text, options); }).message() ==
          "there is no column 'kodee' in the file");
    CHECK_THROWS_AS(app::OntColumnMap{{"kode"}}, Error);
    CHECK_THROWS_AS(app::OntColumnMap{{"kode=colour"}}, Error);
}

TEST_CASE("onts import: coordinates that nobody can read cost only themselves", "[app]") {
    struct Case {
        std::string latitude, longitude, warning;
    };
    auto const [latitude, longitude, warning] = GENERATE(
        Case{"nan", "110", "'nan' is no coordinate"}, Case{"0", "0", "are 0,0"}, Case{"-97", "110", "beyond 90"},
        Case{"-7", "", "longitude"}, Case{"-7.71 2345", "110", "fraction in the middle"}, Case{"110 E", "110", "longitude"});
    CAPTURE(latitude, longitude);
    OntStore onts;
    auto const report = onts.import(fmt::format("name,lat,lon\nAndi,{},{}\nBudi,,\n", latitude, longitude));
    CHECK(report.added == 2);
    REQUIRE(report.warnings.size() == 1);
    CHECK(report.warnings[0].place == "line 2");
    CHECK_THAT(report.warnings[0].text, Catch::Contains(warning));
    CHECK_FALSE(onts.all()[0].config.latitude);
    CHECK_FALSE(onts.all()[0].config.longitude);
}

TEST_CASE("onts import: parents come in any order, are made once, and never in a circle", "[app]") {
    OntStore onts;
    auto const report = onts.import(
        "name,customer_id,olt,jenis\nAndi,C1,OLT 1,\nBudi,C2,C3,\nCici,C3,OLT 1,\nDodi,C4,C5,\nEka,C5,C4,\nFani,C6,77,\n"
        "Gita,C7,Kalasan,\nKalasan,C8,,\nKalasan,,,olt\nHani,C9,Hani,\n");
    CHECK(report.added == 10);
    CHECK(report.made == std::vector<std::string>{"OLT 1"});
    std::map<std::string, std::string> parents;
    for (auto const& ont : onts.all())
        parents[ont.config.customer_id] = ont.parent_name;
    CHECK(parents["C1"] == "OLT 1");
    CHECK(parents["C2"] == "Cici");
    CHECK(parents["C3"] == "OLT 1");
    CHECK(parents["C4"] == "Eka");
    CHECK(parents["C5"].empty());
    CHECK(parents["C7"] == "Kalasan");
    REQUIRE(report.warnings.size() == 3);
    CHECK(report.warnings[0].text == "the parent 'C4' is left out: it would hang on itself");
    CHECK_THAT(report.warnings[1].text, Catch::Contains("no such ONT"));
    CHECK_THAT(report.warnings[2].text, Catch::Contains("hang on itself"));
    auto const olt = app::require_ont(onts.store, "OLT 1");
    CHECK(olt.config.kind == "olt");
    CHECK(olt.config.host.empty());
    CHECK(app::require_ont(onts.store, app::require_ont(onts.store, "C7").config.parent.value() == 9 ? "id:9" : "none")
              .config.kind == "olt");
}

TEST_CASE("onts import: a chain of any length ends", "[app]") {
    OntStore onts;
    std::string text = "customer_id,name,parent\n";
    for (int i = 20'000; i > 0; --i)
        text += fmt::format("C{},n{},C{}\n", i, i, i % 20'000 + 1);
    auto const report = onts.import(text);
    CHECK(report.added == 20'000);
    CHECK_FALSE(report.warnings.empty());
}

TEST_CASE("onts import: what is known is a bad row, or with merge takes over what the file says", "[app]") {
    OntStore onts;
    onts.import("id,customer_id,name,location,ip,lat,lon,tags\n5,C1,Andi,Dusun A,192.0.2.1,-7.5,110.5,gold\n");
    std::string const text = "id,customer_id,name,location,ip,lat,lon\n1,C1,Andi Baru,,192.0.2.9,,\n5,C2,Budi,,,,\n";
    auto report = onts.import(text);
    CHECK(report.rejected.size() == 2);
    CHECK_THAT(report.rejected[0].text, Catch::Contains("known as ONT 5"));
    CHECK_THAT(report.rejected[1].text, Catch::Contains("there is, or was, an ONT 5 already"));
    report = onts.import(text, true);
    CHECK(report.updated == 1);
    CHECK(report.added == 1);
    auto const andi = onts.all().at(0);
    CHECK(andi.id == 5);
    CHECK(andi.config.name == "Andi Baru");
    CHECK(andi.config.location == "Dusun A");
    CHECK(andi.config.host == "192.0.2.9");
    CHECK(andi.config.latitude == -7.5);
    CHECK(andi.config.tags == std::vector<std::string>{"gold"});
    CHECK(onts.all()[1].id == 6);
    report = onts.import(text, true);
    CHECK(report.unchanged == 2);
    CHECK(report.updated + report.added == 0);
    CHECK(onts.import("customer_id,ip\nC1,192.0.2.10\n", true).updated == 1);
}

TEST_CASE("onts import: merge knows an OLT without a customer id by its name", "[app]") {
    OntStore onts;
    std::string const text = "name,kind,ip\nOLT 1,olt,192.0.2.1\nOLT 2,olt,\n";
    CHECK(onts.import(text, true).added == 2);
    CHECK(onts.import(text, true).unchanged == 2);
    CHECK(onts.import("name,kind\nOLT 1,olt\nOLT 1,olt\n", true).added == 1);
}

TEST_CASE("onts import: a rehearsal finds the same and changes nothing", "[app]") {
    OntStore onts;
    onts.import("customer_id,name\nC1,Andi\n");
    auto dry = onts.registry;
    dry.mode = app::Mode::dry_run;
    auto const report = app::import_onts(dry, "customer_id,name,olt\nC1,Andi B,\nC2,Budi,OLT 1\n", {.is_merge = true});
    CHECK(report.updated == 1);
    CHECK(report.added == 1);
    CHECK(report.made.size() == 1);
    CHECK(onts.all().size() == 1);
    CHECK_FALSE(fs::exists(onts.registry.backups_dir));
}

TEST_CASE("onts: a list of the old service comes back byte for byte", "[app]") {
    OntStore onts;
    auto const text = test::sample_wifi_sleman();
    auto const report = onts.import(text);
    CHECK(report.added == test::k_sample_rows);
    CHECK(report.warnings.size() == 1);
    CHECK(first_difference(app::to_json_array(onts.all(), app::OntShape::wifi_sleman), text) == "");
    // Also by way of our own file.
    OntStore other;
    other.import(app::to_json_array(onts.all(), app::OntShape::full));
    CHECK(first_difference(app::to_json_array(other.all(), app::OntShape::wifi_sleman), text) == "");
}

TEST_CASE("onts: the duplicates of a real list are found", "[app]") {
    OntStore onts;
    auto const text = test::sample_wifi_sleman();
    onts.import(text);
    auto const rows = app::read_ont_rows(text, {});
    auto const of_file = app::facts_of(rows);
    auto const of_store = app::facts_of(onts.all());
    for (auto const& facts : {of_file, of_store}) {
        auto const check = app::check_duplicates(facts);
        REQUIRE(check.totals.size() == 5);
        CHECK(check.totals[0].unique == 383);
        CHECK(check.totals[0].duplicated == 0);
        CHECK(check.totals[1].filled == 372);
        CHECK(check.totals[1].duplicated == 3);
        CHECK(check.totals[2].unique == 222);
        CHECK(check.totals[3].filled == 382);
        CHECK(check.totals[3].duplicated == 0);
        CHECK(check.totals[4].unique == 383);
        CHECK(check.duplicates[0].key == "ip");
        CHECK(check.duplicates[0].members == std::vector<std::size_t>{80, 380});
        CHECK(check.without_address.size() == 11);
        CHECK(check.without_place == std::vector<std::size_t>{199});
    }
    CHECK(app::check_duplicates(of_file).unreadable.size() == 1);
    CHECK(app::check_duplicates({}).duplicates.empty());
}

TEST_CASE("onts: the other old files come back byte for byte, too", "[app]") {
    OntStore onts;
    std::string const old_onts = R"json([
  {
    "id": 3,
    "id_pelanggan": "C3",
    "name": " Ändi ",
    "lokasi": "",
    "latitude": 0,
    "longitude": 0,
    "ip": "192.0.2.3 ",
    "status": "OFF(RTO)",
    "rto_count": 7,
    "last_on": "2025-11-27T01:02:03",
    "odp": {
      "port": 2
    }
  },
  {
    "id": 8,
    "id_ccbs": "C8",
    "name": "Budi",
    "lokasi": "Dusun",
    "latitude": -7,
    "longitude": 110.5,
    "ip": "",
    "status": "ON",
    "rto_count": 0,
    "last_on": null
  }
])json";
    onts.import(old_onts);
    CHECK(app::to_json_array(onts.all(), app::OntShape::onts) == old_onts);
    // What is changed is no longer as the file had it.
    app::edit_ont(onts.registry, "C3", {.name = "Andi", .latitude = "-7.25", .longitude = "110"});
    auto const changed = app::to_json_array(onts.all(), app::OntShape::wifi_sleman);
    CHECK_THAT(changed, Catch::Contains("\"name\": \"Andi\",") && Catch::Contains("\"latitude\": -7.25,") &&
                            Catch::Contains("\"odp\"") && !Catch::Contains("rto_count"));
    OntStore others;
    std::string const csvjson = R"json([
  {
    "no": 1,
    "ID": 4711,
    "Nama": "Cici",
    "Lokasi": "Dusun B",
    "Latitude": "7°47'44\" S",
    "Longitude": "110.3 E",
    "IP": "192.0.2.4",
    "Status": ""
  },
  {
    "no": 5,
    "ID": "C5",
    "Nama": "Dodi",
    "Lokasi": "",
    "Latitude": "",
    "Longitude": "",
    "IP": "",
    "Status": ""
  }
])json";
    others.import(csvjson);
    CHECK(app::to_json_array(others.all(), app::OntShape::csvjson) == csvjson);
    CHECK(others.all()[1].id == 2);
    CHECK(others.all()[0].config.customer_id == "4711");
    CHECK_THAT(app::to_json_array(others.all(), app::OntShape::wifi_sleman),
               Catch::Contains("\"id_ccbs\": \"4711\"") && Catch::Contains("\"latitude\": -7.79") &&
                   Catch::Contains("\"latitude\": 0,") && !Catch::Contains("Status"));
}

TEST_CASE("onts: CSV comes back as it went out", "[app]") {
    OntStore onts;
    onts.add("OLT; 1", {.kind = "olt"});
    onts.add("=cmd", {.customer_id = "C1",
                      .location = "a \"b\", c",
                      .host = "192.0.2.1",
                      .latitude = "-7.5",
                      .longitude = "110.25",
                      .parent = "1",
                      .tags = {{"x", "y z"}},
                      .enabled = false});
    auto const csv = app::to_csv(onts.all());
    CHECK_THAT(csv, Catch::Contains("\"'=cmd\"") || Catch::Contains(",'=cmd,"));
    OntStore other;
    CHECK(other.import(csv).rejected.empty());
    CHECK(app::to_csv(other.all()) == csv);
    CHECK(other.all()[1].config == onts.all()[1].config);
}
