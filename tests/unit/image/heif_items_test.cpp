#include "lib/image/rare_heif_items.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/unit/image/heif_boxes.hpp"

using bioctl::image::can_be_put_together;
using namespace bioctl::image::test;

namespace {

struct Reference {
    char const* type;
    unsigned from;
    std::vector<unsigned> to;
};

bool ends(std::vector<Reference> const& references, int id_bytes = 2) {
    auto content = number(id_bytes == 2 ? 0 : 1, 1) + number(0, 3);
    for (auto const& [type, from, to] : references) {
        auto entry = number(from, id_bytes) + number(to.size(), 2);
        for (auto const item : to)
            entry += number(item, id_bytes);
        content += box(type, entry);
    }
    auto const file = box("meta", number(0, 4) + box("iref", content));
    return can_be_put_together({reinterpret_cast<unsigned char const*>(file.data()), file.size()});
}

/// One picture made of the next, and so on.
std::vector<Reference> chain(unsigned steps) {
    std::vector<Reference> references;
    for (unsigned i = 0; i < steps; ++i)
        references.push_back({"dimg", i, {i + 1}});
    return references;
}

}  // namespace

TEST_CASE("pictures of tiles, with an opacity and a small one beside, are put together", "[image]") {
    CHECK(ends({}));
    CHECK(ends({{"dimg", 1, {2, 3, 4, 5}}, {"auxl", 6, {1}}, {"thmb", 7, {1}}, {"cdsc", 8, {1}}}));
    CHECK(ends({{"dimg", 1, {2, 2, 2}}, {"dimg", 9, {1, 1}}}, 4));  // one tile at many places
    CHECK(ends(chain(8)));
    CHECK(ends({{"thmb", 1, {2}}, {"thmb", 2, {1}}}));  // nobody follows these
}

TEST_CASE("pictures that are made of each other without end are not", "[image]") {
    CHECK_FALSE(ends({{"dimg", 2, {2}}}));
    CHECK_FALSE(ends({{"dimg", 2, {1, 2}}}, 4));
    CHECK_FALSE(ends({{"dimg", 1, {2}}, {"dimg", 2, {3}}, {"dimg", 3, {9, 1}}}));
    CHECK_FALSE(ends({{"auxl", 1, {2}}, {"auxl", 2, {1}}}));  // each the opacity of the other
    CHECK_FALSE(ends({{"dimg", 1, {2}}, {"auxl", 1, {2}}}));
    CHECK_FALSE(ends(chain(9)));
    CHECK_FALSE(ends(chain(60'000)));
    auto backwards = chain(200);
    std::reverse(backwards.begin(), backwards.end());
    CHECK_FALSE(ends(backwards));
    // Each level is ten of the next.
    std::vector<Reference> powers;
    for (unsigned i = 0; i < 6; ++i)
        powers.push_back({"dimg", i, std::vector<unsigned>(10, i + 1)});
    CHECK_FALSE(ends(powers));
    powers.pop_back();
    powers.pop_back();
    CHECK(ends(powers));
}
