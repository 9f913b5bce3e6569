#pragma once
// The text of the progress bar.

#include <chrono>
#include <string>
#include <string_view>

namespace bioctl::ui {

/// "enrolling 120/500 [#####---------------] 24 %, 15.2/s, 0:25 left", never wider than `width` columns; without a total
/// "enrolling 120, 15.2/s".
[[nodiscard]] std::string progress_line(std::string_view what, std::size_t done, std::size_t total,
                                        std::chrono::duration<double> elapsed, std::size_t width);

}  // namespace bioctl::ui
