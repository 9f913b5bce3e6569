#pragma once
// NumPy's .npy files of embeddings (format 1.0 to 3.0, https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).

#include <cstdint>
#include <string>
#include <vector>

#include "lib/base/bytes.hpp"
#include "lib/base/result.hpp"

namespace bioctl::match {

enum class Precision { float32, float64 };

struct NpyMatrix {
    std::size_t rows = 0, columns = 0;
    Precision precision = Precision::float64;  ///< of the file
    std::vector<double> values;                ///< row-major; float32 values are exact in double
};

/// (N, D) or (D,), '<f4' '<f8' '>f4' '>f8', C or Fortran order. Kind::data for object arrays (pickle), other types, NaN,
/// infinity, rows of zeros, sizes that do not fit the file. Nothing is ever unpickled.
Result<NpyMatrix> parse_npy(ByteView file);

/// Format 1.0, C order, little-endian, the matrix's precision.
[[nodiscard]] Bytes write_npy(NpyMatrix const& matrix);

}  // namespace bioctl::match
