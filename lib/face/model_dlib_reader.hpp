#pragma once
// Reads the primitives of dlib's serialisation (dlib/serialize.h, dlib/cuda/tensor.h of 19.24) from memory, never past its end.

#include <cstdint>
#include <string_view>
#include <vector>

#include "lib/base/bytes.hpp"

namespace bioctl::face {

/// Every function throws Error{Kind::data} if the file ends or does not hold what is asked for; `part` is named in the message.
class DlibReader {
public:
    explicit DlibReader(ByteView bytes) : m_rest(bytes), m_size(bytes.size()) {}

    /// For messages: what is being read.
    void enter(std::string_view part) { m_part = part; }

    /// A control byte (sign, number of bytes) and up to eight bytes, little-endian.
    std::int64_t integer();
    /// An integer that counts things of at least `bytes_each` bytes: more than fit into the rest of the file are refused.
    std::size_t count(std::size_t bytes_each);
    /// Mantissa and exponent, as integers. Only finite numbers.
    double real();
    bool boolean();
    /// At most 64 bytes: dlib writes nothing but the names of layers.
    std::string_view text();

    struct Tensor {
        std::int64_t samples = 0, k = 0, rows = 0, columns = 0;
        std::vector<float> values;
    };
    Tensor tensor();
    /// Reads over a tensor without keeping its values.
    void skip_tensor();
    /// Reads over the shape of a part of a tensor.
    void skip_alias();

    void expect_integer(std::int64_t value, std::string_view what);
    void expect_text(std::string_view value);
    [[noreturn]] void fail(std::string_view what) const;

private:
    ByteView take(std::size_t count);
    ByteView tensor_bytes(Tensor& shape);

    ByteView m_rest;
    std::size_t m_size;
    std::string_view m_part = "header";
};

}  // namespace bioctl::face
