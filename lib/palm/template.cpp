#include "lib/palm/template.hpp"

#include <algorithm>
#include <cstring>
#include <string>

#include <fmt/format.h>

#include "lib/base/error.hpp"
#include "lib/base/text.hpp"

namespace bioctl::palm {

namespace {

constexpr std::string_view k_magic = "BPLM";
constexpr std::byte k_version{1};
constexpr std::size_t k_pipeline_at = 8;
constexpr std::size_t k_pipeline_bytes = 16;
constexpr std::size_t k_digest_at = 24;
constexpr std::size_t k_digest_bytes = 8;
constexpr std::size_t k_header_bytes = 32;
constexpr std::size_t k_code_bytes = (match::k_code_planes + 1) * match::k_code_side * 4;
static_assert(k_pipeline.size() <= k_pipeline_bytes);
static_assert(k_most_template_bytes == k_header_bytes + 2 * k_code_bytes);

void put_plane(Bytes& out, match::Code::Plane const& plane) {
    for (auto const row : plane) {
        for (unsigned shift = 0; shift < 32; shift += 8)
            out.push_back(static_cast<std::byte>(row >> shift & 0xFFU));
    }
}

match::Code::Plane get_plane(ByteView& from) {
    match::Code::Plane plane{};
    for (auto& row : plane) {
        for (unsigned i = 0; i < 4; ++i)
            row |= std::to_integer<std::uint32_t>(from[i]) << (8 * i);
        from = from.subspan(4);
    }
    return plane;
}

Sha256 digest_of(ByteView bytes) {
    Sha256Stream stream;
    stream.add(bytes.first(k_digest_at));
    stream.add(bytes.subspan(k_header_bytes));
    return stream.finish();
}

/// What is wrong with the header, "" if nothing.
std::string objection(ByteView bytes) {
    if (bytes.size() < k_header_bytes || as_text(bytes.first(k_magic.size())) != k_magic) return "it is no palm template";
    if (bytes[4] != k_version)
        return fmt::format("its format is version {}, this program reads 1", std::to_integer<int>(bytes[4]));
    auto pipeline = as_text(bytes.subspan(k_pipeline_at, k_pipeline_bytes));
    pipeline = pipeline.substr(0, pipeline.find('\0'));
    if (pipeline != k_pipeline)
        return fmt::format("it was made by {}, which {} cannot be compared with; enrol the photo again", printable(pipeline),
                           k_pipeline);
    auto const codes = std::to_integer<std::size_t>(bytes[6]);
    if (codes < 1 || codes > 2 || std::to_integer<int>(bytes[5]) > 2 || bytes[7] != std::byte{0} ||
        bytes.size() != k_header_bytes + codes * k_code_bytes)
        return "it is truncated or damaged";
    auto const digest = digest_of(bytes);
    if (!std::equal(digest.bytes.begin(), digest.bytes.begin() + k_digest_bytes, bytes.begin() + k_digest_at))
        return "it is damaged: its checksum differs";
    return {};
}

}  // namespace

Bytes to_bytes(Template const& t) {
    if (t.codes.empty() || t.codes.size() > 2) throw Error{Kind::bug, "a palm template holds one code or two"};
    Bytes bytes;
    bytes.reserve(k_header_bytes + t.codes.size() * k_code_bytes);
    for (char const c : k_magic)
        bytes.push_back(static_cast<std::byte>(c));
    bytes.push_back(k_version);
    bytes.push_back(static_cast<std::byte>(t.side));
    bytes.push_back(static_cast<std::byte>(t.codes.size()));
    bytes.resize(k_header_bytes);
    std::memcpy(bytes.data() + k_pipeline_at, k_pipeline.data(), k_pipeline.size());
    for (auto const& code : t.codes) {
        for (auto const& plane : code.planes)
            put_plane(bytes, plane);
        put_plane(bytes, code.mask);
    }
    auto const digest = digest_of(bytes);
    std::copy_n(digest.bytes.begin(), k_digest_bytes, bytes.begin() + k_digest_at);
    return bytes;
}

Result<Template> from_bytes(ByteView bytes) {
    if (auto const reason = objection(bytes); !reason.empty())
        return failure(Kind::data, fmt::format("palm template: {}", reason));
    Template t;
    t.side = static_cast<Side>(bytes[5]);
    auto rest = bytes.subspan(k_header_bytes);
    t.codes.resize(std::to_integer<std::size_t>(bytes[6]));
    for (auto& code : t.codes) {
        for (auto& plane : code.planes)
            plane = get_plane(rest);
        code.mask = get_plane(rest);
    }
    return t;
}

}  // namespace bioctl::palm
