#include "lib/app/people_decisions.hpp"

#include <map>

#include "lib/app/ordered.hpp"
#include "lib/match/gallery.hpp"

namespace bioctl::app {

namespace {

struct Nearest {
    std::string person_id;
    float distance;
};

class LeaveOneOut {
public:
    LeaveOneOut(std::vector<LabelledVector> const& templates, DecisionRule const& rule)
        : m_templates(templates),
          m_rule(rule),
          m_scale(rule.scale.value_or(1.0F)),
          m_gallery(static_cast<int>(templates.front().vector.size()), rule.metric, m_scale) {
        for (std::size_t i = 0; i < templates.size(); ++i) {
            m_gallery.add(templates[i].person_id, templates[i].vector);
            m_of_person[templates[i].person_id].push_back(i);
        }
    }

    [[nodiscard]] TemplateDecision decide(std::size_t index) const {
        auto nearest = nearest_own(index);
        if (auto const other = nearest_other(index); other && (!nearest || other->distance < nearest->distance)) nearest = other;
        TemplateDecision decision;
        if (!nearest) return decision;
        decision.nearest = nearest->person_id;
        if (m_rule.scale) decision.distance = nearest->distance;
        bool const found = !m_rule.scale || !m_rule.threshold || nearest->distance <= *m_rule.threshold;
        if (found) decision.verdict = nearest->person_id == m_templates[index].person_id ? Verdict::own : Verdict::other;
        return decision;
    }

private:
    [[nodiscard]] std::optional<Nearest> nearest_own(std::size_t index) const {
        auto const& probe = m_templates[index];
        std::optional<Nearest> best;
        for (std::size_t const i : m_of_person.at(probe.person_id)) {
            if (i == index) continue;
            float const d = match::distance(probe.vector, m_templates[i].vector, m_rule.metric, m_scale);
            if (!best || d < best->distance) best = {probe.person_id, d};
        }
        return best;
    }
    /// The search finds the probe itself too, so the nearest other person is among the first two.
    [[nodiscard]] std::optional<Nearest> nearest_other(std::size_t index) const {
        for (auto const& candidate : m_gallery.search(m_templates[index].vector, 2)) {
            auto const& id = m_gallery.person_id(candidate.person);
            if (id != m_templates[index].person_id) return Nearest{id, candidate.distance};
        }
        return std::nullopt;
    }

    std::vector<LabelledVector> const& m_templates;
    DecisionRule m_rule;
    float m_scale;
    match::Gallery m_gallery;
    std::map<std::string, std::vector<std::size_t>> m_of_person;
};

}  // namespace

std::string_view name_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::own: return "own";
        case Verdict::other: return "other";
        case Verdict::unknown: return "unknown";
    }
    throw Error{Kind::bug, "a Verdict without a name"};
}

std::vector<TemplateDecision> leave_one_out(std::vector<LabelledVector> const& templates, DecisionRule const& rule, int jobs) {
    std::vector<TemplateDecision> decisions;
    if (templates.empty()) return decisions;
    decisions.reserve(templates.size());
    LeaveOneOut const search{templates, rule};
    ordered_for<TemplateDecision>(
        templates.size(), jobs, [&](int, std::size_t index) { return search.decide(index); },
        [&](std::size_t, TemplateDecision&& decision) {
            decisions.push_back(std::move(decision));
            return true;
        });
    return decisions;
}

}  // namespace bioctl::app
