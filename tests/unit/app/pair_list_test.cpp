#include "lib/app/pair_list.hpp"

#include <catch2/catch.hpp>

#include "lib/base/error.hpp"

using namespace bioctl;

namespace {

std::string refusal_of(std::string_view text) {
    try {
        (void)app::read_pairs(text, "root", 10);
    } catch (Error const& error) {
        CHECK(error.kind() == Kind::data);
        return error.message();
    }
    return "accepted";
}

}  // namespace

TEST_CASE("a list of LFW names photos and deals them to folds", "[app]") {
    auto const list = app::read_pairs("2\nAnn_Lee\t1\t2\nBo 3 12\nAnn_Lee 1 Bo 3\r\nBo 12 Cy 1\n", "root", 2);
    REQUIRE(list.pairs.size() == 4);
    REQUIRE(list.photos.size() == 5);
    CHECK(list.photos[0].path == "root/Ann_Lee/Ann_Lee_0001.jpg");
    CHECK(list.photos[3].path == "root/Bo/Bo_0012.jpg");
    CHECK(list.photos[3].person == "Bo");
    CHECK(list.pairs[0].is_same);
    CHECK(list.pairs[3].a == 3);
    CHECK_FALSE(list.pairs[3].is_same);
    CHECK(list.pairs[0].fold == 0);
    CHECK(list.pairs[1].fold == 1);
    CHECK(list.folds == 2);
}

TEST_CASE("a list of LFW with folds of its own keeps them", "[app]") {
    auto const list = app::read_pairs("2 1\nA 1 2\nA 1 B 1\nB 1 2\nB 1 A 2\n", "", 10);
    CHECK(list.folds == 2);
    REQUIRE(list.pairs.size() == 4);
    CHECK(list.pairs[1].fold == 0);
    CHECK(list.pairs[2].fold == 1);
    CHECK(list.pairs[2].is_same);
}

TEST_CASE("a damaged list of LFW is refused by line", "[app]") {
    CHECK(refusal_of("2\nA 1 2\n") == "line 2: the list ends early; it holds fewer pairs than its first line says");
    CHECK(refusal_of("1\nA 1 2\nA 1 B 2\nA 1 2\n").find("line 4: more lines") == 0);
    CHECK(refusal_of("1\nA 1 B 2\nA 1 2\n").find("line 2: is not of the form 'NAME I J'") == 0);
    CHECK(refusal_of("1\nA 1 2\nA 1 A 2\n").find("line 3: one person") == 0);
    CHECK(refusal_of("1\nA x 2\nA 1 B 2\n").find("line 2: 'x' is no number") == 0);
    CHECK(refusal_of("1\n../x 1 2\nA 1 B 2\n").find("line 2: '../x' is no name") == 0);
    CHECK(refusal_of("1\nA 1 1\nA 1 B 2\n").find("line 2: a pair of a photo with itself") == 0);
    CHECK(refusal_of("0\n").find("line 1") == 0);
    CHECK(refusal_of("99999999999\n").find("line 1") == 0);
    CHECK(refusal_of("1 5\n").find("line 1: 2 to 1000 folds") == 0);
}

TEST_CASE("a CSV of pairs takes people from their columns or from the folders", "[app]") {
    auto const list = app::read_pairs("same,a,b\nyes,ann/1.jpg,ann/2.jpg\n0,ann/1.jpg,/x/bo/1.jpg\n", "root", 10);
    REQUIRE(list.photos.size() == 3);
    CHECK(list.photos[2].path == "/x/bo/1.jpg");
    CHECK(list.photos[2].person == "bo");
    CHECK(list.pairs[0].is_same);
    auto const named = app::read_pairs("a;b;same;person_a;person_b;fold\n1.jpg;2.jpg;1;p;p;2\n1.jpg;3.jpg;0;p;q;1\n", "", 10);
    CHECK(named.photos[2].person == "q");
    CHECK(named.folds == 2);
    CHECK(named.pairs[0].fold == 1);
}

TEST_CASE("a CSV that contradicts itself is refused by line", "[app]") {
    CHECK(refusal_of("").find("line 1: neither") == 0);
    CHECK(refusal_of("a,b\nx,y\n").find("line 1: neither") == 0);
    CHECK(refusal_of("a,b,same\n").find("the list holds no pairs") == 0);
    CHECK(refusal_of("a,b,same\np/1,q/1,1\n").find("line 2: 'p' and 'q' are said to be one person") == 0);
    CHECK(refusal_of("a,b,same\np/1,p/2,0\n").find("line 2") == 0);
    CHECK(refusal_of("a,b,same\np/1,p/1,1\n").find("line 2: a pair of a photo with itself") == 0);
    CHECK(refusal_of("a,b,same\np/1,p/2,maybe\n").find("line 2: 'maybe'") == 0);
    CHECK(refusal_of("a,b,same\np/1,,1\n").find("line 2: a photo is missing") == 0);
    CHECK(refusal_of("a,b,same,fold\np/1,p/2,1,0\n").find("line 2: a fold") == 0);
    CHECK(refusal_of("a,b,same,person_a,person_b\n1,2,1,p,p\n1,3,0,q,r\n").find("line 3: 1 is of 'q'") == std::string::npos);
    CHECK(refusal_of("a,b,same,person_a,person_b\n1,2,1,p,p\n1,3,0,q,r\n").find("line 3") == 0);
    CHECK(refusal_of("a,b,same,same\np/1,p/2,1,1\n").find("line 1: the column 'same' is there twice") == 0);
}
