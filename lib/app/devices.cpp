#include "lib/app/devices.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "lib/base/causes.hpp"
#include "lib/base/text.hpp"
#include "lib/net/url.hpp"
#include "lib/store/device_people.hpp"

namespace bioctl::app {

namespace {

constexpr std::size_t k_longest_name = 64;

[[noreturn]] void refuse(std::string_view field, std::string_view value, std::string_view rule) {
    throw Error{Kind::usage, fmt::format("{} '{}' {}", field, printable(value), rule)};
}

void check_choice(std::string_view field, std::string_view value, std::initializer_list<std::string_view> choices) {
    if (std::find(choices.begin(), choices.end(), value) != choices.end()) return;
    std::string listed;
    for (auto const choice : choices)
        listed += fmt::format("{}{}", listed.empty() ? "" : ", ", choice);
    refuse(field, value, fmt::format("must be one of: {}", listed));
}

void check_text(std::string_view field, std::string_view text) {
    bool const has_control = std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
    if (has_control || text.size() > 512) refuse(field, text, "must have at most 512 bytes and no control characters");
}

void check(store::DeviceConfig const& config) {
    check_device_name(config.name);
    check_text("user", config.user);
    if (config.user.empty()) throw Error{Kind::usage, "a user is missing: the name to log in with"};
    if (config.password.empty()) throw Error{Kind::usage, "a password is missing: --password-file FILE, or - for standard input"};
    check_text("location", config.location);
    for (auto const& tag : config.tags)
        check_text("tag", tag);
    check_choice("tls", config.tls, {"ca", "pin", "off"});
    check_choice("window", config.window, {"device", "none", "utc"});
    if (config.tls == "pin" && !config.pin.starts_with("sha256//"))
        throw Error{Kind::usage,
                    "tls 'pin' needs the public key of the device as its pin, sha256//BASE64 (see `bioctl help devices`)"};
}

template <class Value>
void assign(Value& value, std::optional<Value> const& wanted) {
    if (wanted) value = *wanted;
}

store::DeviceConfig changed(store::DeviceConfig config, DeviceChange const& change, SealKey const& key) {
    assign(config.name, change.name);
    if (change.url) config.base_url = check_device_url(*change.url).or_throw();
    assign(config.user, change.user);
    if (change.password) config.password = key.seal(*change.password);
    assign(config.location, change.location);
    assign(config.tags, change.tags);
    assign(config.tls, change.tls);
    assign(config.pin, change.pin);
    assign(config.window, change.window);
    assign(config.reuse_nonce, change.reuse_nonce);
    assign(config.enabled, change.enabled);
    check(config);
    return config;
}

void begin_anew(store::Store& store, store::Device const& device, Timestamp now) {
    auto devices = store.devices();
    devices.set_identity(device.key, {}, now);
    auto cursor = device.cursor;
    ++cursor.epoch;
    cursor.serial = 0;
    // What the old terminal did not take says nothing about this one.
    store::DeviceCursor const usual;
    cursor.filter_major = usual.filter_major;
    cursor.filter_minor = usual.filter_minor;
    cursor.has_serial_range = usual.has_serial_range;
    cursor.max_results = usual.max_results;
    devices.set_cursor(device.key, cursor);
    store.device_people().clear(device.key);
}

/// Whether what is known about its health is about something else now. A lock is the terminal's: another password does not end
/// it. An import that says the same again changes nothing, or each would cost a wrong login.
bool may_log_in_again(store::Device const& before, store::DeviceConfig const& after, DeviceChange const& change,
                      SealKey const& key) {
    if (change.is_replaced || after.base_url != before.config.base_url) return true;
    if (before.health.state == "locked") return false;
    auto const old = key.open(before.config.password);
    bool const is_other_password = change.password && (!old || *old != *change.password);
    return is_other_password || after.user != before.config.user;
}

}  // namespace

void check_device_name(std::string_view name) {
    auto const is_allowed = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
               std::string_view{"._- "}.find(c) != std::string_view::npos || static_cast<unsigned char>(c) >= 0x80;
    };
    bool const is_name = !name.empty() && name.size() <= k_longest_name && name == trim(name) && name.front() != '-' &&
                         is_utf8(name) && std::ranges::all_of(name, is_allowed);
    if (!is_name)
        refuse("name", name,
               "must have 1 to 64 bytes of UTF-8: letters, digits, '.', '_', '-' or spaces, and not begin with a dash");
}

