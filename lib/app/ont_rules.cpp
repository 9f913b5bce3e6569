#include "lib/app/ont_rules.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "lib/base/text.hpp"
#include "lib/ont/address.hpp"
#include "lib/ont/coordinates.hpp"

namespace bioctl::app {

namespace {

constexpr std::size_t k_longest_name = 256, k_longest_customer_id = 64, k_longest_location = 512, k_longest_tag = 64,
                      k_most_tags = 32, k_longest_host = 253, k_longest_label = 63;

[[noreturn]] void refuse(std::string_view field, std::string_view value, std::string_view rule) {
    throw Error{Kind::usage, fmt::format("{} '{}' {}", field, printable(value), rule)};
}

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

void check_text(std::string_view field, std::string_view text, std::size_t most) {
    if (text.size() > most)
        throw Error{Kind::usage, fmt::format("{} of {} bytes is too long: it may have {}", field, text.size(), most)};
    if (!is_utf8(text)) refuse(field, text, "is not in UTF-8");
    bool const has_control = std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
    if (has_control) refuse(field, text, "has control characters");
}

/// Addresses that are nobody's: 0.0.0.0 is this machine, and always answers.
bool is_one_host(ont::Address const& address) {
    auto const first = address.bytes[0];
    if (address.family == ont::Family::v4) return first != 0 && first < 224;
    return first != 0xff && std::ranges::any_of(address.bytes, [](auto byte) { return byte != 0; });
}

bool is_label(std::string_view label) {
    return !label.empty() && label.size() <= k_longest_label && label.front() != '-' && label.back() != '-' &&
           std::ranges::all_of(label, [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '_'; });
}

bool is_host_name(std::string_view host) {
    if (host.ends_with('.')) host.remove_suffix(1);
    if (host.empty() || host.size() > k_longest_host) return false;
    auto const labels = split(host, '.');
    // Else 10.0.0.300 and 10.0.0.1-20 would be asked of a name server.
    return std::ranges::all_of(labels, is_label) && std::ranges::any_of(labels.back(), is_letter);
}

template <class Value>
void assign(Value& value, std::optional<Value> const& wanted) {
    if (wanted) value = *wanted;
}

void assign_trimmed(std::string& value, std::optional<std::string> const& wanted) {
    if (wanted) value = trim(*wanted);
}

std::optional<double> coordinate_of(std::string const& text, ont::Axis axis) {
    if (trim(text).empty()) return std::nullopt;
    auto const degrees = ont::parse_coordinate(text, axis);
    if (!degrees)
        throw Error{Kind::usage,
                    fmt::format("{} {}", axis == ont::Axis::latitude ? "latitude" : "longitude", degrees.error().message())};
    return *degrees;
}

void check_position(store::OntConfig const& config) {
    if (config.latitude.has_value() != config.longitude.has_value())
        throw Error{Kind::usage, "latitude and longitude go together: give both, or take both away with ''"};
    if (config.latitude == 0.0 && config.longitude == 0.0)
        throw Error{Kind::usage, "latitude 0, longitude 0 lies in the sea off Africa; leave them out if the place is not known"};
}

void check(store::OntConfig const& config) {
    if (config.kind != "ont" && config.kind != "olt" && config.kind != "switch")
        refuse("kind", config.kind, "must be ont, olt or switch");
    if (config.name.empty()) throw Error{Kind::usage, "the name is empty"};
    check_text("name", config.name, k_longest_name);
    check_text("customer id", config.customer_id, k_longest_customer_id);
    check_text("location", config.location, k_longest_location);
    if (!config.host.empty()) check_host(config.host).or_throw();
    if (config.tags.size() > k_most_tags)
        throw Error{Kind::usage, fmt::format("{} tags are too many: there may be {}", config.tags.size(), k_most_tags)};
    for (auto const& tag : config.tags) {
        if (tag.empty()) throw Error{Kind::usage, "a tag is empty"};
        check_text("tag", tag, k_longest_tag);
        if (tag.find(',') != std::string::npos) refuse("tag", tag, "has a comma, which stands between tags");
    }
    check_position(config);
}

}  // namespace

Result<void> check_host(std::string_view host) {
    if (auto const address = ont::parse_address(host)) {
        if (is_one_host(*address)) return {};
        return failure(Kind::usage, fmt::format("host '{}' is not the address of one host", printable(host)));
    }
    if (is_host_name(host)) return {};
    bool const is_of_digits = std::ranges::all_of(host, [](char c) { return is_digit(c) || c == '.' || c == '-' || c == '/'; });
    return failure(Kind::usage,
                   fmt::format("host '{}' is {}", printable(host),
                               is_of_digits ? "no address; an ONT has one, not a range" : "neither an address nor a host name"));
}

Position read_position(std::string_view latitude, std::string_view longitude) {
    Position none;
    if (trim(latitude).empty() && trim(longitude).empty()) return none;
    auto const north = ont::parse_coordinate(latitude, ont::Axis::latitude);
    auto const east = ont::parse_coordinate(longitude, ont::Axis::longitude);
    if (!north || !east) {
        none.warning =
            north ? fmt::format("longitude {}", east.error().message()) : fmt::format("latitude {}", north.error().message());
    } else if (*north == 0 && *east == 0) {
        none.warning = "the coordinates are 0,0, so the place is not known";
        none.is_null = true;
    } else {
        return {.latitude = *north, .longitude = *east};
    }
    return none;
}

store::OntConfig changed_ont(store::OntConfig config, OntChange const& change) {
    assign_trimmed(config.kind, change.kind);
    assign_trimmed(config.customer_id, change.customer_id);
    assign_trimmed(config.name, change.name);
    assign_trimmed(config.location, change.location);
    assign_trimmed(config.host, change.host);
    if (change.latitude) config.latitude = coordinate_of(*change.latitude, ont::Axis::latitude);
    if (change.longitude) config.longitude = coordinate_of(*change.longitude, ont::Axis::longitude);
    assign(config.tags, change.tags);
    assign(config.enabled, change.enabled);
    check(config);
    return config;
}

std::string fault_of_parent(Parents const& parents, std::int64_t child, std::int64_t parent) {
    int levels = 1;
    for (auto above = parent; above != child; ++levels) {
        auto const next = parents.find(above);
        if (next == parents.end()) return {};
        if (levels > k_most_levels) return fmt::format("would hang below more than {} others", k_most_levels);
        above = next->second;
    }
    return "would hang on itself";
}

}  // namespace bioctl::app
