#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "lib/base/text.hpp"
#include "lib/config/numbers.hpp"
#include "lib/config/settings.hpp"

namespace bioctl::config {

namespace {

template <int Low, int High>
std::string check_decimal(Key const& /*key*/, std::string_view value) {
    auto const number = parse_number<float>(value);
    // NaN fails both comparisons.
    if (number && *number >= Low && *number <= High) return {};
    return fmt::format("must be a number from {} to {}", Low, High);
}

template <int Low, int High>
std::string check_whole(Key const& /*key*/, std::string_view value) {
    auto const number = parse_number<int>(value);
    if (number && *number >= Low && *number <= High) return {};
    return fmt::format("must be a whole number from {} to {}", Low, High);
}

std::string check_choice(Key const& key, std::string_view value) {
    auto const choices = split(key.type, '|');
    if (std::find(choices.begin(), choices.end(), value) != choices.end()) return {};
    auto listed = std::string{key.type};
    std::replace(listed.begin(), listed.end(), '|', ' ');
    return fmt::format("must be one of: {}", listed);
}

std::string check_size(Key const& /*key*/, std::string_view value) {
    try {
        if (parse_size(value) > 0) return {};
    } catch (Error const&) {  // parse_size speaks of a size without the key; the caller adds the key to ours
    }
    return "must be a positive number, where k, M and G mean powers of 1024 (50M)";
}

std::string check_duration(Key const& /*key*/, std::string_view value) {
    return parse_duration(value) ? "" : "must be a time with its unit, up to an hour, such as 500ms, 10s or 2m";
}

std::string check_path(Key const& /*key*/, std::string_view value) {
    bool const is_path = !value.empty() && value.find('\0') == std::string_view::npos;
    return is_path ? "" : "must be the path of a folder";
}

std::string check_file(Key const& /*key*/, std::string_view value) {
    bool const is_path = !value.empty() && value.find('\0') == std::string_view::npos;
    return is_path ? "" : "must be the path of a file";
}

std::string check_url(Key const& /*key*/, std::string_view value) {
    bool const is_web = value.starts_with("http://") || value.starts_with("https://");
    bool const is_one_word = value.find_first_of(" \t\r\n") == std::string_view::npos;
    return is_web && is_one_word ? "" : "must be an address that begins with http:// or https://";
}

std::string check_zone(Key const& /*key*/, std::string_view value) {
    auto const fits = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
               std::string_view{"/_+-"}.find(c) != std::string_view::npos;
    };
    // The name becomes a path below the zone database: no dots, nothing absolute.
    bool const is_name = !value.empty() && value.front() != '/' && std::all_of(value.begin(), value.end(), fits);
    return is_name ? "" : "must be the name of a time zone, such as Asia/Jakarta";
}

std::string check_codes(Key const& /*key*/, std::string_view value) {
    for (auto const& code : split(value, ',')) {
        auto const number = parse_number<int>(trim(code));
        if (!number || *number < 1 || *number > 65'535) return "must be whole numbers from 1 to 65535, with commas between";
    }
    return {};
}

/// "3/4": three of four.
std::string check_share(Key const& /*key*/, std::string_view value) {
    constexpr int k_most = 32;
    auto const parts = split(value, '/');
    auto const some = parts.size() == 2 ? parse_number<int>(parts[0]) : std::nullopt;
    auto const all = parts.size() == 2 ? parse_number<int>(parts[1]) : std::nullopt;
    if (some && all && *some >= 1 && *some <= *all && *all <= k_most) return {};
    return fmt::format("must be two numbers such as 3/4, the first from 1 to the second, the second at most {}", k_most);
}

std::string check_group_rules(Key const& key, std::string_view value) {
    for (auto const& rule : split(value, ',')) {
        if (trim(rule).empty()) continue;
        auto const name = rule.substr(0, rule.find('='));
        auto const shares =
            rule.size() > name.size() ? split(std::string_view{rule}.substr(name.size() + 1), ':') : std::vector<std::string>{};
        bool const is_rule = !trim(name).empty() && shares.size() == 2 && check_share(key, shares[0]).empty() &&
                             check_share(key, shares[1]).empty();
        if (!is_rule) return "must be rules such as core=2/3:2/2 (group, down, up), with commas between";
    }
    return {};
}

std::string check_any(Key const& /*key*/, std::string_view /*value*/) {
    return {};
}

/// "https://host" or "https://host:port", or "*".
std::string check_origins(Key const& /*key*/, std::string_view value) {
    for (auto const& part : split(value, ',')) {
        auto const origin = trim(part);
        auto const scheme = origin.find("://");
        bool const is_origin = scheme != std::string_view::npos && scheme > 0 && origin.size() > scheme + 3 &&
                               origin.find_first_of("/ ?#", scheme + 3) == std::string_view::npos;
        if (!origin.empty() && origin != "*" && !is_origin)
            return "must be origins such as https://hrd.example.sch.id, with commas between";
    }
    return {};
}

/// Its origin becomes part of a Content-Security-Policy: a plain host, nothing that could end a directive.
std::string check_tiles(Key const& key, std::string_view value) {
    auto const is_there = [&](std::string_view part) { return value.find(part) != std::string_view::npos; };
    bool const has_places = is_there("{z}") && is_there("{x}") && is_there("{y}");
    bool const has_strange = value.find_first_of(";,'\"\\ @") != std::string_view::npos;
    if (check_url(key, value).empty() && has_places && !has_strange) return {};
    return "must be an address such as https://tiles.example/{z}/{x}/{y}.png";
}

constexpr std::array k_keys{
    Key{"busy_timeout", "TIME", "How long to wait for another process that writes to the store", "10s", "", check_duration},
    Key{"cors_origins", "ORIGIN,...", "Web origins whose pages may call `serve`: https://hrd.example.sch.id; * is any", "", "",
        check_origins},
    Key{"data_dir", "DIR", "Folder of the store, the portraits and the imported models", "", "", check_path},
    Key{"device_offline_after", "N", "Failures in a row after which a device counts as offline", "5", "", check_whole<1, 1000>},
    Key{"device_warning_after", "N", "Failures in a row after which a device gets a warning", "2", "", check_whole<1, 1000>},
    Key{"event_cooldown", "SECONDS", "Cooldown of a new target and of webhook_url: send a person at most once in this time", "0",
        "EVENT_COOLDOWN_SECONDS", check_whole<0, 86'400>},
    Key{"jobs", "N", "Photos worked on at once; 0 is the number of cores", "0", "", check_whole<0, 1024>},
    Key{"log_level", "error|warn|info|debug", "How much to tell on stderr", "info", "", check_choice},
    Key{"map_attribution", "TEXT", "What the maker of the map tiles wants to be shown on the map", "", "", check_any},
    Key{"map_tiles", "URL", "Tiles of the map: https://tiles.example/{z}/{x}/{y}.png; unset: a map without streets", "", "",
        check_tiles},
    Key{"margin", "DISTANCE", "How much nearer than the next person a match must be", "0", "", check_decimal<0, 4>},
    Key{"max_bytes", "SIZE", "Largest photo file that is read", "50000000", "", check_size},
    Key{"max_pixels", "SIZE", "Most pixels a photo may have", "100000000", "", check_size},
    Key{"metric", "unit|l2", "Distance of unit-length vectors on the old scale, or the plain one", "unit", "", check_choice},
    Key{"min_quality", "Q", "Least quality of a face or palm to enroll, 0 to 1", "0", "", check_decimal<0, 1>},
    Key{"models_dir", "DIR", "Folder of the built-in models", "", "", check_path},
    Key{"on_duplicate", "warn|reject|allow", "What to do with a face or palm that looks like another person's", "reject", "",
        check_choice},
    Key{"palm_threshold", "DISTANCE", "Largest distance, 0 to 1, that counts as the same palm; unset: as measured", "", "",
        check_decimal<0, 1>},
    Key{"ping_down", "N/M", "An ONT is down when N of its last M samples are lost", "3/4", "", check_share},
    Key{"ping_group_rules", "GROUP=N/M:K/L,...", "Other rules for the ONTs of a group", "", "", check_group_rules},
    Key{"ping_guards", "HOST,...", "Addresses that always answer, unless the monitor itself is cut off", "", "", check_any},
    Key{"ping_up", "K/L", "An ONT is up again when K of its last L samples are answered", "2/3", "", check_share},
    Key{"recognized_minors", "N,N,...", "Minor codes of major 5 that mean a recognised face", "75,77,54,57,60,63,66", "",
        check_codes},
    Key{"store_key_file", "FILE",
        "File (mode 0600) with the key of a sealed data folder; unset: the systemd credential bioctl-store-key", "", "",
        check_file},
    Key{"threshold", "DISTANCE", "Largest distance that counts as the same face; unset: measured for the models in use", "",
        "FACE_TOLERANCE", check_decimal<0, 4>},
    Key{"timezone", "ZONE", "Time zone of pages and tables", "Asia/Jakarta", "", check_zone},
    Key{"webhook_key_file", "FILE", "File (mode 0600) with the bearer token for webhook_url; unset: ATTENDANCE_API_KEY", "", "",
        check_file},
    Key{"webhook_url", "URL", "Where faces that a camera recognised are sent, in the format attendance", "",
        "ATTENDANCE_WEBHOOK_URL", check_url},
};

}  // namespace

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
    constexpr std::chrono::milliseconds k_longest = std::chrono::hours{1};
    auto const digits = std::min(text.find_first_not_of("0123456789"), text.size());
    auto const count = parse_number<std::uint32_t>(text.substr(0, digits));
    auto const unit = text.substr(digits);
    if (!count) return std::nullopt;
    std::chrono::milliseconds time{};
    if (unit == "ms") {
        time = std::chrono::milliseconds{*count};
    } else if (unit == "s") {
        time = std::chrono::seconds{*count};
    } else if (unit == "m") {
        time = std::chrono::minutes{*count};
    } else {
        return std::nullopt;
    }
    return time <= k_longest ? std::optional{time} : std::nullopt;
}

std::span<Key const> keys() {
    return k_keys;
}

Key const& find_key(std::string_view name) {
    std::vector<std::string_view> names;
    for (auto const& key : k_keys) {
        if (key.name == name) return key;
        names.push_back(key.name);
    }
    throw Error{Kind::usage,
                fmt::format("unknown key '{}'{} `bioctl help config` lists all", printable(name), did_you_mean(name, names))};
}

std::string variable_of(Key const& key) {
    std::string variable = "BIOCTL_";
    for (char const c : key.name)
        variable += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return variable;
}

}  // namespace bioctl::config