Result<std::string> check_device_url(std::string_view url) {
    auto const wrong = [&](std::string_view why) {
        return failure(Error{Kind::usage, fmt::format("URL '{}': {}", printable(url), why)});
    };
    if (url.find("://") == std::string_view::npos) return wrong(fmt::format("did you mean http://{}?", printable(url)));
    auto const parsed = net::parse_url(url);
    if (!parsed) return failure(parsed.error());
    if (parsed->host.empty()) return wrong("the host is missing");
    if (url.find_first_of("?#") != std::string_view::npos) return wrong("must end after the host or the port");
    if (!parsed->path.empty() && parsed->path != "/") return wrong("must have no path; ISAPI's own paths are added");
    while (url.ends_with('/'))
        url.remove_suffix(1);
    return std::string{url};
}

store::Device require_device_or_source(store::Store& store, std::string_view name) {
    if (auto device = store.devices().get(name)) return *std::move(device);
    auto const devices = store.devices().list();
    std::vector<std::string_view> names;
    for (auto const& device : devices)
        names.push_back(device.config.name);
    throw Error{Kind::no_input, fmt::format("there is no device '{}'{} `bioctl devices list` shows all", printable(name),
                                            did_you_mean(name, names))};
}

store::Device require_device(store::Store& store, std::string_view name) {
    auto device = require_device_or_source(store, name);
    if (!device.is_source()) return device;
    throw Error{Kind::data,
                fmt::format("'{}' is no terminal but a source of recognised faces, such as a camera of `bioctl watch`: "
                            "only its events can be looked at, and it can be removed",
                            printable(name))};
}

std::vector<store::Device> choose_devices(store::Store& store, std::vector<std::string> const& names) {
    std::vector<store::Device> chosen;
    for (auto const& name : names) {
        auto device = require_device(store, name);
        if (std::ranges::none_of(chosen, [&](store::Device const& other) { return other.key == device.key; }))
            chosen.push_back(std::move(device));
    }
    if (!names.empty()) return chosen;
    chosen = store.devices().list();
    std::erase_if(chosen, [](store::Device const& device) { return !device.config.enabled; });
    return chosen;
}

store::Device add_device(store::Store& store, Clock const& clock, SealKey const& key, DeviceChange const& wanted, Mode mode) {
    if (!wanted.url) throw Error{Kind::usage, "the URL of the device is missing"};
    auto const config = changed({}, wanted, key);
    store::Device device;
    if (mode == Mode::dry_run) {
        device.config = config;
        return device;
    }
    store.write([&] {
        auto devices = store.devices();
        device = *devices.get(devices.add(config, clock.now()));
    });
    return device;
}

store::Device edit_device(store::Store& store, Clock const& clock, SealKey const& key, std::string_view name,
                          DeviceChange const& change, Mode mode) {
    store::Device device;
    auto const edit = [&] {
        device = require_device(store, name);
        auto const config = changed(device.config, change, key);
        auto const now = clock.now();
        auto devices = store.devices();
        auto const other = devices.get(config.name);
        if (other && other->key != device.key)
            throw NameTaken{Kind::data, fmt::format("another device is called '{}'", printable(config.name))};
        if (mode == Mode::dry_run) {
            device.config = config;
            return;
        }
        devices.set_config(device.key, config, now);
        if (change.is_replaced) begin_anew(store, device, now);
        if (may_log_in_again(device, config, change, key))
            devices.set_health(device.key, {.state = "unknown", .since = now}, now);
        device = *devices.get(device.key);
    };
    if (mode == Mode::dry_run) {
        store.read(edit);
    } else {
        store.write(edit);
    }
    return device;
}

}  // namespace bioctl::app
