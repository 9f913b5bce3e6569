#pragma once
// What verify-dataset looks for, and how bad each finding is.

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.hpp"

namespace bioctl::app {

enum class Rule {
    unreadable,
    truncated,
    wrong_extension,
    turned,
    too_small,
    no_face,
    many_faces,
    low_quality,
    duplicate_photo,
    near_duplicate,
    photo_of_two,
    person_of_two,
    outlier,
    few_photos,
    imbalance,
    odd_id,
    odd_name,
    already_enrolled,
};

enum class Severity { off, warn, error };
/// "off", "warn", "error"
[[nodiscard]] std::string_view name_of(Severity severity);

struct RuleRow {
    Rule rule;
    std::string_view name;  ///< "near_duplicate": in every output and in baselines, never renamed
    Severity severity;      ///< unless the user says otherwise
    std::string_view summary;
};
[[nodiscard]] std::span<RuleRow const> rule_table();
[[nodiscard]] RuleRow const& row_of(Rule rule);
[[nodiscard]] inline std::string_view name_of(Rule rule) {
    return row_of(rule).name;
}

/// The severity of each rule.
class Severities {
public:
    Severities();
    [[nodiscard]] Severity of(Rule rule) const { return m_severities.at(static_cast<std::size_t>(rule)); }
    /// "no_face=warn"; "all=off" sets every rule. Error{usage} naming the nearest rule, or the severities there are.
    void set(std::string_view setting);

private:
    static constexpr std::size_t k_rules = static_cast<std::size_t>(Rule::already_enrolled) + 1;
    std::array<Severity, k_rules> m_severities{};
};

struct Finding {
    Rule rule{};
    Severity severity{};
    std::string person_id;               ///< "" if it concerns no id
    std::string path;                    ///< of the photo, below the folder that was looked at; "" if it concerns the id as such
    std::string detail;                  ///< one line for people
    std::vector<std::string> related{};  ///< other photos, or ids, that it is about
    std::string fingerprint{};           ///< the same for the same finding about the same bytes, wherever the folder lies
    bool is_accepted = false;            ///< by the baseline
};

}  // namespace bioctl::app
