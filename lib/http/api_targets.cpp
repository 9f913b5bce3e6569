// Where events are sent, and what is still to be sent.

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "lib/app/targets.hpp"
#include "lib/http/api.hpp"
#include "lib/http/api_shapes.hpp"
#include "lib/http/families.hpp"

namespace bioctl::http {

namespace {

constexpr std::string_view k_choice_schema =
    R"({"type":"object","additionalProperties":false,"properties":{"ids":{"type":"array","maxItems":1000,"items":{"type":"integer"}},"targets":{"type":"array","items":{"type":"string"}},"states":{"type":"array","items":{"type":"string","enum":["pending","sent","failed","skipped","dropped"]}}}})";
constexpr std::string_view k_target_change_schema =
    R"({"type":"object","additionalProperties":false,"properties":{"enabled":{"type":"boolean"},"quiet_hours":{"type":"string","description":"22:00-06:00 in the server's zone; \"\" = never"},"after_s":{"type":"integer","minimum":0,"maximum":86400,"description":"notifications only of what is still true after so long"}}})";
constexpr std::string_view k_changed_schema = R"({"type":"object","properties":{"deliveries":{"type":"integer"}}})";

Json json_of(store::Target const& target) {
    return {{"name", target.name},
            {"address", public_address(target.url)},
            {"format", target.format},
            {"picture", target.picture},
            {"kinds", target.kinds},
            {"devices", target.devices},
            {"locations", target.locations},
            {"cooldown_s", target.cooldown_s},
            {"timeout_s", target.timeout_s},
            {"quiet_hours", text_json(target.quiet)},
            {"after_s", target.after_s},
            {"has_token", !target.bearer.empty()},
            {"is_signed", !target.hmac_key.empty()},
            {"enabled", target.enabled}};
}

Reply targets(Call const& call) {
    Filters filters{call};
    auto const wish = filters.page();
    filters.finish();
    auto const page = app::page_by_text(call.desk->store().outbox().targets(), "targets", wish,
                                        [](store::Target const& target) -> std::string const& { return target.name; });
    return page_reply(call, page, [](store::Target const& target) { return json_of(target); });
}

/// What operators change from day to day; where things go, and with which secrets, is for `bioctl targets`.
Reply edit_target(Call const& call) {
    constexpr std::int64_t k_longest_after = 86'400;
    Fields fields{call};
    app::TargetChange change;
    change.enabled = fields.flag("enabled");
    change.quiet = fields.text("quiet_hours");
    if (auto const after = fields.whole("after_s", 0, k_longest_after)) change.after_s = static_cast<int>(*after);
    fields.finish();
    if (fields.is_empty()) throw Error{Kind::usage, "say what to change: \"enabled\", \"quiet_hours\" or \"after_s\""};
    if (change.quiet && change.quiet->empty()) change.quiet = "off";
    auto const& name = call.parameter("name");
    auto const before = app::require_target(call.desk->store(), name);
    store::Together change_and_row{call.desk->store()};
    auto const target = app::edit_target(call.desk->store(), call.desk->clock(), call.desk->key(), name, change);
    app::AuditDetail detail;
    if (target.enabled != before.enabled) detail.emplace_back("enabled", target.enabled ? "yes" : "no");
    if (target.quiet != before.quiet) detail.emplace_back("quiet", target.quiet.empty() ? "off" : target.quiet);
    if (target.after_s != before.after_s) detail.emplace_back("after", std::to_string(target.after_s));
    if (!detail.empty()) note(call, "targets.edit", target.name, detail);
    change_and_row.commit();
    return json_reply(json_of(target));
}

constexpr std::array<std::string_view, 5> k_states{"pending", "sent", "failed", "skipped", "dropped"};

void require_states(std::vector<std::string> const& states) {
    for (auto const& state : states) {
        if (std::ranges::find(k_states, state) == k_states.end())
            throw Error{Kind::usage, "state must be one of pending, sent, failed, skipped, dropped"};
    }
}

Reply list(Call const& call) {
    Filters filters{call};
    store::DeliveryFilter filter;
    filter.targets = filters.texts("target");
    filter.states = filters.texts("state");
    auto const wish = filters.page();
    filters.finish();
    require_states(filter.states);
    for (auto const& target : filter.targets)
        static_cast<void>(app::require_target(call.desk->store(), target));
    return page_reply(call, app::page_of_deliveries(call.desk->store(), filter, wish), delivery_json);
}

store::DeliveryFilter filter_from(Call const& call) {
    Fields fields{call};
    store::DeliveryFilter filter;
    filter.ids = fields.ids("ids").value_or(std::vector<std::int64_t>{});
    filter.targets = fields.texts("targets").value_or(std::vector<std::string>{});
    filter.states = fields.texts("states").value_or(std::vector<std::string>{});
    fields.finish();
    // A choice of nothing must not become one of everything.
    for (auto const& [name, is_empty] : {std::pair{"ids", fields.ids("ids") && filter.ids.empty()},
                                         std::pair{"targets", fields.texts("targets") && filter.targets.empty()},
                                         std::pair{"states", fields.texts("states") && filter.states.empty()}}) {
        if (is_empty) throw Error{Kind::usage, fmt::format("\"{}\" is an empty list; leave it out, or name some", name)};
    }
    require_states(filter.states);
    for (auto const& target : filter.targets)
        static_cast<void>(app::require_target(call.desk->store(), target));
    return filter;
}

std::string subject_of(store::DeliveryFilter const& filter) {
    std::string subject;
    for (auto const id : filter.ids)
        subject += fmt::format("{}{}", subject.empty() ? "" : ",", id);
    for (auto const& target : filter.targets)
        subject += fmt::format("{}{}", subject.empty() ? "" : ",", target);
    return subject.empty() ? "all" : subject;
}

app::AuditDetail detail_of(store::DeliveryFilter const& filter, std::int64_t changed) {
    app::AuditDetail detail{{"deliveries", std::to_string(changed)}};
    if (!filter.states.empty()) detail.emplace_back("states", fmt::format("{}", fmt::join(filter.states, ",")));
    return detail;
}

template <class Change>
Reply change_deliveries(Call const& call, std::string_view action, store::DeliveryFilter const& filter, Change const& change) {
    auto& store = call.desk->store();
    std::int64_t changed = 0;
    store.write([&] {
        changed = change(store, filter, call.desk->clock().now());
        if (changed > 0)
            app::record(store, call.desk->clock(), actor_of(call), action, subject_of(filter), detail_of(filter, changed));
    });
    if (changed == 0 && !filter.ids.empty())
        return refuse({Refusal::not_found, "there is no such delivery in a state that fits"});
    return json_reply({{"deliveries", changed}});
}

Reply retry(Call const& call) {
    return change_deliveries(call, "outbox.retry", filter_from(call),
                             [](store::Store& store, store::DeliveryFilter const& filter, Timestamp now) {
                                 return store.outbox().retry(filter, now);
                             });
}

Reply drop(Call const& call) {
    auto const filter = filter_from(call);
    if (filter.ids.empty() && filter.targets.empty() && filter.states.empty())
        throw Error{Kind::usage, "say which deliveries to give up: \"ids\", \"targets\" or \"states\""};
    return change_deliveries(
        call, "outbox.drop", filter,
        [](store::Store& store, store::DeliveryFilter const& chosen, Timestamp now) { return store.outbox().drop(chosen, now); });
}

}  // namespace

void add_api_targets(Routes& routes) {
    using app::Scope;
    constexpr auto family = Family::api;
    routes.add({.family = family,
                .method = "GET",
                .pattern = "/api/v2/targets",
                .scope = Scope::devices,
                .handle = targets,
                .doc = {.summary = "Where events and notifications are sent, by name",
                        .parameters = {k_doc_limit, k_doc_cursor},
                        .answers = {{200, "a page", "application/json", R"({"$ref":"#/components/schemas/TargetPage"})"}}}});
    routes.add({.family = family,
                .method = "PATCH",
                .pattern = "/api/v2/targets/{name}",
                .scope = Scope::devices,
                .is_change = true,
                .handle = edit_target,
                .doc = {.summary = "Enable or disable a target, or set when it is told; what is not named stays",
                        .body = Doc::Body{"application/json", k_target_change_schema},
                        .answers = {{200, "as it is now", "application/json", R"({"$ref":"#/components/schemas/Target"})"},
                                    k_doc_unknown}}});
    routes.add({.family = family,
                .method = "GET",
                .pattern = "/api/v2/outbox",
                .scope = Scope::devices,
                .handle = list,
                .doc = {.summary = "Deliveries, in the order in which they were queued",
                        .parameters = {{"target", "query", k_schema_texts, "to this target; may be given several times"},
                                       {"state", "query", k_schema_texts, "in this state; may be given several times"},
                                       k_doc_limit,
                                       k_doc_cursor},
                        .answers = {{200, "a page", "application/json", R"({"$ref":"#/components/schemas/DeliveryPage"})"},
                                    k_doc_unknown}}});
    routes.add({.family = family,
                .method = "POST",
                .pattern = "/api/v2/outbox/retry",
                .scope = Scope::devices,
                .is_change = true,
                .handle = retry,
                .doc = {.summary = "Try again what was given up; without a choice all that failed",
                        .body = Doc::Body{"application/json", k_choice_schema},
                        .answers = {{200, "how many", "application/json", k_changed_schema}, k_doc_unknown}}});
    routes.add({.family = family,
                .method = "POST",
                .pattern = "/api/v2/outbox/drop",
                .scope = Scope::devices,
                .is_change = true,
                .handle = drop,
                .doc = {.summary = "Give up what was not sent yet",
                        .body = Doc::Body{"application/json", k_choice_schema},
                        .answers = {{200, "how many", "application/json", k_changed_schema}, k_doc_unknown}}});
}

}  // namespace bioctl::http
