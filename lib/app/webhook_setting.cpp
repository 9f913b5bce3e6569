#include "lib/app/webhook_setting.hpp"

#include "lib/notify/channel.hpp"

namespace bioctl::app {

namespace {

store::Target fresh_target() {
    store::Target target;
    target.name = k_webhook_target;
    target.format = "attendance";
    target.kinds = {"sighting"};
    target.timeout_s = 10;  // as the old service waited
    return target;
}

/// Sealing the same text twice gives two different results: only another token is sealed anew.
bool is_token(store::Target const& target, std::string const& token, SealKey const& key) {
    if (target.bearer.empty()) return token.empty();
    auto const known = key.open(target.bearer);
    return known && *known == token;
}

void check(WebhookSetting const& setting) {
    auto const format = notify::Format::attendance;
    if (auto const fit = notify::check_channel({.format = format, .url = setting.url, .secret = setting.key}); !fit)
        throw Error{Kind::config, "webhook_url: " + fit.error().message()};
}

/// True if something was to be changed.
bool take_over(store::Target& target, WebhookSetting const& setting, SealKey const& key) {
    bool const is_same = target.enabled && target.url == setting.url && target.cooldown_s == setting.cooldown_s &&
                         is_token(target, setting.key, key);
    if (is_same) return false;
    target.url = setting.url;
    target.cooldown_s = setting.cooldown_s;
    target.enabled = true;
    if (!is_token(target, setting.key, key)) target.bearer = setting.key.empty() ? Bytes{} : key.seal(setting.key);
    return true;
}

std::optional<store::Target> apply(store::Store& store, SealKey const& key, Timestamp now,
                                   std::optional<WebhookSetting> const& setting) {
    auto outbox = store.outbox();
    auto target = outbox.settings_target();
    if (!setting) {
        if (target && target->enabled) {
            target->enabled = false;
            outbox.set_target(*target, now);
        }
        return std::nullopt;
    }
    if (target) {
        if (take_over(*target, *setting, key)) outbox.set_target(*target, now);
        return target;
    }
    if (outbox.target(k_webhook_target))
        throw Error{Kind::config,
                    "there is a target 'webhook', but it is not the one of webhook_url: remove it, rename it with `bioctl "
                    "targets edit webhook --name NAME`, or unset webhook_url"};
    auto fresh = fresh_target();
    take_over(fresh, *setting, key);
    outbox.set_settings_target(outbox.add_target(fresh, now));
    return outbox.settings_target();
}

}  // namespace

std::optional<store::Target> apply_webhook_setting(StoreWriter& writer, SealKey const& key, Clock const& clock,
                                                   std::optional<WebhookSetting> const& setting) {
    if (setting) check(*setting);
    std::optional<store::Target> target;
    writer.write([&](store::Store& store) { target = apply(store, key, clock.now(), setting); });
    return target;
}

}  // namespace bioctl::app
