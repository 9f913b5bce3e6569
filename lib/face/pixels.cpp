#include "lib/face/pixels.hpp"

#include <opencv2/imgproc.hpp>

#include "lib/image/shrink.hpp"

namespace bioctl::face {

void append_planes(cv::Mat const& picture, Normalisation const& normalisation, std::vector<float>& planes) {
    auto const area = static_cast<std::size_t>(picture.rows) * static_cast<std::size_t>(picture.cols);
    auto const offset = planes.size();
    planes.resize(offset + 3 * area);
    for (int plane = 0; plane < 3; ++plane) {
        auto const index = static_cast<std::size_t>(plane);
        int const channel = normalisation.rgb ? 2 - plane : plane;
        float const mean = normalisation.mean[index];
        float* to = planes.data() + offset + index * area;
        for (int row = 0; row < picture.rows; ++row) {
            auto const* const from = picture.ptr<unsigned char>(row) + channel;
            for (int column = 0; column < picture.cols; ++column) {
                *to++ = (static_cast<float>(from[3 * column]) - mean) * normalisation.scale;
            }
        }
    }
}

cv::Mat resized(cv::Mat const& picture, cv::Size size) {
    bool const shrinks = size.width < picture.cols && size.height < picture.rows;
    if (shrinks) return image::shrunk(picture, size);
    cv::Mat result;
    cv::resize(picture, result, size, 0, 0, cv::INTER_LINEAR);
    return result;
}

}  // namespace bioctl::face
