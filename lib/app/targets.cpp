#include "lib/app/targets.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "lib/app/quiet_hours.hpp"
#include "lib/base/text.hpp"
#include "lib/notify/channel.hpp"

namespace bioctl::app {

namespace {

template <class Value>
void assign(Value& value, std::optional<Value> const& wanted) {
    if (wanted) value = *wanted;
}

void require_range(std::string_view field, int value, int least, int most) {
    if (value < least || value > most)
        throw Error{Kind::usage, fmt::format("{} {} must be from {} to {}", field, value, least, most)};
}

bool has(std::vector<std::string> const& kinds, std::string_view kind) {
    return std::ranges::find(kinds, kind) != kinds.end();
}

[[noreturn]] void refuse(std::string const& why) {
    throw Error{Kind::usage, why};
}

void check_kinds(store::Target const& target, notify::Format format) {
    bool const has_events = has(target.kinds, "recognized") || has(target.kinds, "sighting") || has(target.kinds, "other");
    bool const has_notifications = has(target.kinds, "notification");
    for (auto const& kind : target.kinds) {
        if (kind != "recognized" && kind != "sighting" && kind != "other" && kind != "device" && kind != "notification")
            refuse(fmt::format("kind '{}' must be recognized, sighting, other, device or notification", printable(kind)));
    }
    if (notify::is_for_people(format) && has_events)
        refuse(fmt::format("the format {} is for people: --kind notification or device; events of faces go to a webhook",
                           target.format));
    bool const is_of_old_service = format == notify::Format::presence || format == notify::Format::attendance;
    if (has_notifications && is_of_old_service)
        refuse(fmt::format("the format {} has no room for notifications; add a target of its own for them", target.format));
    if (has(target.kinds, "device") && (is_of_old_service || format == notify::Format::custom))
        refuse("kind 'device' is sent in the formats event, telegram, mail and exec; add a target of its own for it");
    if (has_notifications && has_events && format == notify::Format::custom)
        refuse("a template is for events or for notifications; add a target of its own for the others");
    if (has_notifications && !(target.devices.empty() && target.locations.empty()))
        refuse("notifications are of no device and no place; leave --device and --location out, or add a target of its own");
    if (!target.quiet.empty() && !has_notifications) refuse("quiet hours are for targets with --kind notification");
}

void check(store::Target const& target, std::string const& secret) {
    bool const is_name = !target.name.empty() && target.name.size() <= 64 && target.name == trim(target.name) &&
                         target.name.front() != '-' && printable(target.name) == target.name;
    if (!is_name) throw Error{Kind::usage, "the name of a target has 1 to 64 bytes and does not begin with a dash"};
    auto const format = notify::format_from(target.format).or_throw();
    notify::check_channel(
        {.format = format, .url = target.url, .secret = secret, .hmac_key = target.hmac_key.empty() ? "" : "sealed"})
        .or_throw();
    auto const picture = notify::picture_mode_from(target.picture).or_throw();
    check_kinds(target, format);
    if (format == notify::Format::custom) {
        using Of = notify::Template::Of;
        auto const of = has(target.kinds, "notification") ? Of::notifications : Of::events;
        notify::Template::parse(target.body_template, of).or_throw();
    }
    if (format == notify::Format::presence && picture == notify::PictureMode::multipart)
        throw Error{Kind::usage, "the format presence carries its picture in the JSON: --picture base64, or none given"};
    if (notify::is_for_people(format) && picture != notify::PictureMode::none)
        refuse(fmt::format("the format {} carries no picture", target.format));
    if (!target.quiet.empty()) parse_quiet_hours(target.quiet).or_throw();
    require_range("cooldown", target.cooldown_s, 0, 86'400);
    require_range("timeout", target.timeout_s, 1, 600);
    require_range("after", target.after_s, 0, 7 * 86'400);
}

/// What the channel has to know to be checked. Of a webhook nothing: its token may be anything.
std::string secret_of(store::Target const& target, TargetChange const& change, SealKey const& key) {
    if (change.bearer) return *change.bearer;
    auto const format = notify::format_from(target.format);
    if (target.bearer.empty() || !format || !notify::is_for_people(*format)) return {};
    auto secret = key.open(target.bearer);
    if (!secret) throw secret.error().within(fmt::format("the token of {}", target.name));
    return *std::move(secret);
}

store::Target changed(store::Target target, TargetChange const& change, SealKey const& key) {
    auto const sealed = [&](std::string const& secret) { return secret.empty() ? Bytes{} : key.seal(secret); };
    assign(target.name, change.name);
    assign(target.url, change.url);
    assign(target.format, change.format);
    assign(target.body_template, change.body_template);
    assign(target.picture, change.picture);
    if (change.bearer) target.bearer = sealed(*change.bearer);
    if (change.hmac_key) target.hmac_key = sealed(*change.hmac_key);
    assign(target.devices, change.devices);
    assign(target.locations, change.locations);
    assign(target.kinds, change.kinds);
    assign(target.cooldown_s, change.cooldown_s);
    assign(target.timeout_s, change.timeout_s);
    assign(target.enabled, change.enabled);
    assign(target.quiet, change.quiet);
    if (target.quiet == "off") target.quiet.clear();
    assign(target.after_s, change.after_s);
    check(target, secret_of(target, change, key));
    if (change.after_s && !has(target.kinds, "notification")) refuse("--after is for targets with --kind notification");
    return target;
}

}  // namespace

store::Target require_target(store::Store& store, std::string_view name) {
    if (auto target = store.outbox().target(name)) return *std::move(target);
    auto const targets = store.outbox().targets();
    std::vector<std::string_view> names;
    for (auto const& target : targets)
        names.push_back(target.name);
    throw Error{Kind::no_input, fmt::format("there is no target '{}'{} `bioctl targets list` shows all", printable(name),
                                            did_you_mean(name, names))};
}

store::Target add_target(store::Store& store, Clock const& clock, SealKey const& key, TargetChange const& wanted) {
    store::Target fresh;
    auto const format = wanted.format ? notify::format_from(*wanted.format) : Result<notify::Format>{notify::Format::event};
    if (format && notify::is_for_people(*format)) fresh.kinds = {"notification"};
    auto const target = changed(std::move(fresh), wanted, key);
    store.write([&] { store.outbox().add_target(target, clock.now()); });
    return require_target(store, target.name);
}

store::Target edit_target(store::Store& store, Clock const& clock, SealKey const& key, std::string_view name,
                          TargetChange const& change) {
    store::Target target;
    store.write([&] {
        target = changed(require_target(store, name), change, key);
        store.outbox().set_target(target, clock.now());
        if (change.url || change.bearer) store.outbox().lift_limit(target.key);
    });
    return target;
}

}  // namespace bioctl::app
