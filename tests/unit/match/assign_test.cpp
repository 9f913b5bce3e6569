#include <catch2/catch.hpp>

#include <limits>
#include <optional>
#include <vector>

#include "lib/match/gallery.hpp"

using namespace bioctl::match;

namespace {

constexpr PersonIndex k_ann = 0, k_bob = 1, k_cid = 2;

using Names = std::vector<std::optional<PersonIndex>>;

Names names(std::vector<std::vector<Candidate>> const& candidates, Rule const& rule) {
    Names result;
    for (auto const& decision : assign(candidates, rule)) {
        result.push_back(decision.match ? std::optional{decision.match->person} : std::nullopt);
    }
    return result;
}

}  // namespace

TEST_CASE("a photo without faces has no decisions", "[match]") {
    CHECK(assign({}, {.threshold = 0.5F}).empty());
}

TEST_CASE("a face without candidates, or with one too far away, stays unknown", "[match]") {
    CHECK(names({{}, {{k_ann, 0.6F}}}, {.threshold = 0.5F}) == Names{std::nullopt, std::nullopt});
}

TEST_CASE("a threshold that is not a number matches nobody", "[match]") {
    CHECK(names({{{k_ann, 0.1F}}}, {.threshold = std::numeric_limits<float>::quiet_NaN()}) == Names{std::nullopt});
}

TEST_CASE("a match may be exactly at the threshold", "[match]") {
    CHECK(names({{{k_ann, 0.5F}}}, {.threshold = 0.5F}) == Names{k_ann});
}

TEST_CASE("candidates are reported nearest first whatever the threshold says", "[match]") {
    auto const decisions = assign({{{k_bob, 0.7F}, {k_ann, 0.9F}}}, {.threshold = 0.5F});
    REQUIRE(decisions.size() == 1);
    CHECK_FALSE(decisions[0].match);
    REQUIRE(decisions[0].candidates.size() == 2);
    CHECK(decisions[0].candidates[0].person == k_bob);
}

TEST_CASE("a person goes to the nearest face, wherever it stands", "[match]") {
    Rule const rule{.threshold = 0.5F};
    CHECK(names({{{k_ann, 0.40F}, {k_bob, 0.90F}}, {{k_ann, 0.30F}, {k_bob, 0.80F}}}, rule) == Names{std::nullopt, k_ann});
}

TEST_CASE("a face whose person was given away falls back on its next one", "[match]") {
    Rule const rule{.threshold = 0.5F};
    CHECK(names({{{k_ann, 0.30F}, {k_bob, 0.45F}}, {{k_ann, 0.20F}, {k_bob, 0.60F}}}, rule) == Names{k_bob, k_ann});
}

TEST_CASE("of two faces equally near to a person the earlier one gets it", "[match]") {
    CHECK(names({{{k_ann, 0.3F}}, {{k_ann, 0.3F}}}, {.threshold = 0.5F}) == Names{k_ann, std::nullopt});
}

TEST_CASE("of two people equally near to a face the earlier candidate is taken", "[match]") {
    CHECK(names({{{k_bob, 0.3F}, {k_ann, 0.3F}}}, {.threshold = 0.5F}) == Names{k_bob});
}

TEST_CASE("a face between two people is unknown when a margin is asked for", "[match]") {
    CHECK(names({{{k_ann, 0.30F}, {k_bob, 0.35F}}}, {.threshold = 0.5F, .margin = 0.1F}) == Names{std::nullopt});
    CHECK(names({{{k_ann, 0.30F}, {k_bob, 0.45F}}}, {.threshold = 0.5F, .margin = 0.1F}) == Names{k_ann});
}

TEST_CASE("the margin counts people beyond the threshold too", "[match]") {
    CHECK(names({{{k_ann, 0.48F}, {k_bob, 0.52F}}}, {.threshold = 0.5F, .margin = 0.1F}) == Names{std::nullopt});
}

TEST_CASE("an only person has no rival to keep a margin from", "[match]") {
    CHECK(names({{{k_ann, 0.30F}}}, {.threshold = 0.5F, .margin = 0.1F}) == Names{k_ann});
}

TEST_CASE("a face that fails the margin does not get its second choice instead", "[match]") {
    CHECK(names({{{k_ann, 0.30F}, {k_bob, 0.31F}, {k_cid, 0.9F}}}, {.threshold = 0.5F, .margin = 0.1F}) == Names{std::nullopt});
}

TEST_CASE("a person given to another face is no rival any more", "[match]") {
    Rule const rule{.threshold = 0.5F, .margin = 0.1F};
    CHECK(names({{{k_ann, 0.10F}, {k_bob, 0.60F}}, {{k_bob, 0.40F}, {k_ann, 0.42F}, {k_cid, 0.70F}}}, rule) ==
          Names{k_ann, k_bob});
}
