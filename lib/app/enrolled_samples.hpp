#pragma once
// The templates of a store, to be measured against each other.

#include <vector>

#include "lib/app/evaluation.hpp"
#include "lib/face/contract.hpp"
#include "lib/match/code_gallery.hpp"
#include "lib/palm/template.hpp"
#include "lib/store/templates.hpp"

namespace bioctl::app {

/// All templates of one modality and contract, by person. Immutable.
class EnrolledSamples {
public:
    /// Faces of this contract, or palms of the present pipeline.
    EnrolledSamples(store::Store& store, store::Modality modality, face::Contract const& contract, match::Metric metric);

    [[nodiscard]] std::vector<Sample> const& samples() const { return m_samples; }
    /// By index, as samples(). Palms are compared as they were stored, without the poses that a photo has.
    [[nodiscard]] float distance(std::size_t a, std::size_t b) const;
    [[nodiscard]] Measure measure() const {
        return [this](std::size_t a, std::size_t b) { return distance(a, b); };
    }

private:
    match::Metric m_metric;
    float m_scale;
    std::vector<Sample> m_samples;
    // of palms only
    std::vector<palm::Template> m_palms;
    std::vector<match::CodeQuery> m_queries;
};

/// What a calibration of this modality is filed under.
struct CalibrationKey {
    store::Modality modality;
    std::string contract, metric;
};
[[nodiscard]] CalibrationKey calibration_key(store::Modality modality, face::Contract const& contract, match::Metric metric);

}  // namespace bioctl::app
