#include "lib/face/turned.hpp"

#include <algorithm>

#include "lib/base/error.hpp"
#include "lib/face/pixels.hpp"
#include "lib/image/photo.hpp"

namespace bioctl::face {

namespace {

cv::Size transposed(cv::Size size) {
    return {size.height, size.width};
}

bool lies_on_its_side(int degrees) {
    return degrees == 90 || degrees == 270;
}

}  // namespace

cv::Mat const& Shrunk::to(cv::Mat const& picture, cv::Size size) {
    auto const known = std::ranges::find_if(m_pictures, [&](cv::Mat const& one) { return one.size() == size; });
    if (known != m_pictures.end()) return *known;
    return m_pictures.emplace_back(resized(picture, size));
}

Turned::Turned(cv::Mat const& picture, int degrees)
    : m_picture(picture), m_degrees(degrees), m_size(lies_on_its_side(degrees) ? transposed(picture.size()) : picture.size()) {
    if (degrees != 0 && degrees != 180 && !lies_on_its_side(degrees))
        throw Error{Kind::bug, "pictures are turned by right angles"};
}

Turned Turned::with(Shrunk& shrunk) const {
    auto turned = *this;
    turned.m_shrunk = &shrunk;
    return turned;
}

cv::Rect Turned::in_picture(cv::Rect part) const {
    int const right = m_size.width - part.x - part.width;
    int const below = m_size.height - part.y - part.height;
    switch (m_degrees) {
        case 90: return {part.y, right, part.height, part.width};
        case 180: return {right, below, part.width, part.height};
        case 270: return {below, part.x, part.height, part.width};
        default: return part;
    }
}

cv::Mat Turned::resized(cv::Rect part, cv::Size size) const {
    auto const upright_size = lies_on_its_side(m_degrees) ? transposed(size) : size;
    bool const is_whole = part == cv::Rect{{0, 0}, m_size};
    if (m_shrunk != nullptr && is_whole && m_shrunk->is_of(m_picture))
        return image::rotate(m_shrunk->to(m_picture, upright_size), m_degrees);
    return image::rotate(face::resized(m_picture(in_picture(part)), upright_size), m_degrees);
}

cv::Mat Turned::whole() const {
    return image::rotate(m_picture, m_degrees);
}

}  // namespace bioctl::face
