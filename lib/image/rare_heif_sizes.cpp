#include "lib/image/rare_heif_sizes.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <vector>

#include "lib/image/rare_heif_boxes.hpp"

namespace bioctl::image {

namespace {

/// Bits from the most significant on; zeros beyond the end.
class Bits {
public:
    explicit Bits(View bytes) : m_bytes(bytes) {}
    std::uint64_t take(int count) {
        std::uint64_t value = 0;
        for (; count > 0; --count, ++m_at) {
            auto const byte = m_at / 8;
            value = value << 1 | (byte < m_bytes.size() ? m_bytes[byte] >> (7 - m_at % 8) & 1U : 0U);
        }
        return value;
    }
    void skip(std::size_t count) { m_at += count; }
    [[nodiscard]] bool is_at_end() const { return m_at / 8 >= m_bytes.size(); }
    /// Exp-Golomb, at most 32 bits.
    std::uint64_t golomb() {
        int zeros = 0;
        while (zeros < 32 && take(1) == 0)
            ++zeros;
        return (std::uint64_t{1} << zeros) - 1 + take(zeros);
    }

private:
    View m_bytes;
    std::size_t m_at = 0;
};

/// Without the bytes that keep start codes out of the payload.
std::vector<unsigned char> unescaped(View nal) {
    std::vector<unsigned char> bytes;
    int zeros = 0;
    for (auto const byte : nal) {
        if (zeros >= 2 && byte == 3) {
            zeros = 0;
            continue;
        }
        zeros = byte == 0 ? zeros + 1 : 0;
        bytes.push_back(byte);
    }
    return bytes;
}

std::uint64_t area_of_sps(View nal) {
    constexpr std::size_t k_longest = 4096;
    constexpr std::size_t k_profile_and_level = 96;
    auto const bytes = unescaped(nal.first(std::min(nal.size(), k_longest)));
    Bits bits{bytes};
    bits.skip(16 + 4);  // NAL header, video parameter set
    auto const sub_layers = bits.take(3);
    bits.skip(1 + k_profile_and_level);
    std::size_t parts = 0;
    for (std::uint64_t i = 0; i < sub_layers; ++i)
        parts += static_cast<std::size_t>(bits.take(1) * 88 + bits.take(1) * 8);
    if (sub_layers > 0) bits.skip(2 * static_cast<std::size_t>(8 - sub_layers));
    bits.skip(parts);
    bits.golomb();                                        // id
    if (bits.golomb() == 3) bits.skip(1);                 // chroma format, separate planes
    constexpr std::uint64_t k_longest_side = 0xFFFFFFFF;  // so that the product fits
    auto const width = std::min(bits.golomb(), k_longest_side);
    return width * std::min(bits.golomb(), k_longest_side);
}

std::uint64_t area_of_hvcc(View content) {
    constexpr std::size_t k_arrays = 22;
    constexpr unsigned k_sps = 33;
    if (content.size() <= k_arrays) return 0;
    std::uint64_t most = 0;
    std::size_t at = k_arrays + 1;
    for (int array = content[k_arrays]; array > 0 && at + 3 <= content.size(); --array) {
        auto const type = content[at] & 0x3FU;
        auto const count = big_endian(content, at + 1, 2);
        at += 3;
        for (std::uint64_t i = 0; i < count && at + 2 <= content.size(); ++i) {
            auto const size = static_cast<std::size_t>(big_endian(content, at, 2));
            at += 2;
            if (size > content.size() - at) return most;
            if (type == k_sps) most = std::max(most, area_of_sps(content.subspan(at, size)));
            at += size;
        }
    }
    return most;
}

/// What the timing of a film adds before the operating points: the length of delays in bits, 0 if there are none.
std::uint64_t av1_delay_bits(Bits& bits) {
    if (bits.take(1) == 0) return 0;       // no timing
    bits.skip(32 + 32);                    // units of time
    if (bits.take(1) == 1) bits.golomb();  // equal intervals
    if (bits.take(1) == 0) return 0;       // no model of a decoder
    auto const delay_bits = bits.take(5) + 1;
    bits.skip(32 + 5 + 5);
    return delay_bits;
}

std::uint64_t area_of_av1_sequence(Bits bits) {
    bits.skip(3 + 1);         // profile, still picture
    if (bits.take(1) == 0) {  // not the reduced header of still pictures
        auto const delay_bits = av1_delay_bits(bits);
        bool const has_display_delay = bits.take(1) == 1;
        for (auto points = bits.take(5) + 1; points > 0; --points) {
            bits.skip(12);
            if (bits.take(5) > 7) bits.skip(1);
            if (delay_bits > 0 && bits.take(1) == 1) bits.skip(static_cast<std::size_t>(2 * delay_bits + 1));
            if (has_display_delay && bits.take(1) == 1) bits.skip(4);
        }
    } else {
        bits.skip(5);  // level
    }
    auto const width_bits = static_cast<int>(bits.take(4)) + 1;
    auto const height_bits = static_cast<int>(bits.take(4)) + 1;
    auto const width = bits.take(width_bits) + 1;
    return width * (bits.take(height_bits) + 1);
}

/// LEB128, at most eight bytes; `at` is moved behind it.
std::uint64_t leb128(View bytes, std::size_t& at) {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 56 && at < bytes.size(); shift += 7) {
        auto const byte = bytes[at++];
        value |= std::uint64_t{byte & 0x7FU} << shift;
        if ((byte & 0x80U) == 0) break;
    }
    return value;
}

/// The largest of the sequence headers in a stream, each of which the decoder follows.
std::uint64_t area_of_av1(View obus) {
    constexpr unsigned k_sequence_header = 1;
    std::uint64_t most = 0;
    while (!obus.empty()) {
        auto const type = obus[0] >> 3 & 0xFU;
        std::size_t head = (obus[0] & 4U) != 0 ? 2 : 1;
        auto size = std::uint64_t{obus.size()};
        if ((obus[0] & 2U) != 0) size = leb128(obus, head);
        if (head >= obus.size()) break;
        auto const content = obus.subspan(head, static_cast<std::size_t>(std::min<std::uint64_t>(size, obus.size() - head)));
        if (type == k_sequence_header) most = std::max(most, area_of_av1_sequence(Bits{content}));
        obus = obus.subspan(head + content.size());
    }
    return most;
}

std::uint64_t area_of_av1c(View content) {
    constexpr std::size_t k_configuration = 4;
    return content.size() > k_configuration ? area_of_av1(content.subspan(k_configuration)) : 0;
}

/// The items of "iinf" that are AV1 pictures.
std::vector<std::uint64_t> av1_items(View content) {
    std::vector<std::uint64_t> items;
    if (content.size() < 4) return items;
    std::size_t const head = content[0] == 0 ? 6 : 8;  // version, flags, count
    if (content.size() < head) return items;
    each_box(content.subspan(head), [&](std::uint32_t type, View entry) {
        if (type != code("infe") || entry.size() < 4 || entry[0] < 2) return;
        std::size_t const id_bytes = entry[0] == 2 ? 2 : 4;
        if (entry.size() < 4 + id_bytes + 2 + 4) return;
        if (big_endian(entry, 4 + id_bytes + 2, 4) == code("av01")) items.push_back(big_endian(entry, 4, id_bytes));
    });
    return items;
}

/// What the boxes of a "meta" say about where items lie.
struct Meta {
    std::vector<View> located;       ///< each "iloc"
    View data;                       ///< "idat"
    std::vector<std::uint64_t> av1;  ///< sorted
};

/// The largest AV1 picture among the items: encoders may leave the sequence header out of "av1C". An item is what its extents
/// make together. `read` counts the bytes of all.
std::uint64_t area_of_located(View located, Meta const& meta, View file, std::size_t& read) {
    constexpr auto k_refused = std::numeric_limits<std::uint64_t>::max();
    if (located.size() < 8) return 0;
    Bits bits{located};
    auto const version = bits.take(8);
    bits.skip(24);  // flags
    auto const offset_bits = static_cast<int>(bits.take(4)) * 8;
    auto const length_bits = static_cast<int>(bits.take(4)) * 8;
    auto const base_bits = static_cast<int>(bits.take(4)) * 8;
    auto const index_bits = static_cast<int>(bits.take(4)) * 8;
    auto const items = bits.take(version < 2 ? 16 : 32);
    std::uint64_t most = 0;
    for (std::uint64_t item = 0; item < items && !bits.is_at_end(); ++item) {
        auto const id = bits.take(version < 2 ? 16 : 32);
        auto const method = version == 0 ? 0 : bits.take(16);
        bits.skip(16);  // data reference
        auto const base = bits.take(base_bits);
        auto extents = bits.take(16);
        // Those that take no room are all the same: with 65,535 of them for each item a small file would take for ever.
        if (offset_bits + length_bits + (version > 0 ? index_bits : 0) == 0) extents = std::min<std::uint64_t>(extents, 1);
        View const source = method == 0 ? file : method == 1 ? meta.data : View{};
        bool const is_av1 = std::ranges::binary_search(meta.av1, id);
        std::vector<unsigned char> stream;
        for (std::uint64_t extent = 0; extent < extents && !bits.is_at_end(); ++extent) {
            if (version > 0) bits.skip(static_cast<std::size_t>(index_bits));
            auto const at = base + bits.take(offset_bits);
            auto const length = bits.take(length_bits);
            if (!is_av1 || at >= source.size()) continue;
            auto const rest = source.size() - static_cast<std::size_t>(at);
            auto const part =
                source.subspan(static_cast<std::size_t>(at), length == 0 ? rest : std::min<std::uint64_t>(length, rest));
            read += part.size();
            // Extents that lie upon each other can make of a small file a stream without end; no encoder writes them.
            if (read > 2 * file.size()) return k_refused;
            stream.insert(stream.end(), part.begin(), part.end());
        }
        most = std::max(most, area_of_av1(stream));
    }
    return most;
}

std::uint64_t area_of_property(std::uint32_t type, View content) {
    if (type == code("ispe")) return content.size() >= 12 ? big_endian(content, 4, 4) * big_endian(content, 8, 4) : 0;
    if (type == code("hvcC")) return area_of_hvcc(content);
    return type == code("av1C") ? area_of_av1c(content) : 0;
}

}  // namespace

std::uint64_t largest_heif_picture(RareFile file) {
    std::uint64_t most = 0;
    auto const in_properties = [&](std::uint32_t type, View content) { most = std::max(most, area_of_property(type, content)); };
    auto const in_iprp = [&](std::uint32_t type, View content) {
        if (type == code("ipco")) each_box(content, in_properties);
    };
    View const whole{file.data, file.size};
    Meta meta;
    each_meta_box(whole, [&](std::uint32_t type, View content) {
        if (type == code("iloc")) meta.located.push_back(content);
        if (type == code("idat")) meta.data = content;
        if (type == code("iinf")) std::ranges::copy(av1_items(content), std::back_inserter(meta.av1));
        if (type == code("iprp")) each_box(content, in_iprp);
    });
    std::ranges::sort(meta.av1);
    std::size_t read = 0;
    for (auto const& located : meta.located)
        most = std::max(most, area_of_located(located, meta, whole, read));
    return most;
}

}  // namespace bioctl::image
