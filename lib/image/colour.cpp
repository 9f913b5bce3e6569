#include "lib/image/colour.hpp"

#include <opencv2/core.hpp>

#include "lib/image/photo.hpp"

namespace bioctl::image {

namespace {

std::uint8_t product(unsigned a, unsigned b) {
    return static_cast<std::uint8_t>((a * b + 127) / 255);
}

}  // namespace

cv::Mat blend_on_white(cv::Mat const& bgra) {
    cv::Mat bgr{bgra.size(), CV_8UC3};
    for (int y = 0; y < bgra.rows; ++y) {
        auto const* from = bgra.ptr<std::uint8_t>(y);
        auto* to = bgr.ptr<std::uint8_t>(y);
        for (int x = 0; x < bgra.cols; ++x, from += 4, to += 3) {
            unsigned const alpha = from[3];
            for (int c = 0; c < 3; ++c)
                to[c] = static_cast<std::uint8_t>(product(from[c], alpha) + (255 - alpha));
        }
    }
    return bgr;
}

void adobe_cmyk_to_bgr(std::uint8_t const* cmyk, std::uint8_t* bgr, int width) {
    for (int x = 0; x < width; ++x, cmyk += 4, bgr += 3) {
        for (int c = 0; c < 3; ++c)
            bgr[c] = product(cmyk[2 - c], cmyk[3]);
    }
}

namespace {

constexpr int k_top_down = 0;
constexpr int k_left_right = 1;
constexpr int k_both = -1;

cv::Mat flipped(cv::Mat pixels, int axis) {
    cv::flip(pixels, pixels, axis);
    return pixels;
}

cv::Mat transposed(cv::Mat const& pixels) {
    cv::Mat result;
    cv::transpose(pixels, result);
    return result;
}

}  // namespace

cv::Mat upright(cv::Mat stored, int orientation) {
    switch (orientation) {
        case 2: return flipped(std::move(stored), k_left_right);
        case 3: return flipped(std::move(stored), k_both);
        case 4: return flipped(std::move(stored), k_top_down);
        case 5: return transposed(stored);
        case 6: return flipped(transposed(stored), k_left_right);
        case 7: return flipped(transposed(stored), k_both);
        case 8: return flipped(transposed(stored), k_top_down);
        default: return stored;
    }
}

cv::Mat rotate(cv::Mat const& pixels, int degrees) {
    switch (degrees) {
        case 0: return pixels;
        case 90: return flipped(transposed(pixels), k_left_right);
        case 180: return flipped(pixels.clone(), k_both);
        case 270: return flipped(transposed(pixels), k_top_down);
        default: throw Error{Kind::bug, "pictures are turned by 0, 90, 180 or 270 degrees only"};
    }
}

}  // namespace bioctl::image
