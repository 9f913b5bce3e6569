#include "lib/app/verify_events.hpp"

#include <algorithm>

#include "lib/app/media.hpp"
#include "lib/base/file.hpp"
#include "lib/face/engine.hpp"
#include "lib/store/events.hpp"
#include "lib/store/templates.hpp"

namespace bioctl::app {

namespace {

constexpr int k_at_once = 32;

class Verifier {
public:
    Verifier(SyncSetup const& setup, Workspace const& faces, float threshold)
        : m_setup(setup), m_faces(faces), m_threshold(threshold), m_engine(faces.models) {}

    VerifiedEvent verify(std::int64_t id) {
        std::optional<store::Event> event;
        m_setup.writer.write([&](store::Store& store) { event = store.events().get(id); });
        VerifiedEvent result{.id = id, .person_id = event ? event->person_id : "", .verdict = "unreadable", .distance = {}};
        if (event) look(*event, result);
        m_setup.writer.write([&](store::Store& store) { store.events().set_verdict(id, result.verdict, result.distance); });
        return result;
    }

private:
    void look(store::Event const& event, VerifiedEvent& result) {
        auto const picture = read_media(m_setup.media_dir, event.picture, m_faces.limits.max_bytes);
        if (!picture) return;
        auto const analysis = m_engine.analyse(*picture, m_faces.limits);
        if (!analysis) return;
        result.verdict = "no_face";
        if (analysis->faces.empty()) return;
        result.verdict = "no_template";
        result.distance = nearest_template(event.person_id, analysis->faces.front().vector);
        if (result.distance) result.verdict = *result.distance <= static_cast<double>(m_threshold) ? "same" : "different";
    }

    std::optional<double> nearest_template(std::string const& person, std::span<float const> probe) {
        auto const& contract = m_engine.contract();
        std::optional<double> least;
        m_setup.writer.write([&](store::Store& store) {
            least.reset();
            for (auto const& t : store.templates().of_person(person)) {
                if (t.contract != contract.id) continue;
                double const distance = match::distance(t.vector, probe, m_faces.metric, contract.scale);
                if (!least || distance < *least) least = distance;
            }
        });
        return least;
    }

    SyncSetup const& m_setup;
    Workspace const& m_faces;
    float m_threshold;
    face::Engine m_engine;
};

}  // namespace

std::int64_t verify_events(SyncSetup const& setup, Workspace const& faces, float threshold,
                           std::function<void(VerifiedEvent const&)> const& on_event) {
    std::optional<Verifier> verifier;  // models are loaded for the first event only
    for (std::int64_t done = 0; !setup.should_stop();) {
        std::vector<std::int64_t> ids;
        setup.writer.write([&](store::Store& store) { ids = store.events().unverified(k_at_once); });
        if (ids.empty()) return done;
        if (!verifier) verifier.emplace(setup, faces, threshold);
        for (auto const id : ids) {
            if (setup.should_stop()) return done;
            on_event(verifier->verify(id));
            ++done;
        }
    }
    return 0;
}

}  // namespace bioctl::app
