#include "lib/app/watch_pictures.hpp"

#include <algorithm>

#include "lib/image/annotate.hpp"

namespace bioctl::app {

namespace {

constexpr int k_jpeg_quality = 88;

}  // namespace

Bytes frame_picture(cv::Mat const& pixels) {
    return image::encode_jpeg(pixels, k_jpeg_quality);
}

Bytes face_picture(cv::Mat const& pixels, Box const& box) {
    int const width = box.right - box.left;
    int const height = box.bottom - box.top;
    cv::Rect const around{box.left - width / 2, box.top - height / 2, 2 * width, 2 * height};
    auto const cut = around & cv::Rect{0, 0, pixels.cols, pixels.rows};
    if (cut.empty()) return {};
    return image::encode_jpeg(pixels(cut).clone(), k_jpeg_quality);
}

Bytes annotated_picture(cv::Mat const& pixels, std::vector<WatchedFace> const& faces) {
    std::vector<image::Mark> marks;
    for (auto const& face : faces) {
        auto const& box = face.box;
        marks.push_back(
            {.box = {box.left, box.top, box.right - box.left, box.bottom - box.top}, .text = face.label, .known = face.is_known});
    }
    auto picture = pixels.clone();
    image::annotate(picture, marks);
    return image::encode_jpeg(picture, k_jpeg_quality);
}

Bytes jpeg_of(Frame const& frame) {
    return frame.pixels.empty() ? frame.jpeg : frame_picture(frame.pixels);
}

}  // namespace bioctl::app
