#include "lib/image/annotate.hpp"

#include <algorithm>
#include <vector>

#include <opencv2/imgproc.hpp>

#include "lib/image/transliterate.hpp"

namespace bioctl::image {

namespace {

constexpr int k_font = cv::FONT_HERSHEY_SIMPLEX;
cv::Scalar const k_dot_colour{0, 200, 255};

/// Line width and letter size that read well when the whole picture is on a screen.
struct Pen {
    explicit Pen(cv::Size picture) {
        auto const longer = std::max(picture.width, picture.height);
        width = std::max(1, longer / 400);
        scale = std::max(0.4, longer / 1400.0);
    }
    int width;
    double scale;
};

cv::Scalar colour_of(bool known) {
    return known ? cv::Scalar{40, 160, 0} : cv::Scalar{30, 30, 210};
}

/// The letters on a plate above the box; inside it where the picture has no room above.
void draw_label(cv::Mat& picture, Mark const& mark, Pen const& pen) {
    auto const text = transliterate(mark.text);
    if (text.empty()) return;
    int below = 0;
    auto const letters = cv::getTextSize(text, k_font, pen.scale, pen.width, &below);
    int const gap = 2 * pen.width;
    cv::Size const plate{letters.width + 2 * gap, letters.height + below + 2 * gap};
    int const x = std::clamp(mark.box.x, 0, std::max(0, picture.cols - plate.width));
    int const above = mark.box.y - plate.height;
    int const y = std::clamp(above >= 0 ? above : mark.box.y, 0, std::max(0, picture.rows - plate.height));
    cv::rectangle(picture, cv::Rect{{x, y}, plate}, colour_of(mark.known), cv::FILLED);
    cv::putText(picture, text, {x + gap, y + gap + letters.height}, k_font, pen.scale, cv::Scalar::all(255), pen.width,
                cv::LINE_AA);
}

}  // namespace

void annotate(cv::Mat& picture, std::span<Mark const> marks) {
    Pen const pen{picture.size()};
    for (auto const& mark : marks)
        cv::rectangle(picture, mark.box, colour_of(mark.known), pen.width, cv::LINE_AA);
    for (auto const& mark : marks)
        draw_label(picture, mark, pen);
}

void trace(cv::Mat& picture, std::span<cv::Point2f const> outline, bool known) {
    if (outline.empty()) return;
    std::vector<cv::Point> const points{outline.begin(), outline.end()};
    cv::polylines(picture, points, true, colour_of(known), Pen{picture.size()}.width, cv::LINE_AA);
}

void dot(cv::Mat& picture, std::span<cv::Point2f const> points) {
    Pen const pen{picture.size()};
    for (auto const& point : points)
        cv::circle(picture, point, 3 * pen.width, k_dot_colour, cv::FILLED, cv::LINE_AA);
}

}  // namespace bioctl::image
