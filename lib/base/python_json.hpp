#pragma once
// JSON as Python programs write it. For values of nlohmann's types, which this header need not name.

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bioctl {

/// repr(): the fewest digits that read back, a point in them, an exponent only for very small and very large numbers. "null" for
/// what is no number.
[[nodiscard]] std::string python_float(double value);

/// In quotation marks; everything but ASCII as \uXXXX. Bytes that are no UTF-8 become U+FFFD.
void append_ascii_string(std::string& text, std::string_view value);

/// As Flask's replies: on one line without blanks, keys in the order of the alphabet, ASCII. Goes as deep as the value, which
/// whoever parsed it has to limit.
template <class Json>
void append_flask_json(std::string& text, Json const& value) {
    if (value.is_object()) {
        std::vector<std::pair<std::string_view, Json const*>> members;
        members.reserve(value.size());
        for (auto const& [key, member] : value.template get_ref<typename Json::object_t const&>())
            members.emplace_back(key, &member);
        std::ranges::sort(members, {}, [](auto const& member) { return member.first; });
        text += '{';
        for (auto const& [key, member] : members) {
            if (text.back() != '{') text += ',';
            append_ascii_string(text, key);
            text += ':';
            append_flask_json(text, *member);
        }
        text += '}';
    } else if (value.is_array()) {
        text += '[';
        for (std::size_t i = 0; i < value.size(); ++i) {
            if (i > 0) text += ',';
            append_flask_json(text, value[i]);
        }
        text += ']';
    } else if (value.is_string()) {
        append_ascii_string(text, value.template get_ref<std::string const&>());
    } else if (value.is_number_float()) {
        text += python_float(value.template get<double>());
    } else {
        text += value.dump();
    }
}

template <class Json>
[[nodiscard]] std::string to_flask_json(Json const& value) {
    std::string text;
    append_flask_json(text, value);
    return text;
}

}  // namespace bioctl
