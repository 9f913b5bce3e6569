#include "lib/app/thumbnail.hpp"

#include <algorithm>

#include <opencv2/imgproc.hpp>

#include "lib/base/bytes.hpp"

namespace bioctl::app {

std::string thumbnail(std::filesystem::path const& photo, int side, image::Limits const& limits) {
    auto const file = image::read(photo, limits);
    return file ? thumbnail_of(*file, side, limits) : std::string{};
}

std::string thumbnail_of(ByteView file, int side, image::Limits const& limits) {
    constexpr int k_quality = 75;
    auto const picture = image::decode(file, {.limits = limits, .min_longer_side = side});
    if (!picture) return {};
    cv::Mat small = picture->pixels;
    if (auto const longer = std::max(small.cols, small.rows); longer > side) {
        auto const scale = static_cast<double>(side) / longer;
        cv::resize(picture->pixels, small, {std::max(1, cvRound(small.cols * scale)), std::max(1, cvRound(small.rows * scale))},
                   0, 0, cv::INTER_AREA);
    }
    return "data:image/jpeg;base64," + to_base64(image::encode_jpeg(small, k_quality));
}

}  // namespace bioctl::app
