#include "lib/match/code_gallery.hpp"

#include <catch2/catch.hpp>

#include <fmt/format.h>

#include "tests/unit/match/codes.hpp"

using namespace bioctl;
using match::CodeGallery;
using match::CodeProbe;
using match::CodeQuery;
using test::random_code;
using test::with_noise;

namespace {

CodeQuery query(match::Code const& code) {
    CodeQuery q;
    q.centred.emplace_back(code);
    return q;
}

}  // namespace

TEST_CASE("an empty gallery of codes finds nobody", "[match]") {
    std::mt19937 random{1};
    CHECK(CodeGallery{}.search(query(random_code(random)), 3).empty());
}

TEST_CASE("a person is as near as the nearest of their codes, and the nearest person comes first", "[match]") {
    std::mt19937 random{2};
    auto const code = random_code(random);
    CodeGallery gallery;
    gallery.add("zoe", random_code(random));
    gallery.add("adam", with_noise(code, random, 8));
    gallery.add("zoe", with_noise(code, random, 20));
    gallery.add("bob", random_code(random));
    CHECK(gallery.codes() == 4);
    CHECK(gallery.people() == 3);
    auto const found = gallery.search(query(code), 2);
    REQUIRE(found.size() == 2);
    CHECK(gallery.person_id(found[0].person) == "zoe");
    CHECK(found[0].distance == Approx(1 / 20.0).margin(.02));
    CHECK(gallery.person_id(found[1].person) == "adam");
    CHECK(gallery.search(query(code), 99).size() == 3);
}

TEST_CASE("equally near people of codes come in the order of addition", "[match]") {
    std::mt19937 random{3};
    auto const code = random_code(random);
    CodeGallery gallery;
    for (auto const* id : {"c", "a", "b"})
        gallery.add(id, code);
    auto const found = gallery.search(query(code), 2);
    REQUIRE(found.size() == 2);
    CHECK(found[0].person == 0);
    CHECK(found[1].person == 1);
}

TEST_CASE("the poses find whom the centred code only comes near", "[match]") {
    std::mt19937 random{4};
    auto const code = random_code(random);
    CodeGallery gallery;
    for (int i = 0; i < 2000; ++i)
        gallery.add(fmt::format("p{}", i), random_code(random));
    gallery.add("alice", code);
    // As turned a little: three bits in eight differ, which still is nearer than anybody else.
    auto q = query(with_noise(with_noise(code, random, 4), random, 4));
    auto const before = gallery.search(q, 1).front();
    REQUIRE(gallery.person_id(before.person) == "alice");
    CHECK(before.distance > .3F);
    q.posed.emplace_back(with_noise(code, random, 10));
    auto const found = gallery.search(q, 1).front();
    CHECK(gallery.person_id(found.person) == "alice");
    CHECK(found.distance < .15F);
    CHECK(found.distance == q.distance_to(code));
}

TEST_CASE("in a small gallery every code meets every pose", "[match]") {
    std::mt19937 random{5};
    CodeGallery gallery;
    std::vector<match::Code> codes;
    for (std::size_t i = 0; i < CodeGallery::k_least_posed; ++i) {
        codes.push_back(random_code(random));
        gallery.add(fmt::format("p{}", i), codes.back());
    }
    auto q = query(random_code(random));
    for (int i = 0; i < 3; ++i)
        q.posed.emplace_back(random_code(random));
    for (auto const& candidate : gallery.search(q, codes.size()))
        CHECK(candidate.distance == q.distance_to(codes[candidate.person]));
}
