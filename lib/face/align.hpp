#pragma once
// From landmarks to the square chip that an embedder wants: a least-squares similarity onto a template of points.

#include <span>
#include <string_view>

#include <opencv2/core/mat.hpp>

#include "lib/face/types.hpp"

namespace bioctl::face {

enum class Template {
    dlib68,    ///< dlib's mean face with padding .25, as the dlib recognisers were trained on (150 pixels)
    arcface5,  ///< five points in 112 pixels, as the ArcFace family was trained on
};

/// "dlib-68" or "arcface-5"; Error{data} otherwise.
[[nodiscard]] Template template_from(std::string_view name);

/// Picture -> chip, 2 x 3: chip = A * (x, y, 1). Landmarks are 68 points or dlib's 5; a chip is size x size pixels.
/// source  umeyama 1991 (closed form, no reflection); template points from dlib's get_face_chip_details (Boost licence) and
///         the insightface sources.
[[nodiscard]] cv::Matx23f chip_transform(std::span<cv::Point2f const> landmarks, Template target, int size);

/// Cuts the chip: CV_8UC3, what lies outside the picture is black. Large faces are shrunk first, so that nothing aliases.
[[nodiscard]] cv::Mat cut(cv::Mat const& picture, cv::Matx23f const& transform, int size);

/// The transform that shows `factor` times as much around the chip, on out_size x out_size pixels.
[[nodiscard]] cv::Matx23f widened(cv::Matx23f const& transform, int size, float factor, int out_size);

/// Pixels of the picture for one pixel of the chip: below 1 the chip is enlarged.
[[nodiscard]] float picture_pixels_per_chip_pixel(cv::Matx23f const& transform);

/// Centres of the eyes, image left first. Of 68 points or dlib's 5.
[[nodiscard]] std::pair<cv::Point2f, cv::Point2f> eyes(std::span<cv::Point2f const> landmarks);

[[nodiscard]] FivePoints five_points(std::span<cv::Point2f const> landmarks68);

}  // namespace bioctl::face
