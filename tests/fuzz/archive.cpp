// Compressed models.

#include "lib/net/unpack.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/support/temp_dir.hpp"

using namespace bioctl;

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    constexpr std::uint64_t k_most = 100'000;
    static test::TempDir const folder;
    auto const from = folder / "packed", to = folder / "model.dat";
    test::write_text(from, fuzz::text_of(data, size));
    if (fuzz::is_taken(net::unpack(from, ".dat", to, k_most)))
        fuzz::require(test::fs::file_size(to) <= k_most, "nothing grows beyond its limit");
    return 0;
}
