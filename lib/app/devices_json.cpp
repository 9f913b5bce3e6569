// Devices as lines of JSON.

#include <nlohmann/json.hpp>

#include <fmt/format.h>

#include "lib/app/devices.hpp"
#include "lib/base/text.hpp"

namespace bioctl::app {

namespace {

using Json = nlohmann::ordered_json;

std::optional<std::string> text_of(Json const& json, char const* key) {
    auto const found = json.find(key);
    if (found == json.end() || found->is_null()) return std::nullopt;
    return found->get<std::string>();
}

std::optional<bool> boolean_of(Json const& json, char const* key) {
    auto const found = json.find(key);
    if (found == json.end() || found->is_null()) return std::nullopt;
    return found->get<bool>();
}

}  // namespace

std::string to_json_line(store::Device const& device) {
    auto const& config = device.config;
    Json json{{"type", "device"}, {"name", config.name}, {"url", config.base_url}, {"user", config.user}};
    json["location"] = config.location;
    json["tags"] = config.tags;
    json["tls"] = config.tls;
    json["pin"] = config.pin;
    json["window"] = config.window;
    json["reuse_nonce"] = config.reuse_nonce;
    json["enabled"] = config.enabled;
    json["serial_number"] = device.identity.serial_number;
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<DeviceChange> device_from_json(std::string_view line) {
    try {
        auto const json = Json::parse(line);
        if (!json.is_object()) return failure(Error{Kind::data, "is not a JSON object"});
        DeviceChange change;
        change.name = text_of(json, "name");
        change.url = text_of(json, "url");
        change.user = text_of(json, "user");
        change.password = text_of(json, "password");
        change.location = text_of(json, "location");
        change.tls = text_of(json, "tls");
        change.pin = text_of(json, "pin");
        change.window = text_of(json, "window");
        change.reuse_nonce = boolean_of(json, "reuse_nonce");
        change.enabled = boolean_of(json, "enabled");
        if (json.contains("tags")) change.tags = json["tags"].get<std::vector<std::string>>();
        if (!change.name || !change.url) return failure(Error{Kind::data, "lacks \"name\" or \"url\""});
        return change;
    } catch (Json::parse_error const& error) {
        // Not its own words: they quote the line, which may hold a password.
        return failure(Error{Kind::data, fmt::format("is not JSON from byte {} on; a line is like {{\"name\": \"gate-1\", "
                                                     "\"url\": \"http://192.0.2.10\", \"user\": \"admin\"}}",
                                                     error.byte)});
    } catch (Json::exception const& error) {
        return failure(Error{Kind::data, fmt::format("is not a device: {}", printable(error.what()))});
    }
}

}  // namespace bioctl::app
