#pragma once
// Bytes made small and back again (RFC 1950).

#include "lib/base/bytes.hpp"
#include "lib/base/result.hpp"

namespace bioctl {

[[nodiscard]] Bytes deflate(ByteView data);
/// Kind::data if it is not what deflate() made, or would become more than `most` bytes.
[[nodiscard]] Result<Bytes> inflate(ByteView data, std::size_t most);

/// As files and HTTP want it (RFC 1952); fast rather than small.
[[nodiscard]] Bytes gzip(ByteView data);
/// Kind::data if it is no whole gzip stream, or would become more than `most` bytes.
[[nodiscard]] Result<Bytes> gunzip(ByteView data, std::size_t most);

}  // namespace bioctl
