#include "lib/app/ont_json.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "lib/app/ont_shapes.hpp"
#include "lib/base/python_json.hpp"

namespace bioctl::app {

namespace {

using Json = nlohmann::ordered_json;

std::string scalar_text(Json const& value) {
    if (value.is_number_float()) return python_float(value.get<double>());
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
