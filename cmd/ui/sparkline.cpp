#include "cmd/ui/sparkline.hpp"

#include <algorithm>
#include <array>

namespace bioctl::ui {

namespace {

constexpr std::array<char const*, 8> k_blocks{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};

SparkPoint highest(std::vector<SparkPoint> const& points, std::size_t begin, std::size_t end) {
    SparkPoint result;
    for (auto i = begin; i < end; ++i) {
        result.is_lost = result.is_lost || points[i].is_lost;
        if (points[i].value) result.value = std::max(result.value.value_or(*points[i].value), *points[i].value);
    }
    return result;
}

}  // namespace

std::string sparkline(std::vector<SparkPoint> const& points, std::size_t width) {
    auto const columns = std::min(width, points.size());
    std::vector<SparkPoint> shown;
    for (std::size_t column = 0; column < columns; ++column)
        shown.push_back(highest(points, column * points.size() / columns, (column + 1) * points.size() / columns));
    std::optional<double> least, most;
    for (auto const& point : shown) {
        if (!point.value) continue;
        least = std::min(least.value_or(*point.value), *point.value);
        most = std::max(most.value_or(*point.value), *point.value);
    }
    std::string line;
    for (auto const& point : shown) {
        if (!point.value) {
            line += point.is_lost ? "x" : " ";
            continue;
        }
        auto const height = *most > *least ? (*point.value - *least) / (*most - *least) : 0.0;
        line +=
            k_blocks.at(std::min(k_blocks.size() - 1, static_cast<std::size_t>(height * static_cast<double>(k_blocks.size()))));
    }
    return line;
}

}  // namespace bioctl::ui
