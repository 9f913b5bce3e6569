#pragma once
// A picture as it looks turned, without turning the whole of it.

#include <vector>

#include <opencv2/core/mat.hpp>

namespace bioctl::face {

/// What one picture was shrunk to. It does not keep the picture, so whoever has another one begins anew.
class Shrunk {
public:
    Shrunk() = default;
    explicit Shrunk(cv::Mat const& picture) : m_pixels(picture.data), m_size(picture.size()) {}

    [[nodiscard]] bool is_of(cv::Mat const& picture) const { return m_pixels == picture.data && m_size == picture.size(); }
    /// picture: the one it is of. Valid until the next call.
    [[nodiscard]] cv::Mat const& to(cv::Mat const& picture, cv::Size size);

private:
    unsigned char const* m_pixels = nullptr;
    cv::Size m_size;
    std::vector<cv::Mat> m_pictures;
};

/// Small pictures are turned after they were shrunk: turning 3 megapixels takes longer than looking at them.
class Turned {
public:
    /// picture: CV_8UC3, which must stay as it is. Clockwise by 0, 90, 180 or 270 degrees; Error{bug} for others.
    Turned(cv::Mat const& picture, int degrees);

    /// The same, which finds in `shrunk` what the whole of this picture was shrunk to, and leaves it there. `shrunk` must outlive
    /// it.
    [[nodiscard]] Turned with(Shrunk& shrunk) const;

    [[nodiscard]] cv::Size size() const { return m_size; }
    /// `part`, within size(), shrunk or enlarged to `size`. Both are of the turned picture. May share the picture's pixels.
    [[nodiscard]] cv::Mat resized(cv::Rect part, cv::Size size) const;
    [[nodiscard]] cv::Mat whole() const;

private:
    [[nodiscard]] cv::Rect in_picture(cv::Rect part) const;

    cv::Mat m_picture;
    int m_degrees;
    cv::Size m_size;
    Shrunk* m_shrunk = nullptr;
};

}  // namespace bioctl::face
