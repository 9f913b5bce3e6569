#include "lib/notify/device_state.hpp"

#include "lib/notify/fields.hpp"

namespace bioctl::notify {

namespace {

Json text_or_null(std::string const& text) {
    return text.empty() ? Json{} : Json(text);
}

}  // namespace

std::string to_json(DeviceState const& state) {
    Json json{{"type", "device_state"}, {"device", state.device}};
    json["device_serial"] = text_or_null(state.device_serial);
    json["location"] = text_or_null(state.location);
    json["from"] = state.from;
    json["to"] = state.to;
    json["reason"] = text_or_null(state.reason);
    json["at"] = to_rfc3339(state.at);
    return dumped(json);
}

}  // namespace bioctl::notify
