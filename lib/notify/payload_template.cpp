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

/// Every field is there, with values that would break a body in which they are not escaped.
EventMessage hostile_message() {
    EventMessage message;
    message.device = message.name = message.employee_no = message.person_id = message.location = "\"},\\\n\t{\x01";
    message.device_serial = message.local_time = message.minor_name = message.verdict = message.name;
    message.kind = "recognized";
    message.distance = 0.5;
    message.picture = Bytes(1);
    return message;
}

Notification hostile_notification() {
    Notification notification;
    notification.title = notification.cause = "\"},\\\n\t{\x01";
    notification.lines = {notification.title};
    notification.counts = {{notification.title, 1}};
    return notification;
}

/// A value as it stands in the body: with |json as it is, else without the quotes of a text.
std::string in_body(Json const& value, bool is_json) {
    auto json = dumped(value);
    if (is_json) return json;
    if (value.is_string()) return json.substr(1, json.size() - 2);
    return value.is_null() ? std::string{} : json;
}

template <class Message>
std::vector<std::string> names_in(Message const& message) {
    std::vector<std::string> names;
    auto const known = fields_of(message);
    for (auto const& item : known.items())
        names.push_back(item.key());
    return names;
}

}  // namespace

std::vector<std::string_view> const& Template::fields(Of of) {
    static std::vector<std::string> const of_events = [] {
        auto names = names_in(EventMessage{});
        names.emplace_back(k_picture);
        return names;
    }();
    static std::vector<std::string> const of_notifications = names_in(Notification{});
    static std::vector<std::string_view> const events{of_events.begin(), of_events.end()};
    static std::vector<std::string_view> const notifications{of_notifications.begin(), of_notifications.end()};
    return of == Of::events ? events : notifications;
}

Result<Template> Template::parse(std::string_view text, Of of) {
    Template result;
    std::size_t at = 0;
    for (auto open = text.find(k_open); open != std::string_view::npos; open = text.find(k_open, at)) {
        auto const close = text.find(k_close, open);
        if (close == std::string_view::npos) return wrong(line_at(text, open), "'{{' without '}}'");
        result.m_pieces.push_back({.text = std::string{text.substr(at, open - at)}, .field = {}});
        auto name = trim(text.substr(open + k_open.size(), close - open - k_open.size()));
        bool const is_json = name.ends_with(k_as_json);
        if (is_json) name = trim(name.substr(0, name.size() - k_as_json.size()));
        auto const& known = fields(of);
        if (std::find(known.begin(), known.end(), name) == known.end()) {
            return wrong(line_at(text, open), fmt::format("there is no field '{}'{} there are: {}", printable(name),
                                                          did_you_mean(name, known), fmt::join(known, ", ")));
        }
        result.m_pieces.push_back({.text = {}, .field = std::string{name}, .is_json = is_json});
        at = close + k_close.size();
    }
    result.m_pieces.push_back({.text = std::string{text.substr(at)}, .field = {}});
    auto const gives_json = [&](auto const& hostile, auto const& empty) {
        return Json::accept(result.fill(hostile)) && Json::accept(result.fill(empty));
    };
    bool const is_good =
        of == Of::events ? gives_json(hostile_message(), EventMessage{}) : gives_json(hostile_notification(), Notification{});
    if (!is_good) {
        return failure(Kind::data,
                       "the template is no JSON once it is filled in; text fields stand in quotes (\"{{name}}\"), numbers and "
                       "values that may be null are written {{serial|json}}");
    }
    return result;
}

std::string Template::filled(std::function<std::string(Piece const&)> const& value_of) const {
    std::string body;
    for (auto const& piece : m_pieces)
        body += piece.field.empty() ? piece.text : value_of(piece);
    return body;
}

std::string Template::fill(EventMessage const& message) const {
    auto values = fields_of(message);
    return filled([&](Piece const& piece) {
        if (piece.field == k_picture && !values.contains(k_picture))
            values[std::string{k_picture}] = message.picture.empty() ? Json{} : Json(to_base64(message.picture));
        return in_body(values[piece.field], piece.is_json);
    });
}

std::string Template::fill(Notification const& notification) const {
    auto const values = fields_of(notification);
    return filled([&](Piece const& piece) { return in_body(values.at(piece.field), piece.is_json); });
}

}  // namespace bioctl::notify
