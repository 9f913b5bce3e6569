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
    if (fresh->metric != m_rules->metric) m_faces_generation = -1;  // the gallery is of the other one
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

template <class Known>
std::shared_ptr<Known const> Desk::gallery(std::shared_ptr<Known const> Office::*place, std::int64_t Office::*generation) {
    auto const current = [&]() -> std::shared_ptr<Known const> {
        auto const now = m_store.templates().generation();
        std::lock_guard const lock{m_office.m_mutex};
        return m_office.*place && m_office.*generation == now ? m_office.*place : nullptr;
    };
    if (auto known = current()) return known;
    std::lock_guard const loading{m_office.m_loading};  // the others wait for one load instead of doing it all over
    if (auto known = current()) return known;
    // Read before the templates: a change in between only means one more load.
    auto const now = m_store.templates().generation();
    auto const known = std::make_shared<Known const>(workspace());
    std::lock_guard const lock{m_office.m_mutex};
    m_office.*place = known;
    m_office.*generation = now;
    return known;
}

std::shared_ptr<Faces const> Desk::faces() {
    return gallery(&Office::m_faces, &Office::m_faces_generation);
}

std::shared_ptr<Palms const> Desk::palms() {
    return gallery(&Office::m_palms, &Office::m_palms_generation);
}

RecognizedPhoto Desk::recognize(ByteView photo, RecognizeOptions const& options, Sought sought) {
    auto const faces = sought == Sought::palm ? nullptr : this->faces();
    auto const palms = sought == Sought::face ? nullptr : this->palms();
    // The source owns its bytes; a photo is small beside what looking at it costs.
    PhotoSource const source{.path = {}, .bytes = Bytes{photo.begin(), photo.end()}};
    return recognize_photo(m_engine, {faces.get(), palms.get()}, source, rules()->limits, options);
}

RecognizedPhoto Desk::recognize(ByteView photo, std::optional<float> threshold) {
    RecognizeOptions options;
    options.rule = rules()->identify;
    options.palm_rule = rules()->palm_identify;
    if (threshold) options.rule.threshold = *threshold;
    return recognize(photo, options);
}

Enroller& Desk::enroller(EnrolRules const& rules) {
    auto& kept = rules.modality == store::Modality::palm ? m_palms_enrolment : m_faces_enrolment;
    bool const fits = kept && kept->rules.on_duplicate == rules.on_duplicate &&
                      kept->rules.duplicate_threshold == rules.duplicate_threshold &&
                      kept->workspace.metric == this->rules()->metric;
    if (!fits) {
        kept.reset();  // before the next one is loaded: two galleries would need twice the memory
        kept.reset(new Enrolment{rules, workspace()});
    }
    return kept->enroller;
}

EnrolReport Desk::enrol(std::string_view person_id, std::string_view name, ByteView photo, EnrolRules const& rules) {
    auto const prepared = prepare(m_engine, photo, sha256(photo), rules, this->rules()->limits);
    EnrolReport report{.outcome = Unchanged{}, .found = prepared.found};
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
