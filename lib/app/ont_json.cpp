#include "lib/app/ont_json.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "lib/app/ont_shapes.hpp"

namespace bioctl::app {

namespace {

using Json = nlohmann::ordered_json;

/// repr(): the fewest digits that read back, a point in them, an exponent only for very small and very large numbers.
std::string float_text(double value) {
    auto const size = std::abs(value);
    bool const is_plain = size == 0 || (size >= 1e-4 && size < 1e16);
    std::array<char, 64> text{};
    auto const [end, error] = std::to_chars(text.data(), text.data() + text.size(), value,
                                            is_plain ? std::chars_format::fixed : std::chars_format::scientific);
    if (error != std::errc{}) return "null";
    std::string number{text.data(), end};
    if (is_plain && number.find('.') == std::string::npos) number += ".0";
    return number;
}

std::string scalar_text(Json const& value) {
    if (value.is_number_float()) return float_text(value.get<double>());
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// Depth is that of what was parsed, which has a limit.
void append(std::string& text, Json const& value, std::size_t depth) {
    if (!value.is_structured()) {
        text += scalar_text(value);
        return;
    }
    bool const is_object = value.is_object();
    text.push_back(is_object ? '{' : '[');
    bool is_first = true;
    for (auto const& item : value.items()) {
        text += is_first ? "\n" : ",\n";
        is_first = false;
        text.append(2 * (depth + 1), ' ');
        if (is_object) text += fmt::format("{}: ", scalar_text(item.key()));
        append(text, item.value(), depth + 1);
    }
    if (!is_first) {
        text.push_back('\n');
        text.append(2 * depth, ' ');
    }
    text.push_back(is_object ? '}' : ']');
}

}  // namespace

std::optional<std::string> ont_text_of(nlohmann::ordered_json const& value) {
    if (value.is_string()) return value.get<std::string>();
    if (value.is_null()) return std::string{};
    if (value.is_number_float()) return to_degrees(value.get<double>());
    if (value.is_number() || value.is_boolean()) return value.dump();
    if (!value.is_array() || !std::ranges::all_of(value, [](Json const& item) { return item.is_string(); })) return std::nullopt;
    std::string joined;
    for (auto const& item : value)
        joined += fmt::format("{}{}", joined.empty() ? "" : ",", item.get_ref<std::string const&>());
    return joined;
}

std::string dump_as_python(nlohmann::ordered_json const& value) {
    std::string text;
    append(text, value, 0);
    return text;
}

}  // namespace bioctl::app
