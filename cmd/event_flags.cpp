// What the verbs about events and deliveries share.

#include <algorithm>

#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include "cmd/event_verbs.hpp"
#include "lib/app/moment.hpp"
#include "lib/app/webhook_setting.hpp"
#include "lib/base/text.hpp"
#include "lib/hikvision/codes.hpp"

namespace bioctl::cmd {

namespace {

constexpr int k_most_told = 3;  // refusals of one target; the rest is counted

}  // namespace

void add_event_flags(CLI::App& verb, EventFlags& f) {
    verb.add_option("--device", f.devices, "Of this device; may be given several times")->type_name("NAME");
    verb.add_option("--location", f.locations, "Of devices at this place; may be given several times")->type_name("TEXT");
    verb.add_option("--person", f.person, "Of this person id or employee number")->type_name("ID");
    verb.add_option("--since", f.since, "From this time on: 2026-11-21, '2026-11-21 07:15', 2h, today")->type_name("TIME");
    verb.add_option("--until", f.until, "Before this time")->type_name("TIME");
    verb.add_option("--kind", f.kind, "Only faces that were recognised, or only the rest")
        ->type_name("recognized|other")
        ->check(CLI::IsMember({"recognized", "other"}));
    verb.add_option("--delivery", f.delivery, "By what became of the delivery")
        ->type_name("none|pending|sent|failed|skipped|dropped")
        ->check(CLI::IsMember({"none", "pending", "sent", "failed", "skipped", "dropped"}));
    verb.add_option("--picture", f.picture, "By what became of the picture")
        ->type_name("none|pending|stored|gone|failed")
        ->check(CLI::IsMember({"none", "pending", "stored", "gone", "failed"}));
    verb.add_option("--verdict", f.verdict, "By what --verify-faces found")
        ->type_name("same|different|no_face|no_template|unreadable")
        ->check(CLI::IsMember({"same", "different", "no_face", "no_template", "unreadable"}));
    verb.add_option("--limit", f.limit, "At most so many, the oldest unless --newest; 0 is all")
        ->type_name("N")
        ->check(CLI::Range(std::int64_t{0}, k_most_records));
    verb.add_flag("--newest", f.newest, "Newest first");
}

store::EventFilter filter_of(EventFlags const& f, Context const& cx) {
    store::EventFilter filter;
    filter.devices = f.devices;
    filter.locations = f.locations;
    filter.person = f.person;
    if (f.since || f.until) {
        app::Zone const zone{cx.settings.timezone()};
        if (f.since) filter.since = zone.parse(*f.since, cx.clock.now()).or_throw();
        if (f.until) filter.until = zone.parse(*f.until, cx.clock.now()).or_throw();
    }
    filter.kind = f.kind;
    filter.delivery = f.delivery;
    filter.picture_state = f.picture;
    filter.verdict = f.verdict;
    filter.limit = f.limit;
    filter.newest_first = f.newest;
    return filter;
}

void require_known(store::Store& store, store::EventFilter const& filter) {
    auto const check = [](std::string_view what, std::vector<std::string> const& asked, std::vector<std::string> const& known) {
        std::vector<std::string_view> const candidates{known.begin(), known.end()};
        for (auto const& name : asked) {
            if (std::ranges::find(known, name) != known.end()) continue;
            throw Error{Kind::no_input, fmt::format("there is no {} '{}'{} `bioctl devices list` shows all", what,
                                                    printable(name), did_you_mean(name, candidates))};
        }
    };
    if (!filter.devices.empty()) check("device", filter.devices, store.devices().names_ever());
    if (!filter.locations.empty()) check("location", filter.locations, store.devices().locations_ever());
}

ui::Fields fields_of(store::Event const& event, bool with_raw) {
    auto const& row = event.row;
    ui::Fields fields{{"id", event.id},
                      {"device", event.device},
                      {"device_serial", text_or_null(event.device_serial)},
                      {"location", text_or_null(event.location)},
                      {"serial", row.serial},
                      {"epoch", event.epoch},
                      {"time", to_rfc3339(row.time)},
                      {"local_time", row.local_time},
                      {"received_at", to_rfc3339(event.received_at)},
                      {"kind", row.is_recognized ? "recognized" : "other"},
                      {"major", row.major},
                      {"minor", row.minor},
                      {"minor_name", hikvision::name_of_event(row.major, row.minor)},
                      {"employee_no", text_or_null(row.employee_no)},
                      {"person_id", text_or_null(event.person_id)},
                      {"name", text_or_null(row.name)},
                      {"picture", text_or_null(event.picture)},
                      {"picture_state", event.picture_state},
                      {"delivery", event.delivery},
                      {"attempts", event.attempts},
                      {"verdict", text_or_null(event.verify_verdict)},
                      {"distance", event.verify_distance ? ui::decimal(*event.verify_distance, 4) : ui::Value{}}};
    if (with_raw) fields.emplace_back("raw", row.raw);
    return fields;
}

app::SyncRules default_sync_rules(Context const& cx) {
    app::SyncRules rules;
    rules.recognized_minors = cx.settings.recognized_minors();
    rules.health.warning_after = cx.settings.device_warning_after();
    rules.health.offline_after = cx.settings.device_offline_after();
    return rules;
}

app::DeliverySetup delivery_setup(Context& cx, SyncWorkspace& work) {
    auto const& sync = work.get();
    return {.writer = work.writer(),
            .key = work.key(),
            .clock = cx.clock,
            .media_dir = cx.media_dir(),
            .claims_file = cx.data_dir() / "deliveries.claims",
            .http = {},
            .retry = {},
            .jobs = 4,
            .should_stop = sync.should_stop,
            .pause = sync.pause};
}

std::optional<store::Target> apply_webhook(Context& cx, SyncWorkspace& work) {
    std::optional<app::WebhookSetting> setting;
    if (auto const url = cx.settings.webhook_url()) {
        setting = app::WebhookSetting{.url = *url, .cooldown_s = cx.settings.event_cooldown()};
        auto const& environment = cx.layers.environment;
        if (auto const file = cx.settings.webhook_key_file()) {
            setting->key = read_secret(*file, "token");
        } else if (auto const old = environment.find("ATTENDANCE_API_KEY"); old != environment.end()) {
            setting->key = old->second;
        }
    }
    return app::apply_webhook_setting(work.writer(), work.key(), cx.clock, setting);
}

void DeliveryTalk::tell(app::DeliveryTry const& attempt) {
    auto& cx = m_cx;
    if (attempt.state == "failed" && ++m_refused[attempt.target] <= k_most_told) {
        auto const what = attempt.event == 0 ? std::string{"a message"} : fmt::format("event {}", attempt.event);
        cx.talk.warn(fmt::format("{}: {} was refused for good: {}; see `bioctl outbox list --state failed`",
                                 printable(attempt.target), what, attempt.reason));
    }
    cx.out.json_only("delivery_try", {{"delivery", attempt.id},
                                      {"event", attempt.event == 0 ? ui::Value{} : ui::Value{attempt.event}},
                                      {"target", attempt.target},
                                      {"state", attempt.state},
                                      {"attempt", attempt.attempt},
                                      {"http_status", attempt.http_status == 0 ? ui::Value{} : ui::Value{attempt.http_status}},
                                      {"reason", text_or_null(attempt.reason)}});
}

void DeliveryTalk::finish() {
    for (auto const& [target, refused] : m_refused) {
        if (refused > k_most_told)
            m_cx.talk.warn(fmt::format("{}: {} were refused; see `bioctl outbox list --state failed`", printable(target),
                                       counted(static_cast<std::uint64_t>(refused), "delivery", "deliveries")));
    }
    m_refused.clear();
}

}  // namespace bioctl::cmd
