// The history of pings as it is packed in the store.

#include "lib/base/deflate.hpp"
#include "lib/ont/history_code.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace bioctl;

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    constexpr std::size_t k_most = 100'000;
    auto const bytes = fuzz::bytes_of(data, size);
    auto const inflated = inflate(bytes, k_most);
    if (fuzz::is_taken(inflated)) fuzz::require(inflated->size() <= k_most, "nothing grows beyond its limit");
    auto const buckets = ont::unpack(bytes);
    if (!fuzz::is_taken(buckets)) return 0;
    fuzz::require(ont::unpack(ont::pack(*buckets)).or_throw() == *buckets, "a history keeps its values");
    for (std::size_t slot = 0; slot < 3; ++slot)
        static_cast<void>(ont::sample_at(bytes, slot));
    return 0;
}
