#include "lib/face/model_dlib_reader.hpp"

#include <cmath>
#include <cstring>
#include <limits>

#include <fmt/format.h>

#include "lib/base/error.hpp"
#include "lib/base/text.hpp"

namespace bioctl::face {

namespace {

constexpr std::size_t k_max_text = 64;
constexpr std::int64_t k_first_special_exponent = 32'000;  // dlib: infinities and not-a-number

}  // namespace

void DlibReader::fail(std::string_view what) const {
    throw Error{Kind::data,
                fmt::format("damaged dlib file: {} ({}, {} bytes from the start)", what, m_part, m_size - m_rest.size())};
}

ByteView DlibReader::take(std::size_t count) {
    if (count > m_rest.size()) {
        throw Error{Kind::data, fmt::format("truncated: {} bytes, and the {} needs {} more; get the file again", m_size, m_part,
                                            count - m_rest.size())};
    }
    auto const taken = m_rest.first(count);
    m_rest = m_rest.subspan(count);
    return taken;
}

std::int64_t DlibReader::integer() {
    auto const control = std::to_integer<unsigned>(take(1)[0]);
    auto const length = control & 0x0FU;
    if ((control & 0x70U) != 0 || length == 0 || length > 8) fail("a number is malformed");
    std::uint64_t magnitude = 0;
    unsigned shift = 0;
    for (auto const byte : take(length)) {
        magnitude |= std::to_integer<std::uint64_t>(byte) << shift;
        shift += 8;
    }
    if (magnitude > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) fail("a number is too large");
    auto const value = static_cast<std::int64_t>(magnitude);
    return (control & 0x80U) != 0 ? -value : value;
}

std::size_t DlibReader::count(std::size_t bytes_each) {
    auto const value = integer();
    if (value < 0 || static_cast<std::uint64_t>(value) > m_rest.size() / bytes_each) fail("a count does not fit the file");
    return static_cast<std::size_t>(value);
}

double DlibReader::real() {
    auto const mantissa = integer();
    auto const exponent = integer();
    if (exponent >= k_first_special_exponent || exponent < -k_first_special_exponent) fail("a number is not finite");
    auto const value = std::ldexp(static_cast<double>(mantissa), static_cast<int>(exponent));
    if (!std::isfinite(value)) fail("a number is not finite");
    return value;
}

bool DlibReader::boolean() {
    auto const byte = std::to_integer<char>(take(1)[0]);
    if (byte != '0' && byte != '1') fail("a yes or no is malformed");
    return byte == '1';
}

std::string_view DlibReader::text() {
    auto const length = count(1);
    if (length > k_max_text) fail("a name is too long");
    return as_text(take(length));
}

ByteView DlibReader::tensor_bytes(Tensor& shape) {
    expect_integer(2, "version of a tensor");
    std::uint64_t elements = 1;
    for (auto* const side : {&shape.samples, &shape.k, &shape.rows, &shape.columns}) {
        *side = integer();
        if (*side < 0 || *side > std::numeric_limits<std::int32_t>::max()) fail("a tensor has an impossible size");
        elements *= static_cast<std::uint64_t>(*side);
        if (elements > m_size) fail("a tensor is larger than the file");  // also keeps the product from overflowing
    }
    return take(elements * sizeof(float));
}

DlibReader::Tensor DlibReader::tensor() {
    Tensor tensor;
    auto const bytes = tensor_bytes(tensor);
    tensor.values.resize(bytes.size() / sizeof(float));
    if (!bytes.empty()) std::memcpy(tensor.values.data(), bytes.data(), bytes.size());
    for (float const value : tensor.values) {
        if (!std::isfinite(value)) fail("a weight is not finite");
    }
    return tensor;
}

void DlibReader::skip_tensor() {
    Tensor shape;
    tensor_bytes(shape);
}

void DlibReader::skip_alias() {
    expect_integer(1, "version of a part of a tensor");
    for (int side = 0; side < 4; ++side)
        integer();
}

void DlibReader::expect_integer(std::int64_t value, std::string_view what) {
    if (auto const found = integer(); found != value) fail(fmt::format("{} is {} instead of {}", what, found, value));
}

void DlibReader::expect_text(std::string_view value) {
    if (auto const found = text(); found != value) fail(fmt::format("has '{}' instead of '{}'", printable(found), value));
}

}  // namespace bioctl::face
