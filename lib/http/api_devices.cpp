// Face terminals, and the sources beside them.

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "lib/app/device_check.hpp"
#include "lib/app/devices.hpp"
#include "lib/base/text.hpp"
#include "lib/http/api.hpp"
#include "lib/http/families.hpp"

namespace bioctl::http {

namespace {

constexpr std::string_view k_add_schema =
    R"({"type":"object","required":["name","url","user","password"],"additionalProperties":false,"properties":{"name":{"type":"string"},"url":{"type":"string"},"user":{"type":"string"},"password":{"type":"string","format":"password"},"location":{"type":"string"},"tags":{"type":"array","items":{"type":"string"}},"tls":{"type":"string","enum":["ca","pin","off"]},"pin":{"type":"string"},"window":{"type":"string","enum":["device","none","utc"]},"reuse_nonce":{"type":"boolean"},"enabled":{"type":"boolean"}}})";
constexpr std::string_view k_edit_schema =
    R"({"type":"object","additionalProperties":false,"properties":{"name":{"type":"string"},"url":{"type":"string"},"user":{"type":"string"},"password":{"type":"string","format":"password"},"location":{"type":"string"},"tags":{"type":"array","items":{"type":"string"}},"tls":{"type":"string","enum":["ca","pin","off"]},"pin":{"type":"string"},"window":{"type":"string","enum":["device","none","utc"]},"reuse_nonce":{"type":"boolean"},"enabled":{"type":"boolean"},"is_replaced":{"type":"boolean","description":"another terminal has taken its place: forget the serial number"}}})";
constexpr std::string_view k_check_schema =
    R"({"type":"object","additionalProperties":false,"properties":{"force":{"type":"boolean","description":"log in although a wrong password has stopped the logins"}}})";
constexpr std::string_view k_checked_schema =
    R"({"type":"object","properties":{"result":{"type":"string","enum":["ok","warning","failed"]},"findings":{"type":"array","items":{"type":"object","properties":{"topic":{"type":"string"},"result":{"type":"string","enum":["ok","warning","failed"]},"text":{"type":"string"},"remedy":{"type":["string","null"]}}}}}})";
constexpr std::string_view k_device_schema = R"({"$ref":"#/components/schemas/Device"})";

/// Not where it pushes to: who knows that address may push, too.
Json json_of(store::Device const& device) {
    auto const& config = device.config;
    auto const& health = device.health;
    std::string_view const state = device.is_source() ? "source" : config.enabled ? std::string_view{health.state} : "disabled";
    return {{"name", config.name},
            {"state", state},
            {"since", time_json(health.since)},
            {"reason", text_json(health.reason)},
            {"not_before", time_json(health.not_before)},
            {"url", text_json(config.base_url)},
            {"user", text_json(config.user)},
            {"has_password", !config.password.empty()},
            {"location", text_json(config.location)},
            {"tags", config.tags},
            {"tls", config.tls},
            {"pin", text_json(config.pin)},
            {"window", config.window},
            {"reuse_nonce", config.reuse_nonce},
            {"enabled", config.enabled},
            {"is_pushing", !config.push_url.empty()},
            {"serial_number", text_json(device.identity.serial_number)},
            {"mac", text_json(device.identity.mac)},
            {"model", text_json(device.identity.model)},
            {"firmware", text_json(device.identity.firmware)},
            {"last_sync", time_json(device.last_sync)},
            {"last_event", time_json(device.last_event)},
            {"backlog", device.backlog},
            {"drift_ms", value_json(device.drift_ms)},
            {"failures", health.failures}};
}

Reply list(Call const& call) {
    Filters filters{call};
    bool const with_sources = filters.flag("sources");
    auto const state =
        filters.one_of("state", {"unknown", "ok", "warning", "offline", "locked", "refused", "disabled", "source"});
    auto const wish = filters.page();
    filters.finish();
    auto& store = call.desk->store();
    std::vector<store::Device> devices;
    store.read([&] {
        devices = store.devices().list();
        if (!with_sources) return;
        for (auto& source : store.devices().sources())
            devices.push_back(std::move(source));
    });
    auto const name_of = [](store::Device const& device) -> std::string const& { return device.config.name; };
    std::ranges::sort(devices, {}, name_of);
    if (state) std::erase_if(devices, [&](auto const& device) { return json_of(device)["state"] != *state; });
    return page_reply(call, app::page_by_text(devices, "devices", wish, name_of),
                      [](store::Device const& device) { return json_of(device); });
}

Reply show(Call const& call) {
    constexpr int k_transitions = 50;
    auto& store = call.desk->store();
    Json json;
    store.read([&] {
        auto const device = app::require_device_or_source(store, call.parameter("name"));
        json = json_of(device);
        json["transitions"] = Json::array();
        for (auto const& one : store.devices().transitions(device.key, k_transitions))
            json["transitions"].push_back(
                {{"at", time_json(one.at)}, {"from", one.from}, {"to", one.to}, {"reason", text_json(one.reason)}});
    });
    return json_reply(json);
}

app::DeviceChange change_from(Fields& fields) {
    app::DeviceChange change;
    change.name = fields.text("name");
    change.url = fields.text("url");
    change.user = fields.text("user");
    change.password = fields.text("password");
    change.location = fields.text("location");
    change.tls = fields.text("tls");
    change.pin = fields.text("pin");
    change.window = fields.text("window");
    change.tags = fields.texts("tags");
    change.reuse_nonce = fields.flag("reuse_nonce");
    change.enabled = fields.flag("enabled");
    return change;
}

/// What is different now, without the password itself; nothing if nothing is.
app::AuditDetail detail_of(app::DeviceChange const& change, store::DeviceConfig const& before, store::DeviceConfig const& now) {
    app::AuditDetail detail;
    auto const add = [&](std::string_view name, std::string const& old, std::string const& value) {
        if (old != value) detail.emplace_back(name, value);
    };
    auto const word = [](bool is_set) { return std::string{is_set ? "yes" : "no"}; };
    add("name", before.name, now.name);
    add("url", before.base_url, now.base_url);
    add("user", before.user, now.user);
    if (change.password) detail.emplace_back("password", "set");
    add("location", before.location, now.location);
    add("tags", fmt::format("{}", fmt::join(before.tags, ",")), fmt::format("{}", fmt::join(now.tags, ",")));
    add("tls", before.tls, now.tls);
    add("pin", before.pin, now.pin);
    add("window", before.window, now.window);
    add("reuse_nonce", word(before.reuse_nonce), word(now.reuse_nonce));
    add("enabled", word(before.enabled), word(now.enabled));
    if (change.is_replaced) detail.emplace_back("is_replaced", "yes");
    return detail;
}

/// Whether the login would go where whoever gave it did not mean it to go: to another host, or to one that proves less who it is.
bool needs_password(store::DeviceConfig const& config, app::DeviceChange const& change) {
    auto const is_other = [](std::optional<std::string> const& wanted, std::string const& have) {
        return wanted && *wanted != have;
    };
    auto const url = change.url ? app::check_device_url(*change.url).or_throw() : config.base_url;
    bool const is_proven = config.tls != "off";
    return url != config.base_url || (is_proven && (is_other(change.tls, config.tls) || is_other(change.pin, config.pin)));
}

bool is_taken(Call const& call, std::optional<std::string> const& name) {
    return name && call.desk->store().devices().get(*name).has_value();
}

Reply name_is_taken(std::string_view name) {
    return refuse({Refusal::conflict, fmt::format("there is a device '{}' already", printable(name))});
}

Reply add(Call const& call) {
    Fields fields{call};
    auto const wanted = change_from(fields);
    fields.finish();
    if (!wanted.name || !wanted.url || !wanted.user || !wanted.password)
        throw Error{Kind::usage, "the body must have \"name\", \"url\", \"user\" and \"password\""};
    if (is_taken(call, wanted.name)) return name_is_taken(*wanted.name);
    store::Together change_and_row{call.desk->store()};
    auto const device = app::add_device(call.desk->store(), call.desk->clock(), call.desk->key(), wanted);
    note(call, "devices.add", device.config.name, detail_of(wanted, {}, device.config));
    change_and_row.commit();
    return created(call, device.config.name, json_of(device));
}

Reply edit(Call const& call) {
    auto const& name = call.parameter("name");
    Fields fields{call};
    auto change = change_from(fields);
    change.is_replaced = fields.flag("is_replaced").value_or(false);
    fields.finish();
    if (fields.is_empty()) throw Error{Kind::usage, "say what to change"};
    if (change.name != name && is_taken(call, change.name)) return name_is_taken(*change.name);
    auto const before = app::require_device(call.desk->store(), name);
    if (!change.password && needs_password(before.config, change))
        throw Error{
            Kind::usage,
            "with a new url, tls or pin send the password, too: the one that is stored is not sent where it was not meant "
            "to go"};
    store::Together change_and_row{call.desk->store()};
    auto const device =
        app::edit_device(call.desk->store(), call.desk->clock(), call.desk->key(), name, change, app::Mode::write);
    auto const detail = detail_of(change, before.config, device.config);
    if (!detail.empty()) note(call, "devices.edit", name, detail);
    change_and_row.commit();
    return json_reply(json_of(device));
}

Reply remove(Call const& call) {
    auto& store = call.desk->store();
    store.write([&] {
        auto const device = app::require_device_or_source(store, call.parameter("name"));
        store.devices().remove(device.config.name, call.desk->clock().now());
        app::record(store, call.desk->clock(), actor_of(call), "devices.remove", device.config.name);
    });
    return no_content();
}

std::string_view word_for(app::Fitness fitness) {
    switch (fitness) {
        case app::Fitness::good: return "ok";
        case app::Fitness::warning: return "warning";
        case app::Fitness::bad: return "failed";
    }
    return "failed";
}

/// What to do about it, in the words of this interface.
std::string remedy_of(app::DeviceFinding const& finding) {
    if (finding.remedy.find(" --") == std::string::npos) return finding.remedy;
    if (finding.topic == "identity") return "correct the url, or take it as a replacement: PATCH with \"is_replaced\": true";
    return "PATCH the password, or check with \"force\": true to try the old one again";
}

Reply check(Call const& call) {
    constexpr std::chrono::seconds k_patience{2};
    Fields fields{call};
    app::CheckRules rules{.patience = k_patience};
    rules.force = fields.flag("force").value_or(false);
    fields.finish();
    auto const device = app::require_device(call.desk->store(), call.parameter("name"));
    auto const turn = peer_turn();
    if (!turn) return refuse_no_turn();
    auto findings = Json::array();
    auto const worst = app::check_device(call.site.sync(), device, rules, [&](app::DeviceFinding const& finding) {
        findings.push_back({{"topic", finding.topic},
                            {"result", word_for(finding.fitness)},
                            {"text", finding.text},
                            {"remedy", text_json(remedy_of(finding))}});
    });
    note(call, "devices.check", device.config.name, {{"result", std::string{word_for(worst)}}});
    return json_reply({{"result", word_for(worst)}, {"findings", std::move(findings)}});
}

void add_changes(Routes& routes) {
    using app::Scope;
    constexpr auto family = Family::api;
    routes.add({.family = family,
                .method = "POST",
                .pattern = "/api/v2/devices",
                .scope = Scope::devices,
                .is_change = true,
                .handle = add,
                .doc = {.summary = "Add a terminal",
                        .body = Doc::Body{"application/json", k_add_schema},
                        .answers = {{201, "added", "application/json", k_device_schema}, k_doc_conflict}}});
    routes.add({.family = family,
                .method = "PATCH",
                .pattern = "/api/v2/devices/{name}",
                .scope = Scope::devices,
                .is_change = true,
                .handle = edit,
                .doc = {.summary = "Change a terminal; what is not named stays",
                        .body = Doc::Body{"application/json", k_edit_schema},
                        .answers = {{200, "as it is now", "application/json", k_device_schema}, k_doc_unknown, k_doc_conflict}}});
    routes.add(
        {.family = family,
         .method = "DELETE",
         .pattern = "/api/v2/devices/{name}",
         .scope = Scope::devices,
         .is_change = true,
         .handle = remove,
         .doc = {.summary = "Remove a terminal and its password; its events stay", .answers = {k_doc_done, k_doc_unknown}}});
    routes.add(
        {.family = family,
         .method = "POST",
         .pattern = "/api/v2/devices/{name}/check",
         .work = Work::peer,
         .scope = Scope::devices,
         .is_change = true,
         .handle = check,
         .doc = {.summary = "Ask a terminal whether it is fit to be synced",
                 .body = Doc::Body{"application/json", k_check_schema},
                 .answers = {{200, "what was found", "application/json", k_checked_schema}, k_doc_unknown, k_doc_no_turn}}});
}

}  // namespace

void add_api_devices(Routes& routes) {
    using app::Scope;
    constexpr auto family = Family::api;
    routes.add(
        {.family = family,
         .method = "GET",
         .pattern = "/api/v2/devices",
         .scope = Scope::read,
         .handle = list,
         .doc = {.summary = "Terminals with their state, by name",
                 .parameters =
                     {{"sources", "query", k_schema_flag, "also the sources that are no terminals, such as cameras"},
                      {"state", "query",
                       R"({"type":"string","enum":["unknown","ok","warning","offline","locked","refused","disabled","source"]})",
                       "in this state"},
                      k_doc_limit,
                      k_doc_cursor},
                 .answers = {{200, "a page", "application/json", R"({"$ref":"#/components/schemas/DevicePage"})"}}}});
    routes.add({.family = family,
                .method = "GET",
                .pattern = "/api/v2/devices/{name}",
                .scope = Scope::read,
                .handle = show,
                .doc = {.summary = "One terminal, and how its state changed",
                        .answers = {{200, "the terminal", "application/json", k_device_schema}, k_doc_unknown}}});
    add_changes(routes);
}

}  // namespace bioctl::http
