#include "lib/hikvision/tree.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include <fmt/format.h>
#include <pugixml.hpp>

#include "lib/base/text.hpp"

namespace bioctl::hikvision {

namespace {

constexpr std::size_t k_max_depth = 64;
constexpr std::size_t k_max_values = 100'000;
constexpr std::size_t k_max_members = 1'000;  // of one object: ordered_json looks members up one by one

[[noreturn]] void refuse(std::string_view cause) {
    throw Error{Kind::protocol, fmt::format("unreadable answer: {}", cause)};
}

/// Counts what a document makes, while it is made.
class Budget {
public:
    void enter(std::size_t depth) {
        if (depth >= k_max_depth) refuse("nested too deeply");
        m_members[depth] = 0;
    }
    void add_member(std::size_t depth) {
        if (++m_members[depth] > k_max_members) refuse("too many members in one object");
    }
    void add_value() {
        if (++m_values > k_max_values) refuse("too many values");
    }

private:
    std::array<std::size_t, k_max_depth> m_members{};
    std::size_t m_values = 0;
};

/// The code unit of "\uXXXX" at `at`, or nothing.
std::optional<unsigned> escaped_unit(std::string_view text, std::size_t at) {
    constexpr std::size_t k_length = 6;
    if (text.size() - at < k_length || text[at] != '\\' || text[at + 1] != 'u') return std::nullopt;
    unsigned unit = 0;
    auto const* const end = text.data() + at + k_length;
    auto const [stop, error] = std::from_chars(text.data() + at + 2, end, unit, 16);
    if (error != std::errc{} || stop != end) return std::nullopt;
    return unit;
}

bool is_high(std::optional<unsigned> unit) {
    return unit && *unit >= 0xD800 && *unit < 0xDC00;
}

bool is_low(std::optional<unsigned> unit) {
    return unit && *unit >= 0xDC00 && *unit < 0xE000;
}

/// Half of a pair is what a terminal makes of a name with an emoji that it has cut off. JSON parsers refuse the whole text.
void replace_lone_surrogates(std::string& text) {
    for (auto at = text.find('\\'); at != std::string::npos && at + 1 < text.size(); at = text.find('\\', at)) {
        auto const unit = escaped_unit(text, at);
        if (is_high(unit) && at + 6 <= text.size() && is_low(escaped_unit(text, at + 6))) {
            at += 12;
        } else if (is_high(unit) || is_low(unit)) {
            text.replace(at + 2, 4, "FFFD");
            at += 6;
        } else {
            at += 2;  // also past the second of two backslashes
        }
    }
}

/// Control characters are not allowed inside JSON's strings, and outside they are blanks.
std::string repaired(std::string_view body) {
    auto text = to_valid_utf8(body);
    replace_lone_surrogates(text);
    auto const is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20; };
    std::replace_if(text.begin(), text.end(), is_control, ' ');
    return text;
}

Json parse_json(std::string_view text) {
    Budget budget;
    auto const count = [&](int nested, Json::parse_event_t event, Json&) {
        auto const depth = static_cast<std::size_t>(nested);
        switch (event) {
            case Json::parse_event_t::object_start:
            case Json::parse_event_t::array_start: budget.enter(depth); break;
            case Json::parse_event_t::key: budget.add_member(depth - 1); break;
            case Json::parse_event_t::value:
            case Json::parse_event_t::object_end:
            case Json::parse_event_t::array_end: budget.add_value(); break;
        }
        return true;
    };
    try {
        return Json::parse(text, count);
    } catch (Json::exception const&) {
        refuse("neither JSON nor XML");
    }
}

std::string_view local_name(char const* name) {
    std::string_view const whole{name};
    auto const colon = whole.rfind(':');
    return colon == std::string_view::npos ? whole : whole.substr(colon + 1);
}

bool is_namespace(char const* attribute) {
    return std::string_view{attribute}.starts_with("xmlns");
}

void add_to(Json& object, std::string_view name, Json&& value) {
    auto& place = object[std::string{name}];
    if (place.is_null()) {
        place = std::move(value);
    } else {
        if (!place.is_array()) place = Json::array({std::move(place)});
        place.push_back(std::move(value));
    }
}

Json from_element(pugi::xml_node element, std::size_t depth, Budget& budget) {
    budget.enter(depth);
    budget.add_value();
    auto object = Json::object();
    for (auto const attribute : element.attributes()) {
        if (is_namespace(attribute.name())) continue;
        budget.add_member(depth);
        object[fmt::format("@{}", local_name(attribute.name()))] = to_valid_utf8(attribute.value());
    }
    bool has_elements = false;
    for (auto const inner : element.children()) {
        if (inner.type() != pugi::node_element) continue;
        has_elements = true;
        auto const name = local_name(inner.name());
        if (!object.contains(name)) budget.add_member(depth);
        add_to(object, name, from_element(inner, depth + 1, budget));
    }
    if (has_elements) return object;
    auto const text = to_valid_utf8(trim(element.child_value()));  // &#xD800; makes it invalid again
    if (object.empty()) return text;
    object["#text"] = text;
    return object;
}

Json parse_xml(std::string_view text) {
    // Before pugixml spends memory on each.
    if (static_cast<std::size_t>(std::count(text.begin(), text.end(), '<')) > 2 * k_max_values) refuse("too many values");
    pugi::xml_document document;
    auto const parsed = document.load_buffer(text.data(), text.size(), pugi::parse_default, pugi::encoding_utf8);
    auto const root = document.document_element();
    if (!parsed || root == nullptr) refuse("neither JSON nor XML");
    Budget budget;
    auto object = Json::object();
    add_to(object, local_name(root.name()), from_element(root, 1, budget));
    return object;
}

std::optional<std::int64_t> number_in(std::string_view text) {
    text = trim(text);
    int base = 10;
    if (text.starts_with("0x") || text.starts_with("0X")) {
        base = 16;
        text.remove_prefix(2);
    }
    std::int64_t value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

/// The member itself; of XML with attributes, its text.
Json const& value_of(Json const& object, std::string_view key) {
    auto const& member = child(object, key);
    return member.is_object() ? child(member, "#text") : member;
}

}  // namespace

Result<Json> read_tree(std::string_view body) try {
    auto const text = repaired(body.starts_with("\xEF\xBB\xBF") ? body.substr(3) : body);
    auto const rest = trim(text);
    if (rest.empty()) refuse("it is empty");
    return rest.front() == '<' ? parse_xml(rest) : parse_json(rest);
} catch (Error const& error) {
    return failure(error);
}

Result<Json> read_root(std::string_view body, std::string_view root) {
    auto tree = read_tree(body);
    if (!tree) return tree;
    if (child(*tree, root).is_object() && tree->contains(root)) return Json(std::move((*tree)[std::string{root}]));
    bool const is_page = tree->is_object() && (tree->contains("html") || tree->contains("HTML"));
    return failure(Kind::protocol,
                   fmt::format("unreadable answer: {} where {} is expected", is_page ? "a web page" : "something else", root));
}

Json const& child(Json const& object, std::string_view key) {
    static Json const nothing = Json::object();
    if (!object.is_object()) return nothing;
    auto const found = object.find(key);
    return found == object.end() ? nothing : *found;
}

std::string text_of(Json const& object, std::string_view key) {
    auto const& value = value_of(object, key);
    if (value.is_string()) return value.get_ref<std::string const&>();
    return value.is_number() || value.is_boolean() ? value.dump() : "";
}

std::optional<std::int64_t> number_of(Json const& object, std::string_view key) {
    auto const& value = value_of(object, key);
    if (value.is_string()) return number_in(value.get_ref<std::string const&>());
    if (value.is_number_unsigned() && value.get<std::uint64_t>() > std::numeric_limits<std::int64_t>::max()) return std::nullopt;
    if (value.is_number_integer()) return value.get<std::int64_t>();
    return std::nullopt;
}

std::optional<int> int_of(Json const& object, std::string_view key) {
    auto const number = number_of(object, key);
    if (!number || *number < std::numeric_limits<int>::min() || *number > std::numeric_limits<int>::max()) return std::nullopt;
    return static_cast<int>(*number);
}

std::optional<bool> flag_of(Json const& object, std::string_view key) {
    auto const text = to_lower_ascii(text_of(object, key));
    if (text == "true" || text == "1") return true;
    if (text == "false" || text == "0") return false;
    return std::nullopt;
}

}  // namespace bioctl::hikvision
