#pragma once
// What is sent about an event, in the words of the receiver.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/bytes.hpp"
#include "lib/base/clock.hpp"
#include "lib/base/result.hpp"
#include "lib/net/exchange.hpp"

namespace bioctl::notify {

struct Notification;  // notification.hpp

/// Where on a frame a camera saw a face; pixels, right and bottom are the first ones outside.
struct SeenAt {
    int frame_width = 0, frame_height = 0;
    int top = 0, right = 0, bottom = 0, left = 0;
};

/// Everything that may be told about an event of a terminal or a camera. "" and empty: not known.
struct EventMessage {
    std::int64_t id = 0;
    std::string idempotency_key;
    std::string device, device_serial, location;
    std::int64_t serial = 0;
    int epoch = 1;
    Timestamp time{}, received_at{};
    std::string local_time;  ///< as the device wrote it, with its offset
    std::string kind;        ///< recognized, other
    int major = 0, minor = 0;
    std::string minor_name;
    std::string employee_no, person_id, name;
    std::optional<double> distance;  ///< of --verify-faces, or of what a camera saw
    std::string verdict;
    std::optional<SeenAt> seen_at;  ///< of a camera only
    Bytes picture;                  ///< JPEG
    std::string picture_path;       ///< below media/
};

enum class Format { presence, attendance, event, custom, telegram, mail, command };
enum class PictureMode { none, base64, multipart };

[[nodiscard]] Result<Format> format_from(std::string_view name);  ///< presence, attendance, event, template,
                                                                  ///< telegram, mail, exec
[[nodiscard]] Result<PictureMode> picture_mode_from(std::string_view name);

/// A body template, checked once: "{{name}}" stands for the value of a field, JSON-escaped without quotes; "{{name|json}}" for
/// the value as JSON (with quotes, a number as a number, null if unknown). Result is Kind::data, naming line and placeholder, for
/// an unknown field, an unclosed placeholder, or a text that is not JSON once filled in.
class Template {
public:
    enum class Of { events, notifications };

    [[nodiscard]] static Result<Template> parse(std::string_view text, Of of = Of::events);
    [[nodiscard]] std::string fill(EventMessage const& message) const;
    [[nodiscard]] std::string fill(Notification const& notification) const;
    /// The names that may stand in a template, for help and messages.
    [[nodiscard]] static std::vector<std::string_view> const& fields(Of of = Of::events);

private:
    struct Piece {
        std::string text;  ///< literal, when field is empty
        std::string field;
        bool is_json = false;
    };
    [[nodiscard]] std::string filled(std::function<std::string(Piece const&)> const& value_of) const;

    std::vector<Piece> m_pieces;
};

struct Rendered {
    std::string content_type;
    std::string body;
    std::vector<net::FormPart> form;  ///< multipart, instead of body
};

/// Why there is nothing to send: the rule of the format (skipped), or something that is missing and may come (a picture).
struct Unsendable {
    bool is_final = true;
    std::string reason;  ///< no_numeric_employee_no, no_picture, ...
};

/// - presence: byte-compatible with the old sync service, {"device", "authId", "date", "picture"}: needs a numeric employee
/// number
///   and a picture; `device` is the name, `date` the device's local time without offset.
/// - attendance: {"event": "attendance.recognized", ...} of the FastAPI service.
/// - event: ours; every field that is known, and the picture as base64 if asked for.
[[nodiscard]] tl::expected<Rendered, Unsendable> render(EventMessage const& message, Format format, PictureMode picture,
                                                        Template const* custom);

}  // namespace bioctl::notify
