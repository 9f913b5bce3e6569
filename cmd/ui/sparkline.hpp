#pragma once
// A curve in one line of text.

#include <optional>
#include <string>
#include <vector>

namespace bioctl::ui {

/// At most `width` columns: neighbours share one, which shows the highest of them. Nothing known is a blank, nothing answered
/// (see `lost`) an x. The lowest value is the lowest block, unless all are alike.
struct SparkPoint {
    std::optional<double> value{};
    bool is_lost = false;
};
[[nodiscard]] std::string sparkline(std::vector<SparkPoint> const& points, std::size_t width);

}  // namespace bioctl::ui
