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
    if (fresh->metric != m_rules->metric) m_faces.position = {};  // the gallery is of the other one
    m_rules = std::move(fresh);
}

std::shared_ptr<Faces const> Office::last_faces() const {
    std::lock_guard const lock{m_mutex};
    return m_faces.people;
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

template <class People>
std::shared_ptr<People const> Desk::gallery(Followed<People> Office::*place) {
    auto const last = [&] {
        std::lock_guard const lock{m_office.m_mutex};
        return m_office.*place;
    };
    auto const is_current = [&](Followed<People> const& known) {
        return known.people && known.position == m_store.templates().position();
    };
    if (auto const known = last(); is_current(known)) return known.people;
    std::lock_guard const loading{m_office.m_loading};  // the others wait for one load instead of doing it all over
    auto const workspace = this->workspace();           // before last(): a gallery of the metric that was is of no position then
    auto known = last();
    if (is_current(known)) return known.people;
    known = follow(known, workspace);
    std::lock_guard const lock{m_office.m_mutex};
    // Rules that came meanwhile want a gallery of another metric: the next one to look makes it.
    if (m_office.m_rules->metric == workspace.metric) m_office.*place = known;
    return known.people;
}

std::shared_ptr<Faces const> Desk::faces() {
    return gallery(&Office::m_faces);
}

std::shared_ptr<Palms const> Desk::palms() {
    return gallery(&Office::m_palms);
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
        kept.reset(new Enrolment{rules, workspace()});  // an aggregate, which make_unique cannot make
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
