#pragma once
// The rules of verify-dataset by subject. Private to app/.

#include "lib/app/dataset.hpp"

namespace bioctl::app {

/// Collects findings that are not switched off.
class Findings {
public:
    /// `baseline` may be null.
    explicit Findings(Severities const& severities, Baseline const* baseline = nullptr)
        : m_severities(severities), m_baseline(baseline) {}

    void add(Rule rule, DatasetPhoto const& photo, std::string detail, std::vector<std::string> related = {});
    /// About an id as such.
    void add(Rule rule, std::string const& person_id, std::string detail, std::vector<std::string> related = {});
    [[nodiscard]] bool wants(Rule rule) const { return m_severities.of(rule) != Severity::off; }
    /// Errors so far that are not accepted.
    [[nodiscard]] std::size_t errors() const { return m_errors; }
    [[nodiscard]] std::vector<Finding> take();

private:
    void keep(Finding finding, std::string_view bytes);

    Severities const& m_severities;
    Baseline const* m_baseline;
    std::size_t m_errors = 0;
    std::vector<Finding> m_findings;
};

/// unreadable .. low_quality, odd_name.
void judge_photo(DatasetPhoto const& photo, DatasetOptions const& options, Findings& findings);

/// duplicate_photo, near_duplicate, photo_of_two, outlier, person_of_two, already_enrolled. Marks outliers. False if
/// the contract has no thresholds: then only copies are told.
bool judge_resemblance(std::vector<DatasetPhoto>& photos, face::Contract const& contract, match::Gallery const* enrolled,
                       DatasetOptions const& options, Findings& findings);

/// few_photos, imbalance, odd_id.
void judge_people(std::vector<DatasetPhoto> const& photos, DatasetOptions const& options, Findings& findings);

}  // namespace bioctl::app
