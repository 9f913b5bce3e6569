#include "tests/unit/image/pictures.hpp"

#include <algorithm>

#include <opencv2/core.hpp>

namespace bioctl::image::test {

cv::Mat gradient(int width, int height) {
    cv::Mat picture{cv::Size{width, height}, CV_8UC3};
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            auto const right = x * 200 / std::max(width - 1, 1);
            auto const down = y * 150 / std::max(height - 1, 1);
            picture.at<cv::Vec3b>(y, x) = {static_cast<std::uint8_t>(30 + right), static_cast<std::uint8_t>(50 + down),
                                           static_cast<std::uint8_t>(230 - right)};
        }
    }
    return picture;
}

cv::Mat letters(std::vector<std::string> const& rows) {
    cv::Mat picture{cv::Size{static_cast<int>(rows.at(0).size()), static_cast<int>(rows.size())}, CV_8UC1};
    for (int y = 0; y < picture.rows; ++y) {
        for (int x = 0; x < picture.cols; ++x) {
            picture.at<std::uint8_t>(y, x) =
                static_cast<std::uint8_t>(rows[static_cast<std::size_t>(y)][static_cast<std::size_t>(x)]);
        }
    }
    return picture;
}

std::vector<std::string> to_letters(cv::Mat const& bgr) {
    std::vector<std::string> rows;
    for (int y = 0; y < bgr.rows; ++y) {
        std::string row;
        for (int x = 0; x < bgr.cols; ++x)
            row += static_cast<char>(bgr.at<cv::Vec3b>(y, x)[0]);
        rows.push_back(row);
    }
    return rows;
}

cv::Mat plain(int width, int height, cv::Vec3b bgr) {
    return {cv::Size{width, height}, CV_8UC3, cv::Scalar{bgr}};
}

int greatest_difference(cv::Mat const& a, cv::Mat const& b) {
    if (a.size() != b.size() || a.type() != b.type()) return 999;
    return static_cast<int>(cv::norm(a, b, cv::NORM_INF));
}

Bytes joined(std::initializer_list<ByteView> parts) {
    Bytes whole;
    for (auto const part : parts)
        whole.insert(whole.end(), part.begin(), part.end());
    return whole;
}

std::string be16(unsigned value) {
    return {static_cast<char>(value >> 8 & 0xFF), static_cast<char>(value & 0xFF)};
}
std::string be32(std::uint32_t value) {
    return be16(value >> 16) + be16(value & 0xFFFF);
}
std::string le16(unsigned value) {
    return {static_cast<char>(value & 0xFF), static_cast<char>(value >> 8 & 0xFF)};
}
std::string le32(std::uint32_t value) {
    return le16(value & 0xFFFF) + le16(value >> 16);
}

std::string exif_block(int orientation) {
    constexpr unsigned k_orientation_tag = 0x0112;
    constexpr unsigned k_short = 3;
    auto const value = static_cast<unsigned>(orientation);
    return "MM" + be16(42) + be32(8) + be16(1) + be16(k_orientation_tag) + be16(k_short) + be32(1) + be16(value) + be16(0) +
           be32(0);
}

}  // namespace bioctl::image::test
