#pragma once
// What is kept of a palm, and its bytes.

#include <string_view>
#include <vector>

#include "lib/base/bytes.hpp"
#include "lib/base/result.hpp"
#include "lib/match/code.hpp"
#include "lib/palm/types.hpp"

namespace bioctl::palm {

/// Names everything that decides what a bit of the code means: the frame, the square, the filters and the grid. Templates of
/// different pipelines are never compared. Change it with any of them.
inline constexpr std::string_view k_pipeline = "palm-bocv-1";

struct Template {
    Side side = Side::unknown;
    /// One; two where no thumb was seen: the palm taken for a left and for a right one.
    std::vector<match::Code> codes;

    bool operator==(Template const&) const = default;
};

/// 32 + 896 bytes for each code, all little-endian:
///   0  "BPLM"   4  format version, 1   5  side 0 unknown, 1 left, 2 right   6  number of codes, 1 or 2   7  0
///   8  pipeline id, padded with NUL to 16 bytes   24  first 8 bytes of the sha256 of all bytes but these   32  the codes: six
///   planes, then the mask, 32 words of 32 bits each
[[nodiscard]] Bytes to_bytes(Template const& t);

/// Kind::data for bytes that are no template, damaged, or of another version or pipeline; the message says which.
Result<Template> from_bytes(ByteView bytes);

inline constexpr std::size_t k_most_template_bytes = 32 + 2 * 896;

}  // namespace bioctl::palm
