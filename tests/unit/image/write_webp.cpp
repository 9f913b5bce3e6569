#include <webp/encode.h>

#include "tests/unit/image/writers.hpp"

namespace bioctl::image::test {

Bytes write_webp(cv::Mat const& pixels, WebpKind kind) {
    constexpr float k_quality = 95;
    auto const stride = static_cast<int>(pixels.step);
    std::uint8_t* data = nullptr;
    std::size_t size = 0;
    if (kind == WebpKind::lossless) {
        auto const encode = pixels.channels() == 4 ? WebPEncodeLosslessBGRA : WebPEncodeLosslessBGR;
        size = encode(pixels.data, pixels.cols, pixels.rows, stride, &data);
    } else {
        auto const encode = pixels.channels() == 4 ? WebPEncodeBGRA : WebPEncodeBGR;
        size = encode(pixels.data, pixels.cols, pixels.rows, stride, k_quality, &data);
    }
    auto const* const begin = reinterpret_cast<std::byte const*>(data);
    Bytes bytes{begin, begin + size};
    WebPFree(data);
    return bytes;
}

namespace {

std::string le24(int value) {
    return le32(static_cast<std::uint32_t>(value)).substr(0, 3);
}

std::string chunk(std::string const& name, std::string const& content) {
    return name + le32(static_cast<std::uint32_t>(content.size())) + content + std::string(content.size() % 2, '\0');
}

}  // namespace

Bytes with_webp_chunk(ByteView webp, cv::Size size, unsigned flags, std::string const& name, std::string const& content) {
    constexpr std::size_t k_riff_head = 12;
    auto const head = chunk("VP8X", le32(flags) + le24(size.width - 1) + le24(size.height - 1));
    auto const body = "WEBP" + head + std::string{as_text(webp.subspan(k_riff_head))} + chunk(name, content);
    auto const file = "RIFF" + le32(static_cast<std::uint32_t>(body.size())) + body;
    return joined({as_bytes(file)});
}

}  // namespace bioctl::image::test
