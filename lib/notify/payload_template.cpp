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

Notification hostile_notification() {
    Notification notification;
    notification.title = notification.cause = "\"},\\\n\t{\x01";
    notification.lines = {notification.title};
    return notification;
}

template <class Pieces, class ValueOf>
std::string filled(Pieces const& pieces, ValueOf const& value_of) {
    std::string text;
    for (auto const& piece : pieces) {
        if (piece.field.empty()) {
            text += piece.text;
            continue;
        }
        auto const& value = value_of(piece.field);
        auto const json = dumped(value);
        if (piece.is_json) {
            text += json;
        } else if (value.is_string()) {
            text.append(json, 1, json.size() - 2);
        } else if (!value.is_null()) {
            text += json;
        }
    }
    return text;
}

}  // namespace

std::vector<std::string> Template::fields(Subject subject) {
    std::vector<std::string> names;
    auto const known = subject == Subject::event ? fields_of(EventMessage{}) : fields_of(Notification{});
    for (auto const& item : known.items())
        names.push_back(item.key());
    if (subject == Subject::event) names.emplace_back(k_picture);
    return names;
}

Result<Template> Template::parse(std::string_view text, Subject subject) {
    Template result;
    auto const known = fields(subject);
    std::vector<std::string_view> const names{known.begin(), known.end()};
    std::size_t at = 0;
    for (auto open = text.find(k_open); open != std::string_view::npos; open = text.find(k_open, at)) {
        auto const close = text.find(k_close, open);
        if (close == std::string_view::npos) return wrong(line_at(text, open), "'{{' without '}}'");
        result.m_pieces.push_back({.text = std::string{text.substr(at, open - at)}, .field = {}});
        auto name = trim(text.substr(open + k_open.size(), close - open - k_open.size()));
        bool const is_json = name.ends_with(k_as_json);
        if (is_json) name = trim(name.substr(0, name.size() - k_as_json.size()));
        if (std::find(names.begin(), names.end(), name) == names.end()) {
            return wrong(line_at(text, open), fmt::format("there is no field '{}'{} there are: {}", printable(name),
                                                          did_you_mean(name, names), fmt::join(names, ", ")));
        }
        result.m_pieces.push_back({.text = {}, .field = std::string{name}, .is_json = is_json});
        at = close + k_close.size();
    }
    result.m_pieces.push_back({.text = std::string{text.substr(at)}, .field = {}});
    auto const example = subject == Subject::event ? result.fill(hostile_message()) : result.fill(hostile_notification());
    if (!Json::accept(example)) {
        return failure(Kind::data,
                       "the template is no JSON once it is filled in; text fields stand in quotes (\"{{name}}\"), numbers and "
                       "values that may be null are written {{serial|json}}");
    }
    return result;
}

std::string Template::fill(EventMessage const& message) const {
    auto values = fields_of(message);
    return filled(m_pieces, [&](std::string const& field) -> Json const& {
        auto& value = values[field];
        if (field == k_picture && value.is_null() && !message.picture.empty()) value = to_base64(message.picture);
        return value;
    });
}

std::string Template::fill(Notification const& notification) const {
    auto values = fields_of(notification);
    return filled(m_pieces, [&](std::string const& field) -> Json const& { return values[field]; });
}

}  // namespace bioctl::notify
