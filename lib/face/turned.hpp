#pragma once
// A picture as it looks turned, without turning the whole of it.

#include <opencv2/core/mat.hpp>

namespace bioctl::face {

/// Small pictures are turned after they were shrunk: turning 3 megapixels takes longer than looking at them.
class Turned {
public:
    /// picture: CV_8UC3, which must stay as it is. Clockwise by 0, 90, 180 or 270 degrees; Error{bug} for others.
    Turned(cv::Mat const& picture, int degrees);

    [[nodiscard]] cv::Size size() const { return m_size; }
    /// `part`, within size(), shrunk or enlarged to `size`. Both are of the turned picture. May share the picture's pixels.
    [[nodiscard]] cv::Mat resized(cv::Rect part, cv::Size size) const;
    [[nodiscard]] cv::Mat whole() const;

private:
    [[nodiscard]] cv::Rect in_picture(cv::Rect part) const;

    cv::Mat m_picture;
    int m_degrees;
    cv::Size m_size;
};

}  // namespace bioctl::face
