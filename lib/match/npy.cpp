#include "lib/match/npy.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "lib/match/npy_header.hpp"

namespace bioctl::match {

namespace {

static_assert(std::endian::native == std::endian::little, "values are copied to and from little-endian files");

std::size_t width(Precision precision) {
    return precision == Precision::float32 ? sizeof(float) : sizeof(double);
}

template <class Float>
double value_at(std::byte const* bytes, std::endian endian) {
    std::array<std::byte, sizeof(Float)> raw{};
    std::memcpy(raw.data(), bytes, raw.size());
    if (endian == std::endian::big) std::reverse(raw.begin(), raw.end());
    return static_cast<double>(std::bit_cast<Float>(raw));
}

std::vector<double> read_values(ByteView bytes, NpyHeader const& header, std::size_t rows, std::size_t columns) {
    auto const read = header.precision == Precision::float32 ? value_at<float> : value_at<double>;
    auto const step = width(header.precision);
    std::vector<double> values(rows * columns);
    for (std::size_t row = 0; row < rows; ++row) {
        for (std::size_t column = 0; column < columns; ++column) {
            auto const at = header.order == Order::rows_first ? row * columns + column : column * rows + row;
            values[row * columns + column] = read(bytes.data() + at * step, header.endian);
        }
    }
    return values;
}

// Rows and columns, when the file has exactly the bytes for them.
Result<std::pair<std::size_t, std::size_t>> matrix_size(NpyHeader const& header, std::size_t bytes) {
    auto const& shape = header.shape;
    if (shape.size() != 1 && shape.size() != 2) {
        return failure(Kind::data, fmt::format("an array of {} dimensions; embeddings are (N, D) or (D,)", shape.size()));
    }
    auto const rows = shape.size() == 2 ? shape[0] : 1;
    auto const columns = shape.back();
    if (rows == 0 || columns == 0) return failure(Kind::data, "the array is empty; it holds no embedding");
    auto const available = bytes / width(header.precision);
    bool const is_exact =
        bytes % width(header.precision) == 0 && rows <= available && available % rows == 0 && columns == available / rows;
    if (!is_exact) {
        return failure(Kind::data,
                       fmt::format("{} bytes of values do not make {} x {} numbers; the file is damaged, copy it again", bytes,
                                   rows, columns));
    }
    return std::pair{static_cast<std::size_t>(rows), static_cast<std::size_t>(columns)};
}

Result<void> check_values(NpyMatrix const& matrix) {
    for (std::size_t row = 0; row < matrix.rows; ++row) {
        auto const begin = matrix.values.begin() + static_cast<std::ptrdiff_t>(row * matrix.columns);
        auto const end = begin + static_cast<std::ptrdiff_t>(matrix.columns);
        if (!std::all_of(begin, end, [](double x) { return std::isfinite(x); })) {
            return failure(Kind::data, fmt::format("row {} holds NaN or infinity; remove it and save the file again", row));
        }
        if (std::all_of(begin, end, [](double x) { return x == 0; })) {
            return failure(Kind::data,
                           fmt::format("row {} is all zeros, not an embedding; remove it and save the file again", row));
        }
    }
    return {};
}

template <class Float>
void append(Bytes& bytes, double value) {
    auto const raw = std::bit_cast<std::array<std::byte, sizeof(Float)>>(static_cast<Float>(value));
    bytes.insert(bytes.end(), raw.begin(), raw.end());
}

}  // namespace

Result<NpyMatrix> parse_npy(ByteView file) {
    auto const header = parse_npy_header(file);
    if (!header) return failure(header.error());
    auto const values = file.subspan(header->size);
    auto const size = matrix_size(*header, values.size());
    if (!size) return failure(size.error());
    NpyMatrix matrix{size->first, size->second, header->precision, read_values(values, *header, size->first, size->second)};
    if (auto checked = check_values(matrix); !checked) return failure(checked.error());
    return matrix;
}

Bytes write_npy(NpyMatrix const& matrix) {
    if (matrix.values.size() != matrix.rows * matrix.columns) {
        throw Error{Kind::bug,
                    fmt::format("{} values for a matrix of {} x {}", matrix.values.size(), matrix.rows, matrix.columns)};
    }
    auto const header = npy_header(matrix.precision, matrix.rows, matrix.columns);
    Bytes bytes(as_bytes(header).begin(), as_bytes(header).end());
    bytes.reserve(bytes.size() + matrix.values.size() * width(matrix.precision));
    for (double const value : matrix.values) {
        matrix.precision == Precision::float32 ? append<float>(bytes, value) : append<double>(bytes, value);
    }
    return bytes;
}

}  // namespace bioctl::match
