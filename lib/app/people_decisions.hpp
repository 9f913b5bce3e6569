#pragma once
// Would the people of a store still be told apart? Leave-one-out identification: each template is looked up among all others.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/match/distance.hpp"
#include "lib/store/templates.hpp"

namespace bioctl::app {

struct LabelledVector {
    store::TemplateId id = 0;
    std::string person_id;
    std::vector<float> vector;  ///< un-normalised
};

/// What recognize would say to this template's photo.
enum class Verdict {
    own,      ///< the right person
    other,    ///< somebody else: a confusion
    unknown,  ///< nobody within the threshold; so for everybody with one template only, unless somebody else is near
};
/// "own", "other", "unknown"
[[nodiscard]] std::string_view name_of(Verdict verdict);

struct TemplateDecision {
    Verdict verdict = Verdict::unknown;
    std::optional<std::string> nearest;  ///< person of the nearest other template; none if there is no other template
    std::optional<float> distance;       ///< to it; none if the scale of the contract is not known
};

struct DecisionRule {
    match::Metric metric = match::Metric::unit;
    std::optional<float> scale;      ///< Contract::scale; none = the contract is not known any more
    std::optional<float> threshold;  ///< none: whoever is nearest counts as found
};

/// Decisions in the order of `templates`, all of one contract and size. `jobs` threads. n^2 comparisons.
[[nodiscard]] std::vector<TemplateDecision> leave_one_out(std::vector<LabelledVector> const& templates, DecisionRule const& rule,
                                                          int jobs);

}  // namespace bioctl::app
