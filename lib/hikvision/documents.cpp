#include "lib/hikvision/documents.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "lib/base/text.hpp"
#include "lib/hikvision/tree.hpp"

namespace bioctl::hikvision {

using namespace std::chrono;

namespace {

constexpr std::size_t k_max_text = 200;  // of names and versions

/// A member that has to be there.
std::string required(Json const& object, std::string_view key) {
    auto const text = text_of(object, key);
    if (text.empty()) throw Error{Kind::protocol, fmt::format("unreadable answer: it does not say its {}", key)};
    return to_valid_utf8(text.substr(0, k_max_text));
}

/// "C0-56-E3-AA-BB-CC" and "C056E3AABBCC" become "c0:56:e3:aa:bb:cc"; other words stay, in lower case.
std::string normalized_mac(std::string_view text) {
    std::string digits;
    for (char const c : to_lower_ascii(text)) {
        if (c != ':' && c != '-') digits += c;
    }
    auto const is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    if (digits.size() != 12 || !std::all_of(digits.begin(), digits.end(), is_hex)) return to_lower_ascii(text);
    for (std::size_t at = 10; at > 0; at -= 2)
        digits.insert(at, 1, ':');
    return digits;
}

/// "CST-8:00:00DST00:30:00,M4.1.0/..." is 480: POSIX counts westwards. Summer time is left out: localTime says it better.
std::optional<minutes> offset_of_zone(std::string_view zone) {
    auto const sign_at = zone.find_first_of("+-0123456789");
    if (sign_at == std::string_view::npos) return std::nullopt;
    zone.remove_prefix(sign_at);
    int const sign = zone.front() == '-' ? 1 : -1;
    if (zone.front() == '-' || zone.front() == '+') zone.remove_prefix(1);
    auto const digits = [&] {
        int value = -1;
        while (!zone.empty() && zone.front() >= '0' && zone.front() <= '9' && value < 1000) {
            value = std::max(value, 0) * 10 + (zone.front() - '0');
            zone.remove_prefix(1);
        }
        return value;
    };
    auto const hour = digits();
    int minute = 0;
    if (zone.starts_with(':')) {
        zone.remove_prefix(1);
        minute = digits();
    }
    if (hour < 0 || hour > 24 || minute < 0 || minute > 59) return std::nullopt;
    return minutes{sign * (hour * 60 + minute)};
}

constexpr std::size_t k_local_size = std::string_view{"2030-01-02T03:04:05"}.size();

DeviceTime device_time_from(Json const& root) {
    auto const text = required(root, "localTime");
    DeviceTime time{.mode = text_of(root, "timeMode")};
    auto const local = from_rfc3339(text.substr(0, k_local_size) + 'Z');
    if (!local) throw Error{Kind::protocol, fmt::format("unreadable answer: its localTime is '{}'", printable(text))};
    if (auto const exact = from_rfc3339(text)) {
        time.now = *exact;
        time.utc_offset = round<minutes>(*local - *exact);
    } else if (auto const offset = offset_of_zone(text_of(root, "timeZone"))) {
        time.now = *local - *offset;
        time.utc_offset = *offset;
    } else {
        throw Error{Kind::protocol, "unreadable answer: neither localTime nor timeZone says how far it is from UTC"};
    }
    return time;
}

/// Somewhere below; the depth of the tree is bounded. An empty object if there is none.
Json const& find_anywhere(Json const& tree, std::string_view key) {
    if (tree.is_object() && tree.contains(key)) return child(tree, key);
    for (auto const& inner : tree) {
        if (!inner.is_structured()) continue;
        auto const& found = find_anywhere(inner, key);
        if (!found.is_object() || !found.empty()) return found;
    }
    return child(tree, key);
}

/// Parsers throw inside and return outside.
template <class Value>
Result<Value> parse(std::string_view body, std::string_view root, Value (*from)(Json const&)) try {
    return from(read_root(body, root).or_throw());
} catch (Error const& error) {
    return failure(error);
}

}  // namespace

Result<DeviceInfo> parse_device_info(std::string_view body) {
    return parse<DeviceInfo>(body, "DeviceInfo", [](Json const& root) {
        return DeviceInfo{.name = to_valid_utf8(text_of(root, "deviceName").substr(0, k_max_text)),
                          .model = required(root, "model"),
                          .serial_number = required(root, "serialNumber"),
                          .mac = normalized_mac(required(root, "macAddress")),
                          .firmware = required(root, "firmwareVersion")};
    });
}

Result<DeviceTime> parse_device_time(std::string_view body) {
    return parse<DeviceTime>(body, "Time", &device_time_from);
}

Result<SearchLimits> parse_search_limits(std::string_view body) {
    return parse<SearchLimits>(body, "AcsEvent", [](Json const& root) {
        SearchLimits limits;
        auto const& found = find_anywhere(root, "maxResults");
        auto const most = int_of(found, "@max").value_or(limits.max_results);
        // More than 30 is taken by some and refused by others; what is not positive is no limit.
        if (most > 0) limits.max_results = std::min(most, limits.max_results);
        limits.has_serial_range = !find_anywhere(root, "beginSerialNo").empty() && !find_anywhere(root, "endSerialNo").empty();
        return limits;
    });
}

Result<LockPolicy> parse_lock_policy(std::string_view body) {
    return parse<LockPolicy>(body, "IllegalLoginLock", [](Json const& root) {
        return LockPolicy{.enabled = flag_of(root, "enabled").value_or(false),
                          .max_tries = int_of(root, "maxIllegalLoginTimes").value_or(0),
                          .lock_time = seconds{int_of(root, "maxIllegalLoginLockTime").value_or(0)}};
    });
}

Result<PictureSettings> parse_picture_settings(std::string_view body) {
    return parse<PictureSettings>(body, "AcsCfg", [](Json const& root) {
        return PictureSettings{.save_capture = flag_of(root, "saveCapPic"),
                               .upload_capture = flag_of(root, "uploadCapPic"),
                               .save_verification = flag_of(root, "saveVerificationPic"),
                               .upload_verification = flag_of(root, "uploadVerificationPic"),
                               .save_face = flag_of(root, "saveFacePic")};
    });
}

}  // namespace bioctl::hikvision
