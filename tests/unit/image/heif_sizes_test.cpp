#include "lib/image/rare_heif_sizes.hpp"

#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/unit/image/heif_boxes.hpp"

using bioctl::image::largest_heif_picture;
using namespace bioctl::image::test;

// Files of boxes and OBUs that no encoder writes: a decoder follows each sequence header that comes, wherever it stands.

namespace {

/// Bits from the most significant on, filled up with zeros.
class BitWriter {
public:
    BitWriter& put(std::uint64_t value, int count) {
        for (int i = count - 1; i >= 0; --i)
            m_bits.push_back((value >> i & 1) != 0);
        return *this;
    }
    [[nodiscard]] std::string bytes() const {
        std::string result((m_bits.size() + 7) / 8, '\0');
        for (std::size_t i = 0; i < m_bits.size(); ++i)
            result[i / 8] = static_cast<char>(static_cast<unsigned char>(result[i / 8]) | (m_bits[i] ? 0x80 >> i % 8 : 0));
        return result;
    }

private:
    std::vector<bool> m_bits;
};

constexpr int k_sequence = 1;
constexpr int k_padding = 15;

std::string obu(int type, std::string const& content, bool has_size = true) {
    std::string result{static_cast<char>(type << 3 | (has_size ? 2 : 0))};
    if (has_size) {
        auto left = content.size();
        for (; left >= 128; left /= 128)
            result += static_cast<char>(left % 128 | 128);
        result += static_cast<char>(left);
    }
    return result + content;
}

std::string still(unsigned width, unsigned height) {
    BitWriter bits;
    bits.put(0, 3).put(1, 1).put(1, 1).put(0, 5);  // profile, still, reduced header, level
    bits.put(15, 4).put(15, 4).put(width - 1, 16).put(height - 1, 16);
    return obu(k_sequence, bits.bytes());
}

/// With all that timing adds before the size.
std::string film(unsigned width, unsigned height) {
    BitWriter bits;
    bits.put(0, 3).put(0, 1).put(0, 1);
    bits.put(1, 1).put(1, 32).put(25, 32).put(1, 1).put(0b00101, 5);  // timing, equal intervals of uvlc 4
    bits.put(1, 1).put(9, 5).put(1, 32).put(3, 5).put(3, 5);          // decoder model: delays of 10 bits
    bits.put(1, 1).put(0, 5);                                         // display delay, one operating point
    bits.put(0, 12).put(8, 5).put(1, 1).put(1, 1).put(0, 21).put(1, 1).put(3, 4);
    bits.put(15, 4).put(15, 4).put(width - 1, 16).put(height - 1, 16);
    return obu(k_sequence, bits.bytes());
}

struct Extent {
    std::size_t from, size;
};

/// A file whose one item lies in "mdat" (method 0) or "idat" (1).
std::string file(std::string const& data, std::vector<Extent> const& extents, int method = 0, std::string const& type = "av01") {
    auto const info = box("infe", std::string("\x02\0\0\0", 4) + number(7, 2) + number(0, 2) + type + std::string(1, '\0'));
    auto const items = box("iinf", std::string(4, '\0') + number(1, 2) + info);
    auto const meta = [&](std::size_t data_at) {
        auto located =
            std::string("\x01\0\0\0", 4) + "\x44" + std::string(1, '\0') + number(1, 2);  // offsets and lengths of 4 bytes
        located += number(7, 2) + number(static_cast<unsigned>(method), 2) + number(0, 2) + number(extents.size(), 2);
        for (auto const& extent : extents)
            located += number(extent.from + data_at, 4) + number(extent.size, 4);
        return box("meta", std::string(4, '\0') + box("iloc", located) + items + (method == 1 ? box("idat", data) : ""));
    };
    return method == 1 ? meta(0) : meta(meta(0).size() + 8) + box("mdat", data);
}

std::uint64_t largest(std::string const& bytes) {
    return largest_heif_picture({reinterpret_cast<unsigned char const*>(bytes.data()), bytes.size()});
}

std::uint64_t largest_in(std::string const& data) {
    return largest(file(data, {{0, data.size()}}));
}

}  // namespace

TEST_CASE("the size of an AV1 picture is read wherever its sequence header stands", "[image]") {
    CHECK(largest_in(still(600, 400)) == 600 * 400);
    CHECK(largest_in(film(640, 480)) == 640 * 480);
    CHECK(largest_in(obu(2, "") + still(600, 400)) == 600 * 400);
    CHECK(largest_in(obu(k_padding, std::string(300, 'x')) + still(600, 400)) == 600 * 400);
    CHECK(largest_in(still(600, 400) + obu(3, std::string(200, 'x')) + still(60'000, 50'000)) == 3'000'000'000);
    CHECK(largest_in(still(60'000, 50'000) + still(600, 400)) == 3'000'000'000);
    CHECK(largest_in(obu(3, still(600, 400), false)) == 0);  // an OBU without a size is the last
    CHECK(largest_in("") == 0);
}

TEST_CASE("an AV1 picture is what its extents make together, in either place", "[image]") {
    auto const data = obu(k_padding, "abc") + still(600, 400);
    auto const half = data.size() / 2;
    CHECK(largest(file(data, {{0, half}, {half, data.size() - half}})) == 600 * 400);
    CHECK(largest(file(data, {{0, data.size()}}, 1)) == 600 * 400);
    CHECK(largest(file(data, {{0, 0}})) == 600 * 400);  // no length: all that is left
    CHECK(largest(file(data, {{data.size() + 5, 9}})) == 0);
    // The same bytes again and again.
    CHECK(largest(file(std::string(500, 'x'), std::vector<Extent>(400, {0, 500}))) > 1'000'000'000'000);
}

TEST_CASE("extents that take no room in the file are one", "[image]") {
    auto const data = still(600, 400);
    auto const info = box("infe", std::string("\x02\0\0\0", 4) + number(7, 2) + number(0, 2) + "av01" + std::string(1, '\0'));
    auto const meta = [&](std::size_t base) {
        auto located = std::string(5, '\0') + "\x40" + number(20'000, 2);  // offsets and lengths of no bytes, bases of four
        for (int i = 0; i < 20'000; ++i)
            located += number(7, 2) + number(0, 2) + number(base, 4) + number(65'535, 2);
        return box("meta", number(0, 4) + box("iinf", number(0, 4) + number(1, 2) + info) + box("iloc", located));
    };
    // The picture is there 20,000 times.
    CHECK(largest(meta(meta(0).size() + 8) + box("mdat", data)) == 600 * 400);
}

TEST_CASE("what is no AV1 is not read as such", "[image]") {
    auto const data = still(60'000, 50'000);
    CHECK(largest(file(data, {{0, data.size()}}, 0, "Exif")) == 0);
    CHECK(largest(file(data, {{0, data.size()}}, 0, "hvc1")) == 0);
}
