#include "lib/app/targets.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "lib/base/text.hpp"
#include "lib/net/url.hpp"
#include "lib/notify/payload.hpp"

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

void check(store::Target const& target) {
    bool const is_name = !target.name.empty() && target.name.size() <= 64 && target.name == trim(target.name) &&
                         target.name.front() != '-' && printable(target.name) == target.name;
    if (!is_name) throw Error{Kind::usage, "the name of a target has 1 to 64 bytes and does not begin with a dash"};
    net::parse_url(target.url).or_throw();
    auto const format = notify::format_from(target.format).or_throw();
    auto const picture = notify::picture_mode_from(target.picture).or_throw();
    if (format == notify::Format::custom) notify::Template::parse(target.body_template).or_throw();
    if (format == notify::Format::presence && picture == notify::PictureMode::multipart)
        throw Error{Kind::usage, "the format presence carries its picture in the JSON: --picture base64, or none given"};
    for (auto const& kind : target.kinds) {
        if (kind != "recognized" && kind != "other" && kind != "device")
            throw Error{Kind::usage, fmt::format("kind '{}' must be recognized, other or device", printable(kind))};
        if (kind == "device" && format != notify::Format::event)
            throw Error{Kind::usage, "kind 'device' is sent in the format event only; add a target of its own for it"};
    }
    require_range("cooldown", target.cooldown_s, 0, 86'400);
    require_range("timeout", target.timeout_s, 1, 600);
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
    check(target);
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
    auto const target = changed({}, wanted, key);
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
