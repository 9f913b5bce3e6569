#include "lib/app/desk.hpp"

#include <opencv2/core.hpp>

#include "lib/store/templates.hpp"

namespace bioctl::app {

Office::Office(DeskSetup setup, DeskRules rules)
    : m_setup(std::move(setup)), m_rules(std::make_shared<DeskRules const>(std::move(rules))) {}

std::shared_ptr<DeskRules const> Office::rules() const {
    std::lock_guard const lock{m_mutex};
    return m_rules;
}

void Office::set_rules(DeskRules rules) {
    auto fresh = std::make_shared<DeskRules const>(std::move(rules));
    std::lock_guard const lock{m_mutex};
    if (fresh->metric != m_rules->metric) m_generation = -1;  // the gallery is of the other one
    m_rules = std::move(fresh);
}

std::shared_ptr<Faces const> Office::last_faces() const {
    std::lock_guard const lock{m_mutex};
    return m_faces;
}

Desk::Desk(Office& office)
    : m_office(office),
      m_store(store::Store::open(office.setup().store_file, office.setup().store)),
      m_engine(office.setup().models) {}

Workspace Desk::workspace() {
    auto const now = rules();
    return {.store = m_store,
            .models = m_office.setup().models,
            .clock = clock(),
            .media_dir = media_dir(),
            .limits = now->limits,
            .metric = now->metric};
}

std::shared_ptr<Faces const> Desk::faces() {
    auto const current = [&]() -> std::shared_ptr<Faces const> {
        auto const generation = m_store.templates().generation();
        std::lock_guard const lock{m_office.m_mutex};
        return m_office.m_faces && m_office.m_generation == generation ? m_office.m_faces : nullptr;
    };
    if (auto faces = current()) return faces;
    std::lock_guard const loading{m_office.m_loading};  // the others wait for one load instead of doing it all over
    if (auto faces = current()) return faces;
    // Read before the templates: a change in between only means one more load.
    auto const generation = m_store.templates().generation();
    auto const faces = std::make_shared<Faces const>(workspace());
    std::lock_guard const lock{m_office.m_mutex};
    m_office.m_faces = faces;
    m_office.m_generation = generation;
    return faces;
}

RecognizedPhoto Desk::recognize(ByteView photo, RecognizeOptions const& options) {
    // The source owns its bytes; a photo is small beside what looking at it costs.
    PhotoSource const source{.path = {}, .bytes = Bytes{photo.begin(), photo.end()}};
    return recognize_photo(m_engine, *faces(), source, rules()->limits, options);
}

RecognizedPhoto Desk::recognize(ByteView photo, std::optional<float> threshold) {
    RecognizeOptions options;
    options.rule = rules()->identify;
    if (threshold) options.rule.threshold = *threshold;
    return recognize(photo, options);
}

Enroller& Desk::enroller(EnrolRules const& rules) {
    bool const is_same = m_enroller && m_enrol_rules.on_duplicate == rules.on_duplicate &&
                         m_enrol_rules.duplicate_threshold == rules.duplicate_threshold &&
                         m_enrol_workspace->metric == this->rules()->metric;
    if (is_same) return *m_enroller;
    m_enroller.reset();
    m_enrol_workspace.emplace(workspace());
    m_enrol_rules = rules;
    m_enroller = std::make_unique<Enroller>(*m_enrol_workspace, rules, Mode::write);
    return *m_enroller;
}

EnrolReport Desk::enrol(std::string_view person_id, std::string_view name, ByteView photo, EnrolRules const& rules) {
    auto const prepared = prepare(m_engine, photo, sha256(photo), rules, this->rules()->limits);
    EnrolReport report{.outcome = Unchanged{}, .faces_found = prepared.faces_found};
    if (prepared.rejected) {
        report.outcome = *prepared.rejected;
        return report;
    }
    auto& desk = enroller(rules);
    m_store.write([&] { report.outcome = desk.commit(person_id, name, prepared, "", ""); });
    return report;
}

void Desk::warm_up() {
    constexpr int k_side = 160;
    static_cast<void>(faces());
    static_cast<void>(m_engine.analyse(cv::Mat{k_side, k_side, CV_8UC3, cv::Scalar::all(127)}));
    face::Face blank;
    blank.chip = cv::Mat{150, 150, CV_8UC3, cv::Scalar::all(127)};
    std::vector<face::Face> faces{blank};
    m_engine.embed(faces);
}

}  // namespace bioctl::app
