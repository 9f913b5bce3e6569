#include "lib/app/targets.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "lib/base/text.hpp"
#include "lib/notify/channel.hpp"
#include "lib/notify/timing.hpp"

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

bool has_kind(store::Target const& target, std::string_view kind) {
    return std::ranges::find(target.kinds, kind) != target.kinds.end();
}

/// What a format can say of this kind.
void check_kind(std::string const& kind, std::string const& format_name, notify::Format format) {
    using notify::Format;
    if (kind == "recognized" || kind == "other") {
        if (notify::carries_events(format)) return;
        throw Error{Kind::usage,
                    fmt::format("the format {} tells of notifications and devices, not of events: --kind notification "
                                "or --kind device",
                                format_name)};
    }
    bool const is_known = kind == "device" || kind == "notification";
    if (!is_known)
        throw Error{Kind::usage, fmt::format("kind '{}' must be recognized, other, device or notification", printable(kind))};
    bool const is_own_shape = format == Format::presence || format == Format::attendance;
    if (is_own_shape || (kind == "device" && format == Format::custom)) {
        throw Error{Kind::usage,
                    fmt::format("kind '{}' cannot be sent in the format {}; add a target of its own for it", kind, format_name)};
    }
}

void check_notifications(store::Target const& target, notify::Format format) {
    if (!has_kind(target, "notification")) {
        if (!target.quiet.empty() || target.after_s != store::Target{}.after_s)
            throw Error{Kind::usage, "quiet hours and --after are for targets of --kind notification"};
        return;
    }
    if (!target.devices.empty() || !target.locations.empty())
        throw Error{Kind::usage, "a notification belongs to no device: --kind notification goes without --device and --location"};
    if (format == notify::Format::custom && target.kinds.size() > 1)
        throw Error{Kind::usage,
                    "a template for notifications has fields of its own; add a target of its own for the other kinds"};
}

void check_channel(store::Target const& target, notify::Format format, std::optional<std::string> const& secret) {
    notify::check_address(format, target.url).or_throw();
    if (secret) notify::check_secret(format, target.url, *secret).or_throw();
    if (notify::carries_events(format)) return;
    if (!target.hmac_key.empty())
        throw Error{Kind::usage, fmt::format("the format {} is not signed: no --hmac-key-file", target.format)};
    if (target.picture != "none") throw Error{Kind::usage, fmt::format("the format {} carries no picture", target.format)};
}

void check(store::Target const& target, std::optional<std::string> const& secret) {
    bool const is_name = !target.name.empty() && target.name.size() <= 64 && target.name == trim(target.name) &&
                         target.name.front() != '-' && printable(target.name) == target.name;
    if (!is_name) throw Error{Kind::usage, "the name of a target has 1 to 64 bytes and does not begin with a dash"};
    auto const format = notify::format_from(target.format).or_throw();
    auto const picture = notify::picture_mode_from(target.picture).or_throw();
    for (auto const& kind : target.kinds)
        check_kind(kind, target.format, format);
    check_channel(target, format, secret);
    check_notifications(target, format);
    auto const subject = has_kind(target, "notification") ? notify::Subject::notification : notify::Subject::event;
    if (format == notify::Format::custom) notify::Template::parse(target.body_template, subject).or_throw();
    if (format == notify::Format::presence && picture == notify::PictureMode::multipart)
        throw Error{Kind::usage, "the format presence carries its picture in the JSON: --picture base64, or none given"};
    require_range("cooldown", target.cooldown_s, 0, 86'400);
    require_range("timeout", target.timeout_s, 1, 600);
}

/// In plain, to be checked; none if the key of the store has changed since.
std::optional<std::string> secret_of(store::Target const& target, SealKey const& key) {
    if (target.bearer.empty()) return std::string{};
    auto const secret = key.open(target.bearer);
    return secret ? std::optional{*secret} : std::nullopt;
}

std::string quiet_hours_of(std::string const& wanted) {
    if (wanted == "off") return {};
    static_cast<void>(notify::parse_quiet_hours(wanted).or_throw());
    return wanted;
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
    if (change.quiet) target.quiet = quiet_hours_of(*change.quiet);
    if (change.after) target.after_s = static_cast<int>(notify::parse_delay(*change.after).or_throw().count());
    check(target, secret_of(target, key));
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
    auto const format = notify::format_from(wanted.format.value_or(fresh.format)).or_throw();
    if (!notify::carries_events(format)) fresh.kinds = {"notification"};
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
    });
    return target;
}

}  // namespace bioctl::app
