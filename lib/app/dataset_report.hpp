#pragma once
// The findings of verify-dataset in the formats of those who show them.

#include <string>

#include "lib/app/dataset.hpp"

namespace bioctl::app {

struct DatasetFacts {
    std::string folder;   ///< as given; paths in the reports begin with it, so that they fit the repository it lies in
    std::string version;  ///< of bioctl
    std::string made_at;  ///< RFC 3339
    Severity fail_level = Severity::error;
};

/// One test suite for each id, one test case for each photo, and one for the id itself. Findings at or above the fail level are
/// failures, others are told in system-out. Accepted ones are skipped tests.
[[nodiscard]] std::string to_junit(Dataset const& dataset, DatasetFacts const& facts);

/// SARIF 2.1.0. Accepted findings are there as suppressed.
[[nodiscard]] std::string to_sarif(Dataset const& dataset, DatasetFacts const& facts);

/// GitLab's code quality report. Without what is accepted.
[[nodiscard]] std::string to_code_quality(Dataset const& dataset, DatasetFacts const& facts);

/// Workflow commands of GitHub, a line for each finding that is not accepted.
[[nodiscard]] std::string to_workflow_commands(Dataset const& dataset, DatasetFacts const& facts);

/// A page with thumbnails of what was found and a map of who resembles whom. One file.
[[nodiscard]] std::string to_html(Dataset const& dataset, DatasetFacts const& facts, image::Limits const& limits);

}  // namespace bioctl::app
