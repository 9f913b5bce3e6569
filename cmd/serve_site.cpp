#include "cmd/serve_site.hpp"

#include "cmd/event_verbs.hpp"
#include "cmd/face_options.hpp"
#include "cmd/install_paths.hpp"
#include "cmd/version.hpp"
#include "lib/app/calibration.hpp"
#include "lib/app/doctor.hpp"
#include "lib/app/thresholds.hpp"
#include "lib/base/text.hpp"

namespace bioctl::cmd {

namespace {

std::vector<app::Check> examine(Context const& cx) {
    app::Patient const patient{.data_dir = cx.data_dir(),
                               .config_files = config::files_read(cx.layers),
                               .models = [&] { return cx.models(); },
                               .open_store = [&] { return cx.open_store(store::Access::read_only); },
                               .store_file = cx.store_file(),
                               .media_dir = cx.media_dir(),
                               .image_plugin = image_plugin(),
                               .libraries = library_versions(),
                               .clock = cx.clock};
    std::vector<app::Check> checks;
    static_cast<void>(app::examine(patient, app::Depth::quick, [&](app::Check const& check) { checks.push_back(check); }));
    return checks;
}

}  // namespace

app::DeskRules ServeSite::desk_rules(config::Settings const& settings) const {
    auto store = m_cx.open_store(store::Access::read_only);
    auto const contract = app::calibrated(m_models.contract(), store, match::metric_from(settings.metric()));
    auto const palms = palm_thresholds(settings, store);
    app::DeskRules rules;
    rules.identify = {.threshold = app::identify_threshold(contract, settings.threshold()), .margin = settings.margin()};
    rules.verify = app::verify_threshold(contract, settings.threshold());
    rules.palm_identify = {.threshold = app::palm_identify_threshold(palms.identify)};
    rules.palm_verify = app::palm_verify_threshold(palms.verify);
    rules.metric = match::metric_from(settings.metric());
    rules.limits = {.max_bytes = settings.max_bytes(), .max_pixels = settings.max_pixels()};
    auto const on_duplicate = settings.on_duplicate();
    rules.enrol = {.faces = app::FacePolicy::one,
                   .on_duplicate = on_duplicate == "warn"    ? app::OnDuplicate::warn
                                   : on_duplicate == "allow" ? app::OnDuplicate::allow
                                                             : app::OnDuplicate::reject,
                   .crops = app::CropPolicy::keep,
                   .min_quality = settings.min_quality(),
                   .duplicate_threshold = app::duplicate_threshold(contract, settings.threshold())};
    rules.event_cooldown_s = settings.event_cooldown();
    rules.timezone = settings.timezone();
    return rules;
}

http::SiteRules ServeSite::site_rules(config::Settings const& settings) {
    http::SiteRules rules;
    rules.cors_origins = settings.cors_origins();
    rules.is_readonly = m_is_readonly;
    rules.map_tiles = settings.map_tiles();
    rules.map_attribution = settings.map_attribution();
    for (auto const& setting : settings.all())
        rules.settings.push_back({.key = std::string{setting.key->name},
                                  .summary = std::string{setting.key->summary},
                                  .value = setting.value,
                                  .default_value = std::string{setting.key->default_value},
                                  .origin = setting.origin});
    if (auto const webhook = apply_webhook(m_cx, m_work)) rules.webhook_name = webhook->name;
    return rules;
}

ServeSite::ServeSite(Context& cx, bool is_readonly)
    : m_cx(cx),
      m_is_readonly(is_readonly),
      m_work(cx),
      m_models(cx.models().active()),
      m_office({.store_file = cx.store_file(),
                .data_dir = cx.data_dir(),
                .store = {.access = store::Access::read_write,
                          .busy_timeout = std::chrono::milliseconds{cx.settings.busy_timeout_ms()}},
                .models = m_models,
                .key = m_work.key(),
                .clock = cx.clock},
               desk_rules(cx.settings)),
      m_zone(cx.settings.timezone()),
      m_sightings({.writer = m_work.writer(), .clock = cx.clock, .media_dir = cx.media_dir(), .zone = m_zone}),
      m_dispatcher(delivery_setup(cx, m_work)),
      m_site({.office = m_office,
              .sightings = m_sightings,
              .dispatcher = m_dispatcher,
              .push = {.writer = m_work.writer(),
                       .clock = cx.clock,
                       .media_dir = cx.media_dir(),
                       .recognized_minors = cx.settings.recognized_minors()},
              .tell = [&talk = cx.talk](std::string const& line) { talk.warn(line); },
              .sync = m_work.get(),
              .examine = [&cx] { return examine(cx); }},
             site_rules(cx.settings), std::chrono::steady_clock::now()) {}

void ServeSite::reload() {
    auto const settings = config::resolve(m_cx.layers);
    auto desk = desk_rules(settings);
    auto site = site_rules(settings);
    m_office.set_rules(std::move(desk));
    m_site.set_rules(std::move(site));
}

}  // namespace bioctl::cmd
