#include <catch2/catch.hpp>

#include <cmath>
#include <cstring>
#include <limits>
#include <random>

#include "lib/app/people_transfer.hpp"

using namespace bioctl;
using app::from_json_line;
using app::to_json_line;

namespace {

std::string refusal(std::string_view line) {
    auto const person = from_json_line(line);
    REQUIRE_FALSE(person);
    CHECK(person.error().kind() == Kind::data);
    return person.error().message();
}

std::string with_template(std::string const& fields) {
    return R"({"person_id":"a","templates":[{)" + fields + "}]}";
}

bool same_bits(std::vector<double> const& a, std::vector<double> const& b) {
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0;
}

app::TransferPerson person_with(std::vector<double> values, match::Precision precision) {
    app::TransferPerson person{"a", "A", "0123456789abcdef", "dlib-resnet-v1", {}};
    person.templates.push_back({std::move(values), precision, {}});
    return person;
}

}  // namespace

TEST_CASE("a line that is no person is refused with the reason", "[app]") {
    CHECK_THAT(refusal("{"), Catch::Contains("is not JSON"));
    CHECK_THAT(refusal("\xff\xfe"), Catch::Contains("is not JSON"));
    CHECK_THAT(refusal("[]"), Catch::Contains("no JSON object"));
    CHECK_THAT(refusal("{}"), Catch::Contains("no 'person_id'"));
    CHECK_THAT(refusal(R"({"person_id":1})"), Catch::Contains("'person_id' is not text"));
    CHECK_THAT(refusal(R"({"person_id":"a"})"), Catch::Contains("'templates' is missing"));
    CHECK_THAT(refusal(R"({"type":"face","person_id":"a","templates":[]})"), Catch::Contains("not 'person'"));
    CHECK_THAT(refusal(R"({"person_id":"a","templates":[1]})"), Catch::Contains("no object"));
}

TEST_CASE("a template with a field of the wrong kind is refused", "[app]") {
    CHECK_THAT(refusal(with_template("")), Catch::Contains("'vector' is missing"));
    CHECK_THAT(refusal(with_template(R"("vector":[1,"2"])")), Catch::Contains("no number"));
    CHECK_THAT(refusal(with_template(R"("vector":[1e999])")), Catch::Contains("is not JSON"));
    CHECK_THAT(refusal(with_template(R"("vector":[1],"precision":"half")")), Catch::Contains("neither float32 nor float64"));
    CHECK_THAT(refusal(with_template(R"("vector":[1],"quality":2)")), Catch::Contains("from 0 to 1"));
    CHECK_THAT(refusal(with_template(R"("vector":[1],"rotation":1.5)")), Catch::Contains("whole number"));
    CHECK_THAT(refusal(with_template(R"("vector":[1],"rotation":45)")), Catch::Contains("multiple of 90"));
    CHECK_THAT(refusal(with_template(R"("vector":[1],"box":{"top":2,"bottom":1})")), Catch::Contains("ends before it begins"));
    CHECK_THAT(refusal(with_template(R"("vector":[1],"photo_sha256":"xy")")), Catch::Contains("64 hex digits"));
    CHECK_THAT(refusal(with_template(R"("vector":[1],"box":[])")), Catch::Contains("'box'"));
    CHECK_THAT(refusal(with_template(R"("vector":[1],"created_at":"yesterday")")), Catch::Contains("created_at"));
}

