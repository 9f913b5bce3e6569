#include "lib/app/people_alike.hpp"

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include "lib/app/contact_sheet.hpp"
#include "lib/palm/template.hpp"
#include "tests/unit/app/people_support.hpp"

using namespace bioctl;

namespace {

std::vector<std::vector<std::string>> groups_within(test::PeopleStore& people, float threshold) {
    app::EnrolledSamples const enrolled{people.store, store::Modality::face, people.models.contract(), match::Metric::l2};
    std::vector<std::vector<std::string>> groups;
    for (auto const& group : app::find_alike(people.store, enrolled, store::Modality::face, threshold, 2)) {
        groups.emplace_back();
        for (auto const& alike : group)
            groups.back().push_back(fmt::format("{}-{}", alike.person_id, alike.nearest));
    }
    return groups;
}

using Groups = std::vector<std::vector<std::string>>;

}  // namespace

TEST_CASE("people who are near each other are one group, also over a third", "[app]") {
    test::PeopleStore people;
    CHECK(groups_within(people, 1).empty());
    people.add("ann", {0, 0, 0});
    CHECK(groups_within(people, 1).empty());
    people.add("ann", {5, 0, 0});
    people.add("bo", {5.3F, 0, 0});
    people.add("cy", {5.7F, 0, 0});
    people.add("dan", {20, 0, 0});
    people.add("eve", {20.2F, 0, 0});
    people.add("fay", {40, 0, 0});
    // A person's own templates are no doubles.
    people.add("fay", {40, 0, 0});
    CHECK(groups_within(people, .5F) == Groups{{"ann-bo", "bo-ann", "cy-bo"}, {"dan-eve", "eve-dan"}});
    CHECK(groups_within(people, .25F) == Groups{{"dan-eve", "eve-dan"}});
    CHECK(groups_within(people, .1F).empty());
}

TEST_CASE("a group tells distance, templates and a portrait", "[app]") {
    test::PeopleStore people;
    people.add("ann", {0, 0, 0});
    people.add_with_crop("ann", {1, 0, 0}, "faces/a/1.jpg");
    people.add("bo", {1.25F, 0, 0});
    app::EnrolledSamples const enrolled{people.store, store::Modality::face, people.models.contract(), match::Metric::l2};
    auto const groups = app::find_alike(people.store, enrolled, store::Modality::face, 1, 1);
    REQUIRE(groups.size() == 1);
    REQUIRE(groups[0].size() == 2);
    CHECK(groups[0][0].templates == 2);
    CHECK(groups[0][0].crop == "faces/a/1.jpg");
    CHECK(groups[0][0].distance == Approx(.25));
    CHECK(groups[0][1].crop.empty());
}

TEST_CASE("templates of other models are not compared", "[app]") {
    test::PeopleStore people;
    people.add("ann", {0, 0, 0});
    auto other = people.row("bo", {0, 0, 0});
    other.contract = "another";
    people.add(other);
    CHECK(groups_within(people, 1).empty());
}

TEST_CASE("the palms of one hand are compared, a left and a right one of a person are not", "[app]") {
    test::PeopleStore people;
    auto const palm = [&](std::string const& person, palm::Side side, std::uint32_t bits) {
        palm::Template made{.side = side, .codes = {match::Code{}}};
        made.codes[0].mask.fill(~0U);
        for (auto& plane : made.codes[0].planes)
            plane.fill(bits);
        auto row = people.row(person, {});
        row.modality = store::Modality::palm;
        row.contract = palm::k_pipeline;
        row.code = palm::to_bytes(made);
        people.add(row);
    };
    palm("ann", palm::Side::left, 0x0F0F0F0F);
    palm("ann", palm::Side::left, 0x0F0F0F1F);
    palm("ann", palm::Side::right, 0x33333333);
    palm("bo", palm::Side::left, 0x00000000);
    app::EnrolledSamples const enrolled{people.store, store::Modality::palm, people.models.contract(), match::Metric::unit};
    REQUIRE(enrolled.samples().size() == 4);
    CHECK(enrolled.distance(0, 0) == 0);
    CHECK(enrolled.distance(0, 1) > 0);
    CHECK(enrolled.distance(0, 1) < .1F);
    auto const trials = app::trials_within(enrolled.samples(), enrolled.measure(), 1);
    CHECK(trials.genuine.size() == 1);
    CHECK(trials.impostors.size() == 3);
}

TEST_CASE("a contact sheet shows hostile names as text and stays without pictures that are gone", "[app]") {
    std::vector<app::SheetGroup> const groups{
        {"<b>", {{"/nowhere.jpg", "<script>alert(1)</script>", "\x01"}, {"", "b", ""}, {"", "c", ""}}}};
    auto const page = app::contact_sheet("t", "i", groups, {}, {}, 2);
    CHECK(page.find("<script>") == std::string::npos);
    CHECK(page.find("<b>") == std::string::npos);
    CHECK(page.find("<img") == std::string::npos);
    CHECK(page.find("and 1 more") != std::string::npos);
    CHECK(page.find('\x01') == std::string::npos);
}
