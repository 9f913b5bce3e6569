#pragma once
// The plots of evaluation_report.hpp, one by one. Private to app/.

#include <string>

#include "lib/app/evaluation.hpp"

namespace bioctl::app {

inline constexpr int k_plot_width = 460, k_plot_height = 340;
/// Inside of the axes.
inline constexpr int k_plot_left = 56, k_plot_right = 446, k_plot_top = 28, k_plot_bottom = 296;

/// <g class="plot"> of k_plot_width x k_plot_height, with its axes, ticks and line; "" if there is nothing to draw.
[[nodiscard]] std::string det_plot(Evaluation const& evaluation);
[[nodiscard]] std::string roc_plot(Evaluation const& evaluation);
[[nodiscard]] std::string distance_plot(Evaluation const& evaluation);
[[nodiscard]] std::string cmc_plot(Evaluation const& evaluation);

/// The smallest rate that the logarithmic axes show: a power of ten.
[[nodiscard]] double smallest_rate(Evaluation const& evaluation);

}  // namespace bioctl::app