TEST_CASE("deep nesting and long lists are refused", "[app]") {
    CHECK_THAT(refusal(std::string(1'000'000, '[')), Catch::Contains("nested deeper"));
    std::string many;
    for (int i = 0; i < 10'001; ++i)
        many += many.empty() ? "{}" : ",{}";
    CHECK_THAT(refusal(R"({"person_id":"a","templates":[)" + many + "]}"), Catch::Contains("more than 10000"));
    std::string wide = "1";
    for (int i = 0; i < 5'000; ++i)
        wide += ",1";
    CHECK_THAT(refusal(with_template("\"vector\":[" + wide + "]")), Catch::Contains("more than 4096"));
}

TEST_CASE("every prefix of a good line is refused and none crashes", "[app]") {
    auto const line = to_json_line(person_with({0.1, -2.5, 3e-7}, match::Precision::float64));
    for (std::size_t length = 0; length < line.size(); ++length)
        CHECK_FALSE(from_json_line(line.substr(0, length)));
    CHECK(from_json_line(line));
}

TEST_CASE("numbers come back with the same bits", "[app]") {
    std::vector<double> values{0.0, -0.0, 1.0, -1.0, 0.1, 1e-310, std::numeric_limits<double>::max(), std::nextafter(1.0, 2.0)};
    std::mt19937_64 random{42};
    std::normal_distribution<double> normal{0, 0.1};
    for (int i = 0; i < 1'000; ++i)
        values.push_back(normal(random));
    for (int i = 0; i < 1'000; ++i)
        values.push_back(static_cast<double>(static_cast<float>(normal(random))));
    auto const back = from_json_line(to_json_line(person_with(values, match::Precision::float64)));
    REQUIRE(back);
    CHECK(same_bits(back->templates.at(0).values, values));
    CHECK(back->templates[0].precision == match::Precision::float64);
}

TEST_CASE("what is known of a template travels with it", "[app]") {
    auto person = person_with({1, 2, 3}, match::Precision::float32);
    auto& row = person.templates[0].row;
    row.quality = 0.9F;
    row.photo = sha256(as_bytes("photo"));
    row.face_index = 2;
    row.source = "/photos/\u00e4 \"quoted\".jpg";
    row.box_top = -3;
    row.box_right = 40;
    row.box_bottom = 50;
    row.box_left = 6;
    row.rotation = 90;
    row.created_at = from_ms(1'900'000'000'123);
    auto const back = from_json_line(to_json_line(person));
    REQUIRE(back);
    CHECK(back->person_id == "a");
    CHECK(back->name == "A");
    CHECK(back->contract == "0123456789abcdef");
    CHECK(back->space == "dlib-resnet-v1");
    auto const& t = back->templates.at(0).row;
    CHECK(t.quality == row.quality);
    CHECK(t.photo == row.photo);
    CHECK(t.face_index == 2);
    CHECK(t.source == row.source);
    CHECK(t.box_top == -3);
    CHECK(t.box_right == 40);
    CHECK(t.box_bottom == 50);
    CHECK(t.box_left == 6);
    CHECK(t.rotation == 90);
    CHECK(t.created_at == row.created_at);
}

TEST_CASE("a source that is no UTF-8 is left out of the line", "[app]") {
    auto person = person_with({1}, match::Precision::float32);
    person.templates[0].row.source = "/photos/\xff.jpg";
    auto const back = from_json_line(to_json_line(person));
    REQUIRE(back);
    CHECK(back->templates.at(0).row.source.empty());
}

TEST_CASE("somebody without templates is a line too", "[app]") {
    auto const back = from_json_line(to_json_line({"a", "", "c", "s", {}}));
    REQUIRE(back);
    CHECK(back->templates.empty());
}

TEST_CASE("numbers that cannot be a template are refused", "[app]") {
    auto const why = [](std::vector<double> const& values) {
        store::Template row;
        auto const set = app::set_values(row, values, match::Precision::float64, 3);
        return set ? std::string{} : set.error().message();
    };
    CHECK_THAT(why({1, 2}), Catch::Contains("has 2 numbers"));
    CHECK_THAT(why({1, 2, std::nan("")}), Catch::Contains("NaN"));
    CHECK_THAT(why({1, 2, HUGE_VAL}), Catch::Contains("infinite"));
    CHECK_THAT(why({1, 2, 1e200}), Catch::Contains("beyond float32"));
    CHECK_THAT(why({0, -0.0, 0}), Catch::Contains("all zeros"));
    CHECK_THAT(why({1e-200, 0, 0}), Catch::Contains("all zeros"));
    CHECK(why({1, 2, 3}).empty());
}

TEST_CASE("float64 values are kept only where float32 cannot hold them", "[app]") {
    store::Template row;
    REQUIRE(app::set_values(row, std::vector{0.5, 0.25, 1.0}, match::Precision::float64, 3));
    CHECK(row.exact.empty());
    CHECK(row.double_precision);
    REQUIRE(app::set_values(row, std::vector{0.1, 0.25, 1.0}, match::Precision::float64, 3));
    CHECK(app::values_of(row) == std::vector{0.1, 0.25, 1.0});
    CHECK(row.vector.at(0) == 0.1F);
}
