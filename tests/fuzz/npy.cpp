// NumPy's files of embeddings.

#include "lib/match/npy.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace bioctl;

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const matrix = match::parse_npy(fuzz::bytes_of(data, size));
    if (!fuzz::is_taken(matrix)) return 0;
    fuzz::require(matrix->values.size() == matrix->rows * matrix->columns, "a matrix has all its values");
    auto const back = match::parse_npy(match::write_npy(*matrix));
    fuzz::require(back && back->values == matrix->values, "a matrix of ours keeps its values");
    return 0;
}
