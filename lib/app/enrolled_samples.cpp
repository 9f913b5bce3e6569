#include "lib/app/enrolled_samples.hpp"

#include "lib/app/references.hpp"
#include "lib/match/distance.hpp"
#include "lib/palm/engine.hpp"

namespace bioctl::app {

EnrolledSamples::EnrolledSamples(store::Store& store, store::Modality modality, face::Contract const& contract,
                                 match::Metric metric)
    : m_metric(metric), m_scale(contract.scale) {
    auto templates = store.templates();
    if (modality == store::Modality::face) {
        templates.for_each_vector(modality, contract.id, [&](std::string_view person, std::span<float const> vector) {
            m_samples.push_back({.person = std::string{person}, .vector = {vector.begin(), vector.end()}});
        });
        return;
    }
    templates.for_each_code(palm::k_pipeline, [&](store::TemplateId id, std::string_view person, ByteView code) {
        auto palm = palm_of(id, person, code);
        // The two hands of a person are as different as those of two people.
        auto const part = palm.side == palm::Side::left ? "left" : palm.side == palm::Side::right ? "right" : "";
        m_samples.push_back({.person = std::string{person}, .part = part});
        m_queries.push_back(palm::query_for(palm));
        m_palms.push_back(std::move(palm));
    });
}

float EnrolledSamples::distance(std::size_t a, std::size_t b) const {
    if (m_palms.empty()) return match::distance(m_samples[a].vector, m_samples[b].vector, m_metric, m_scale);
    return palm::compare(m_queries[a], m_palms[b]);
}

CalibrationKey calibration_key(store::Modality modality, face::Contract const& contract, match::Metric metric) {
    if (modality == store::Modality::palm) return {modality, std::string{palm::k_pipeline}, "code"};
    return {modality, contract.id, std::string{match::name_of(metric)}};
}

}  // namespace bioctl::app
