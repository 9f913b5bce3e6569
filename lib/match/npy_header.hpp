#pragma once
// The header of a .npy file: magic, version, and a Python dictionary in text. Private to match/.

#include <bit>
#include <cstdint>
#include <string>
#include <vector>

#include "lib/base/bytes.hpp"
#include "lib/base/result.hpp"
#include "lib/match/npy.hpp"

namespace bioctl::match {

enum class Order { rows_first, columns_first };  ///< C, Fortran

struct NpyHeader {
    Precision precision = Precision::float64;
    std::endian endian = std::endian::little;
    Order order = Order::rows_first;
    std::vector<std::uint64_t> shape;  ///< as written: any number of dimensions, any sizes
    std::size_t size = 0;              ///< bytes before the values
};

/// Kind::data if it is not a .npy file, or its values are not floating-point numbers of 4 or 8 bytes.
Result<NpyHeader> parse_npy_header(ByteView file);

/// Format 1.0 for a matrix in C order and little-endian, padded as NumPy does so that the values begin at a multiple of 64.
[[nodiscard]] std::string npy_header(Precision precision, std::size_t rows, std::size_t columns);

}  // namespace bioctl::match
