// Stored palms.

#include <algorithm>

#include "lib/palm/template.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace bioctl;

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const bytes = fuzz::bytes_of(data, size);
    auto const t = palm::from_bytes(bytes);
    if (!fuzz::is_taken(t)) return 0;
    fuzz::require(t->codes.size() == 1 || t->codes.size() == 2, "a template has one code or two");
    auto const back = palm::to_bytes(*t);
    fuzz::require(std::equal(back.begin(), back.end(), bytes.begin(), bytes.end()), "there is one way to write a template");
    return 0;
}
