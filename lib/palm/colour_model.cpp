#include "lib/palm/colour_model.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <opencv2/imgproc.hpp>

namespace bioctl::palm {

namespace {

constexpr int k_spots_across = 24;           // spot diameters along the longer side
constexpr double k_least_skin_variance = 6;  // even skin is not that even
constexpr double k_least_border_variance = 1;

/// How far a colour is from those that skin has in ordinary light, in Lab of 8 bit; 0 inside their range.
float unlike_skin(cv::Vec3f const& lab) {
    auto const beyond = [](float value, float low, float high) { return std::max({0.0F, low - value, value - high}); };
    return beyond(lab[0], 50, 235) / 4 + beyond(lab[1], 132, 165) + beyond(lab[2], 130, 170);
}

/// 255 where colour or light changes sharply, compared with the rest of the picture.
cv::Mat strong_edges(cv::Mat const& lab) {
    cv::Mat across;
    cv::Mat down;
    cv::Sobel(lab, across, CV_32F, 1, 0);
    cv::Sobel(lab, down, CV_32F, 0, 1);
    cv::Mat strength(lab.size(), CV_8UC1);
    for (int y = 0; y < lab.rows; ++y) {
        auto const* const a = across.ptr<cv::Vec3f>(y);
        auto const* const d = down.ptr<cv::Vec3f>(y);
        for (int x = 0; x < lab.cols; ++x) {
            auto const change = [&](int i) { return std::abs(a[x][i]) + std::abs(d[x][i]); };
            strength.at<std::uint8_t>(y, x) = cv::saturate_cast<std::uint8_t>(change(0) / 2 + change(1) + change(2));
        }
    }
    cv::threshold(strength, strength, 0, 255, cv::THRESH_BINARY | cv::THRESH_OTSU);
    return strength;
}

}  // namespace

ColourModel::ColourModel(cv::Mat const& picture)
    : m_radius(std::max(2, std::max(picture.cols, picture.rows) / (2 * k_spots_across))) {
    cv::Mat lab;
    cv::cvtColor(picture, lab, cv::COLOR_BGR2Lab);
    lab.convertTo(m_lab, CV_32FC3);
    m_edges = strong_edges(m_lab);
}

std::vector<cv::Point> ColourModel::seeds(std::size_t most) const {
    struct Spot {
        float cost;
        cv::Point at;
    };
    std::vector<Spot> spots;
    cv::Point2f const middle{static_cast<float>(m_lab.cols) / 2, static_cast<float>(m_lab.rows) / 2};
    float const reach = std::hypot(middle.x, middle.y);
    int const step = 2 * m_radius;
    for (int y = step; y < m_lab.rows - step; y += step) {
        for (int x = step; x < m_lab.cols - step; x += step) {
            cv::Scalar mean;
            cv::Scalar deviation;
            cv::meanStdDev(m_lab(cv::Rect{x - m_radius, y - m_radius, 2 * m_radius, 2 * m_radius}), mean, deviation);
            cv::Vec3f const colour{static_cast<float>(mean[0]), static_cast<float>(mean[1]), static_cast<float>(mean[2])};
            auto const uneven = static_cast<float>(deviation[0] / 4 + deviation[1] + deviation[2]);
            float const aside = std::hypot(static_cast<float>(x) - middle.x, static_cast<float>(y) - middle.y) / reach;
            spots.push_back({unlike_skin(colour) + uneven + 10 * aside, {x, y}});
        }
    }
    std::sort(spots.begin(), spots.end(), [](Spot const& a, Spot const& b) { return a.cost < b.cost; });
    std::vector<cv::Point> chosen;
    for (auto const& spot : spots) {
        // Neighbours would say the same.
        bool const is_new = std::all_of(chosen.begin(), chosen.end(), [&](cv::Point other) {
            return std::max(std::abs(other.x - spot.at.x), std::abs(other.y - spot.at.y)) > 2 * step;
        });
        if (is_new) chosen.push_back(spot.at);
        if (chosen.size() == most) break;
    }
    return chosen;
}

cv::Mat ColourModel::like(cv::Point seed, float deviations, Edges edges) const {
    cv::Mat spot = cv::Mat::zeros(m_lab.size(), CV_8UC1);
    cv::circle(spot, seed, m_radius, 255, cv::FILLED);
    auto const connected = [&](Colour const& colour) -> cv::Mat {
        cv::Mat near = within(colour, deviations);
        if (edges == Edges::obeyed) near.setTo(0, m_edges);
        near |= spot;
        cv::floodFill(near, seed, 128);
        return near == 128;
    };
    auto const mask = connected(colour_of(connected(colour_of(spot, k_least_skin_variance)), k_least_skin_variance));
    if (edges == Edges::ignored) return mask;
    cv::Mat whole;  // with the edges themselves, one pixel to each side
    cv::dilate(mask, whole, cv::Mat{});
    return whole;
}

ColourModel::Colour ColourModel::colour_of(cv::Mat const& mask, double least_variance) const {
    std::array<double, 3> sum{};
    std::array<double, 9> products{};
    double count = 0;
    for (int y = 0; y < m_lab.rows; ++y) {
        auto const* const row = m_lab.ptr<cv::Vec3f>(y);
        auto const* const in = mask.ptr<std::uint8_t>(y);
        for (int x = 0; x < m_lab.cols; ++x) {
            if (in[x] == 0) continue;
            ++count;
            for (int i = 0; i < 3; ++i) {
                sum[static_cast<std::size_t>(i)] += static_cast<double>(row[x][i]);
                for (int j = 0; j < 3; ++j)
                    products[static_cast<std::size_t>(3 * i + j)] +=
                        static_cast<double>(row[x][i]) * static_cast<double>(row[x][j]);
            }
        }
    }
    cv::Matx33f covariance;
    Colour colour;
    for (int i = 0; i < 3; ++i) {
        double const mean = sum[static_cast<std::size_t>(i)] / count;
        colour.mean[i] = static_cast<float>(mean);
        for (int j = 0; j < 3; ++j)
            covariance(i, j) = static_cast<float>(products[static_cast<std::size_t>(3 * i + j)] / count -
                                                  mean * sum[static_cast<std::size_t>(j)] / count);
        covariance(i, i) += static_cast<float>(i == 0 ? 8 * least_variance : least_variance);  // light varies more than colour
    }
    colour.inverse = covariance.inv();
    return colour;
}

cv::Mat ColourModel::distances(Colour const& colour) const {
    cv::Mat out(m_lab.size(), CV_32FC1);
    auto const& m = colour.inverse;
    for (int y = 0; y < m_lab.rows; ++y) {
        auto const* const row = m_lab.ptr<cv::Vec3f>(y);
        auto* const to = out.ptr<float>(y);
        for (int x = 0; x < m_lab.cols; ++x) {
            float const a = row[x][0] - colour.mean[0];
            float const b = row[x][1] - colour.mean[1];
            float const c = row[x][2] - colour.mean[2];
            to[x] =
                a * a * m(0, 0) + b * b * m(1, 1) + c * c * m(2, 2) + 2 * (a * b * m(0, 1) + a * c * m(0, 2) + b * c * m(1, 2));
        }
    }
    return out;
}

cv::Mat ColourModel::within(Colour const& colour, float deviations) const {
    return distances(colour) <= deviations * deviations;
}

std::vector<cv::Mat> ColourModel::unlike_border(std::initializer_list<float> deviations) const {
    constexpr int k_rims = 32;  // along the longer side
    constexpr int k_rounds = 3;
    constexpr float k_own = 2.5F;  // beyond is the arm, which crosses the border too
    int const width = std::max(2, std::max(m_lab.cols, m_lab.rows) / k_rims);
    cv::Mat rim(m_lab.size(), CV_8UC1, cv::Scalar{255});
    if (2 * width >= std::min(rim.cols, rim.rows)) return {};
    rim(cv::Rect{width, width, rim.cols - 2 * width, rim.rows - 2 * width}).setTo(0);
    cv::Mat away = distances(colour_of(rim, k_least_border_variance));
    for (int i = 1; i < k_rounds; ++i) {
        cv::Mat const own = rim & (away <= k_own * k_own);
        if (cv::countNonZero(own) < cv::countNonZero(rim) / 4) return {};
        away = distances(colour_of(own, k_least_border_variance));
    }
    std::vector<cv::Mat> masks;
    for (float const bound : deviations)
        masks.emplace_back(away > bound * bound);
    return masks;
}

}  // namespace bioctl::palm
