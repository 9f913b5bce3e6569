#include "tests/unit/image/writers.hpp"

namespace bioctl::image::test {

namespace {

std::string info_header(cv::Size size, BmpStyle const& style) {
    auto const width = static_cast<std::uint32_t>(size.width);
    auto const height = static_cast<std::uint32_t>(style.is_top_down ? -size.height : size.height);
    auto const bits = static_cast<unsigned>(style.bits);
    constexpr unsigned k_core = 12;
    if (style.header_size == k_core) return le32(k_core) + le16(width) + le16(height) + le16(1) + le16(bits);
    auto const colours = static_cast<std::uint32_t>(style.palette.size());
    auto header = le32(style.header_size) + le32(width) + le32(height) + le16(1) + le16(bits) + le32(style.compression) +
                  le32(0) + le32(2835) + le32(2835) + le32(colours) + le32(0);
    for (auto const mask : style.masks)
        header += le32(mask);
    if (header.size() < style.header_size) header.resize(style.header_size, '\0');
    return header;
}

}  // namespace

Bytes write_bmp(cv::Size size, std::string const& rows, BmpStyle const& style) {
    auto headers = info_header(size, style);
    for (auto const& colour : style.palette) {
        headers.append(colour.begin(), colour.end());
        if (style.header_size > 12) headers += '\0';
    }
    auto const pixels_at = static_cast<std::uint32_t>(14 + headers.size());
    auto const file_size = static_cast<std::uint32_t>(pixels_at + rows.size());
    auto const head = "BM" + le32(file_size) + le32(0) + le32(pixels_at);
    return joined({as_bytes(head), as_bytes(headers), as_bytes(rows)});
}

Bytes write_bmp(cv::Mat const& bgr) {
    std::string rows;
    auto const used = static_cast<std::size_t>(bgr.cols) * 3;
    for (int y = bgr.rows - 1; y >= 0; --y) {
        rows.append(reinterpret_cast<char const*>(bgr.ptr(y)), used);
        rows.append((4 - used % 4) % 4, '\0');
    }
    return write_bmp(bgr.size(), rows);
}

}  // namespace bioctl::image::test
