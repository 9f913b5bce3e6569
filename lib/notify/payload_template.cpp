// Body templates of users.

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "lib/base/text.hpp"
#include "lib/notify/fields.hpp"

namespace bioctl::notify {

namespace {

constexpr std::string_view k_picture = "picture_base64";
constexpr std::string_view k_open = "{{";
constexpr std::string_view k_close = "}}";
constexpr std::string_view k_as_json = "|json";

std::size_t line_at(std::string_view text, std::size_t position) {
    return 1 + static_cast<std::size_t>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(position), '\n'));
}

tl::unexpected<Error> wrong(std::size_t line, std::string const& what) {
    return failure(Kind::data, fmt::format("template, line {}: {}", line, what));
}

/// Values that would break a body in which they are not escaped.
EventMessage hostile_message() {
    EventMessage message;
    message.device = message.name = message.employee_no = message.person_id = message.location = "\"},\\\n\t{\x01";
    message.kind = "recognized";
    return message;
}

}  // namespace

std::vector<std::string_view> const& Template::fields() {
    static std::vector<std::string> const names = [] {
        std::vector<std::string> list;
        auto const known = fields_of({});
        for (auto const& item : known.items())
            list.push_back(item.key());
        list.emplace_back(k_picture);
        return list;
    }();
    static std::vector<std::string_view> const views{names.begin(), names.end()};
    return views;
}

Result<Template> Template::parse(std::string_view text) {
    Template result;
    std::size_t at = 0;
    for (auto open = text.find(k_open); open != std::string_view::npos; open = text.find(k_open, at)) {
        auto const close = text.find(k_close, open);
        if (close == std::string_view::npos) return wrong(line_at(text, open), "'{{' without '}}'");
        result.m_pieces.push_back({.text = std::string{text.substr(at, open - at)}, .field = {}});
        auto name = trim(text.substr(open + k_open.size(), close - open - k_open.size()));
        bool const is_json = name.ends_with(k_as_json);
        if (is_json) name = trim(name.substr(0, name.size() - k_as_json.size()));
        if (std::find(fields().begin(), fields().end(), name) == fields().end()) {
            return wrong(line_at(text, open), fmt::format("there is no field '{}'{} there are: {}", printable(name),
                                                          did_you_mean(name, fields()), fmt::join(fields(), ", ")));
        }
        result.m_pieces.push_back({.text = {}, .field = std::string{name}, .is_json = is_json});
        at = close + k_close.size();
    }
    result.m_pieces.push_back({.text = std::string{text.substr(at)}, .field = {}});
    if (!Json::accept(result.fill(hostile_message()))) {
        return failure(Kind::data,
                       "the template is no JSON once it is filled in; text fields stand in quotes (\"{{name}}\"), numbers and "
                       "values that may be null are written {{serial|json}}");
    }
    return result;
}

std::string Template::fill(EventMessage const& message) const {
    auto values = fields_of(message);
    std::string filled;
    for (auto const& piece : m_pieces) {
        if (piece.field.empty()) {
            filled += piece.text;
            continue;
        }
        if (piece.field == k_picture && !values.contains(k_picture))
            values[std::string{k_picture}] = message.picture.empty() ? Json{} : Json(to_base64(message.picture));
        auto const& value = values[piece.field];
        auto const json = dumped(value);
        if (piece.is_json) {
            filled += json;
        } else if (value.is_string()) {
            filled.append(json, 1, json.size() - 2);
        } else if (!value.is_null()) {
            filled += json;
        }
    }
    return filled;
}

}  // namespace bioctl::notify
