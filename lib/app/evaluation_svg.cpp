#include "lib/app/evaluation_svg.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include <fmt/format.h>

namespace bioctl::app {

namespace {

struct Axis {
    double low = 0, high = 1;
    bool is_logarithmic = false;

    [[nodiscard]] double share(double value) const {
        if (!is_logarithmic) return (value - low) / (high - low);
        return std::log(std::clamp(value, low, high) / low) / std::log(high / low);
    }
};

double x_of(Axis const& axis, double value) {
    return k_plot_left + (k_plot_right - k_plot_left) * axis.share(value);
}

double y_of(Axis const& axis, double value) {
    return k_plot_bottom - (k_plot_bottom - k_plot_top) * axis.share(value);
}

/// 1, 2 or 5 times a power of ten: at most six of them in the range.
double nice_step(double range) {
    constexpr double k_most = 6;
    auto const power = std::pow(10.0, std::floor(std::log10(range / k_most)));
    for (double const factor : {1.0, 2.0, 5.0}) {
        if (range / (factor * power) <= k_most) return factor * power;
    }
    return 10 * power;
}

std::vector<double> ticks_of(Axis const& axis) {
    std::vector<double> ticks;
    if (axis.is_logarithmic) {
        for (int power = static_cast<int>(std::lround(std::log10(axis.low))); power <= std::lround(std::log10(axis.high));
             ++power)
            ticks.push_back(std::pow(10.0, power));
        return ticks;
    }
    auto const step = nice_step(axis.high - axis.low);
    for (double tick = std::ceil(axis.low / step - 1e-9) * step; tick <= axis.high + step * 1e-9; tick += step)
        ticks.push_back(std::abs(tick) < step * 1e-9 ? 0 : tick);
    return ticks;
}

std::string label_of(Axis const& axis, double value) {
    if (!axis.is_logarithmic) return fmt::format("{:.3g}", value);
    return value >= .01 ? fmt::format("{:g}", value) : fmt::format("{:.0e}", value);
}

std::string frame(std::string_view id, std::string_view title, Axis const& x, std::string_view x_name, Axis const& y,
                  std::string_view y_name) {
    auto svg =
        fmt::format("<g class=\"plot\" id=\"{}\">\n<text class=\"title\" x=\"{}\" y=\"16\">{}</text>\n", id, k_plot_left, title);
    for (double const tick : ticks_of(x)) {
        auto const at = x_of(x, tick);
        svg += fmt::format(
            "<line class=\"grid\" x1=\"{0:.1f}\" y1=\"{1}\" x2=\"{0:.1f}\" y2=\"{2}\"/><text x=\"{0:.1f}\" y=\"{3}\" "
            "text-anchor=\"middle\">{4}</text>\n",
            at, k_plot_top, k_plot_bottom, k_plot_bottom + 16, label_of(x, tick));
    }
    for (double const tick : ticks_of(y)) {
        auto const at = y_of(y, tick);
        svg += fmt::format(
            "<line class=\"grid\" x1=\"{1}\" y1=\"{0:.1f}\" x2=\"{2}\" y2=\"{0:.1f}\"/><text x=\"{3}\" y=\"{4:.1f}\" "
            "text-anchor=\"end\">{5}</text>\n",
            at, k_plot_left, k_plot_right, k_plot_left - 6, at + 4, label_of(y, tick));
    }
    auto const middle = (k_plot_top + k_plot_bottom) / 2;
    return svg + fmt::format(
                     "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text><text transform=\"translate(13 {}) rotate(-90)\" "
                     "text-anchor=\"middle\">{}</text>\n",
                     (k_plot_left + k_plot_right) / 2, k_plot_bottom + 34, x_name, middle, y_name);
}

std::string polyline(std::vector<std::pair<double, double>> const& points, std::string_view name) {
    std::string path;
    for (auto const& [x, y] : points)
        path += fmt::format("{:.1f},{:.1f} ", x, y);
    return fmt::format("<polyline class=\"line {}\" points=\"{}\"/>\n", name, path);
}

/// A stair: the rates of a finite sample jump.
std::string rates_line(Evaluation const& evaluation, Axis const& x, Axis const& y,
                       std::function<double(eval::OperatingPoint const&)> const& y_value) {
    std::vector<std::pair<double, double>> points;
    for (auto const& point : evaluation.curve) {
        // No rate of zero has a place on a logarithmic axis.
        if (point.fmr < x.low || (y.is_logarithmic && y_value(point) < y.low)) continue;
        points.emplace_back(x_of(x, point.fmr), y_of(y, y_value(point)));
    }
    return polyline(points, "both");
}

std::string bars(std::vector<std::size_t> const& counts, Axis const& x, double end, Axis const& y, std::string_view name) {
    std::size_t total = 0;
    for (auto const count : counts)
        total += count;
    std::vector<std::pair<double, double>> outline;
    for (std::size_t i = 0; i < counts.size() && total > 0; ++i) {
        auto const height = y_of(y, static_cast<double>(counts[i]) / static_cast<double>(total));
        auto const width = end / static_cast<double>(counts.size());
        outline.emplace_back(x_of(x, static_cast<double>(i) * width), height);
        outline.emplace_back(x_of(x, static_cast<double>(i + 1) * width), height);
    }
    return polyline(outline, name);
}

double highest_share(std::vector<std::size_t> const& counts) {
    std::size_t total = 0, most = 0;
    for (auto const count : counts) {
        total += count;
        most = std::max(most, count);
    }
    return total == 0 ? 0 : static_cast<double>(most) / static_cast<double>(total);
}

}  // namespace

double smallest_rate(Evaluation const& evaluation) {
    auto const least = 1.0 / static_cast<double>(std::max<std::size_t>(evaluation.impostors, 10));
    return std::pow(10.0, std::floor(std::log10(least) + 1e-9));
}

std::string det_plot(Evaluation const& evaluation) {
    if (evaluation.curve.empty()) return {};
    auto const genuine = 1.0 / static_cast<double>(std::max<std::size_t>(evaluation.genuine, 10));
    Axis const x{smallest_rate(evaluation), 1, true};
    Axis const y{std::pow(10.0, std::floor(std::log10(genuine) + 1e-9)), 1, true};
    auto svg = frame("det", "DET: errors of both kinds", x, "false match rate", y, "false non-match rate");
    svg += rates_line(evaluation, x, y, [](eval::OperatingPoint const& point) { return point.fnmr; });
    // Where both rates are equal.
    auto const from = std::max(x.low, y.low);
    svg += fmt::format("<line class=\"equal\" x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\"/>\n", x_of(x, from),
                       y_of(y, from), x_of(x, 1), y_of(y, 1));
    return svg + "</g>\n";
}

std::string roc_plot(Evaluation const& evaluation) {
    if (evaluation.curve.empty()) return {};
    Axis const x{smallest_rate(evaluation), 1, true}, y{0, 1, false};
    auto svg = frame("roc", "ROC: who is recognised", x, "false match rate", y, "true match rate");
    svg += rates_line(evaluation, x, y, [](eval::OperatingPoint const& point) { return 1 - point.fnmr; });
    return svg + "</g>\n";
}

std::string distance_plot(Evaluation const& evaluation) {
    auto const& counts = evaluation.histogram;
    if (counts.end <= 0) return {};
    Axis const x{0, counts.end, false};
    Axis const y{0, std::max(highest_share(counts.genuine), highest_share(counts.impostors)) * 1.05, false};
    auto svg = frame("distances", "Distances", x, "distance", y, "share of comparisons");
    svg += bars(counts.impostors, x, counts.end, y, "impostor") + bars(counts.genuine, x, counts.end, y, "genuine");
    return svg + fmt::format(
                     "<text class=\"genuine-text\" x=\"{}\" y=\"{}\">same person</text><text class=\"impostor-text\" x=\"{}\" "
                     "y=\"{}\" text-anchor=\"end\">different people</text></g>\n",
                     k_plot_left + 8, k_plot_top + 14, k_plot_right - 8, k_plot_top + 14);
}

std::string cmc_plot(Evaluation const& evaluation) {
    auto const& ranks = evaluation.cmc;
    if (ranks.size() < 2) return {};
    Axis const x{1, static_cast<double>(ranks.size()), false};
    Axis const y{std::floor(ranks.front() * 10) / 10 - (ranks.front() >= 1 ? .1 : 0), 1, false};
    auto svg = frame("cmc", "CMC: found among the first k", x, "rank k", y, "share of searches");
    std::vector<std::pair<double, double>> points;
    for (std::size_t i = 0; i < ranks.size(); ++i)
        points.emplace_back(x_of(x, static_cast<double>(i + 1)), y_of(y, ranks[i]));
    return svg + polyline(points, "both") + "</g>\n";
}

}  // namespace bioctl::app
