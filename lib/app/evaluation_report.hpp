#pragma once
// An evaluation as pictures: one file each, nothing is loaded from elsewhere.

#include <string>

#include "lib/app/evaluation.hpp"

namespace bioctl::app {

struct ReportFacts {
    std::string title;     ///< what was measured, for people
    std::string contract;  ///< of the models
    std::string made_at;   ///< RFC 3339
};

/// Four plots side by side: DET, ROC, distances, CMC (where there is a gallery). An SVG document.
[[nodiscard]] std::string to_svg(Evaluation const& evaluation, ReportFacts const& facts);

/// A page: the figures, and the same plots with a read-out under the pointer and a threshold to be moved. Its script is in it.
[[nodiscard]] std::string to_html(Evaluation const& evaluation, ReportFacts const& facts);

}  // namespace bioctl::app
