#include <catch2/catch.hpp>

#include <opencv2/core.hpp>

#include "lib/image/jpeg_stream.hpp"
#include "lib/image/photo.hpp"

using namespace bioctl;
using image::JpegStream;

namespace {

Bytes picture(int seed) {
    cv::Mat pixels(48, 64, CV_8UC3);
    cv::RNG random{static_cast<std::uint64_t>(seed)};
    random.fill(pixels, cv::RNG::UNIFORM, 0, 256);
    return image::encode_jpeg(pixels, 90);
}

void append(Bytes& to, Bytes const& bytes) {
    to.insert(to.end(), bytes.begin(), bytes.end());
}

void append(Bytes& to, std::string_view text) {
    auto const bytes = as_bytes(text);
    to.insert(to.end(), bytes.begin(), bytes.end());
}

std::vector<Bytes> all_of(JpegStream& stream, ByteView bytes, std::size_t piece) {
    std::vector<Bytes> pictures;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        stream.feed(bytes.subspan(at, std::min(piece, bytes.size() - at)));
        while (auto next = stream.next())
            pictures.push_back(*std::move(next));
    }
    return pictures;
}

}  // namespace

TEST_CASE("pictures come out of a stream as they went in, whatever the pieces", "[image]") {
    Bytes stream;
    append(stream, picture(1));
    append(stream, "\r\n--boundary\r\nContent-Type: image/jpeg\r\n\r\n");
    append(stream, picture(2));
    append(stream, picture(3));
    for (std::size_t const piece : {std::size_t{1}, std::size_t{7}, std::size_t{1000}, stream.size()}) {
        JpegStream jpegs{1'000'000};
        auto const pictures = all_of(jpegs, stream, piece);
        CHECK(pictures == std::vector<Bytes>{picture(1), picture(2), picture(3)});
        CHECK(jpegs.broken() == 0);
        CHECK_FALSE(jpegs.is_inside());
    }
}

TEST_CASE("a picture inside a segment, such as a thumbnail, is no picture of the stream", "[image]") {
    auto whole = picture(1);
    auto const inner = picture(2);
    Bytes segment;
    auto const length = inner.size() + 2;
    for (auto const byte : {0xFFU, 0xE1U, static_cast<unsigned>(length >> 8U), static_cast<unsigned>(length & 0xFFU)})
        segment.push_back(std::byte{static_cast<unsigned char>(byte)});
    append(segment, inner);
    whole.insert(whole.begin() + 2, segment.begin(), segment.end());
    JpegStream jpegs{1'000'000};
    CHECK(all_of(jpegs, whole, 64) == std::vector<Bytes>{whole});
}

TEST_CASE("a picture that is cut off costs itself, not the next", "[image]") {
    auto const first = picture(1);
    for (std::size_t const kept : {std::size_t{2}, std::size_t{3}, std::size_t{30}, first.size() / 2, first.size() - 2}) {
        Bytes stream{first.begin(), first.begin() + static_cast<std::ptrdiff_t>(kept)};
        append(stream, picture(2));
        append(stream, picture(3));
        JpegStream jpegs{1'000'000};
        auto const pictures = all_of(jpegs, stream, 100);
        INFO(kept);
        REQUIRE_FALSE(pictures.empty());
        CHECK(pictures.back() == picture(3));
        // A length that was cut off may swallow what follows: at most one picture.
        CHECK(pictures.size() + jpegs.broken() >= 2);
    }
}

TEST_CASE("noise is no picture, and does not pile up", "[image]") {
    cv::Mat noise(1, 300'000, CV_8UC1);
    cv::RNG random{7};
    random.fill(noise, cv::RNG::UNIFORM, 0, 256);
    ByteView const bytes{reinterpret_cast<std::byte const*>(noise.data), noise.total()};
    JpegStream jpegs{10'000};
    for (auto const& picture : all_of(jpegs, bytes, 999))
        CHECK_FALSE(image::decode(picture, {}));
    Bytes const after = picture(5);
    jpegs.feed(Bytes(70'000));  // ends whatever the noise may have begun
    while (jpegs.next()) {
    }
    JpegStream fresh{10'000};
    CHECK(all_of(fresh, after, 50).size() == 1);
}

TEST_CASE("a picture beyond the limit is dropped and the next one found", "[image]") {
    Bytes stream;
    append(stream, "\xFF\xD8\xFF\xDA");
    stream.push_back(std::byte{0});
    stream.push_back(std::byte{2});
    append(stream, std::string(50'000, 'x'));
    append(stream, picture(2));
    JpegStream jpegs{20'000};
    CHECK(all_of(jpegs, stream, 4096) == std::vector<Bytes>{picture(2)});
    CHECK(jpegs.broken() == 1);
}
