#pragma once
// How a terminal words its answers: JSON, XML in its own namespace, and error bodies. Dossier sections 2 and 8.

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "tests/support/hik_sim/terminal.hpp"
#include "tests/support/sim_http/message.hpp"

namespace bioctl::hik_sim {

using Json = nlohmann::ordered_json;

/// An error as terminals report it. The HTTP status follows from the status code unless it is given.
struct Fault {
    std::string_view sub_status;
    int status_code;
    unsigned error_code;
    int http_status = 0;
};

namespace fault {
inline constexpr Fault device_busy{"deviceBusy", 2, 0x20000004};
inline constexpr Fault not_support{"notSupport", 4, 0x40000001};
inline constexpr Fault method_not_allowed{"methodNotAllowed", 4, 0x40000004, 405};
inline constexpr Fault bad_xml_format{"badXmlFormat", 5, 0x50000001};
inline constexpr Fault bad_json_format{"badJsonFormat", 5, 0x50000002};
inline constexpr Fault bad_parameters{"badParameters", 6, 0x60000001};
inline constexpr Fault bad_xml_content{"badXmlContent", 6, 0x60000003};
inline constexpr Fault bad_json_content{"badJsonContent", 6, 0x60000017};
inline constexpr Fault parameters_lack{"MessageParametersLack", 6, 0x60000019};
inline constexpr Fault invalid_search{"invalidSearchConditions", 6, 0x6000001a};
inline constexpr Fault time_format{"timeFormatError", 6, 0x60000041};
inline constexpr Fault no_search_id{"noSearchIDResource", 6, 0x60001046};
inline constexpr Fault no_employee{"employeeNoNotExist", 6, 0x6000601f};
inline constexpr Fault employee_exists{"employeeNoAlreadyExist", 6, 0x60006020};
inline constexpr Fault face_too_short{"faceDataLenShort", 6, 0x6000603c};
inline constexpr Fault face_full{"deviceFaceFull", 6, 0x60007001};
inline constexpr Fault user_not_exist{"deviceUserNotExist", 6, 0x60007003};
inline constexpr Fault face_exists{"deviceUserAlreadyExistFace", 6, 0x60007004};
inline constexpr Fault modeling{"SubpicAnalysisModelingError", 6, 0x60000037};
inline constexpr Fault picture_format{"picFormatError", 6, 0x6000003b};
inline constexpr Fault picture_small{"picSizeSmallError", 6, 0x6000003e};
}  // namespace fault

/// Thrown by routes, answered by refusal().
struct Refusal {
    Fault fault;
    std::string error_msg{};
};

/// 200 with JSON that stays JSON whatever the quirks.
[[nodiscard]] sim_http::Reply json_reply(Terminal const& terminal, Json const& body);
/// The same for capabilities and settings, which some firmware sends as XML that is labelled JSON. One member: the root.
[[nodiscard]] sim_http::Reply settings_reply(Terminal const& terminal, Json const& body);
/// 200 with an XML document; `members` are the children of the root.
[[nodiscard]] sim_http::Reply xml_reply(Terminal const& terminal, std::string_view root, Json const& members);
/// ResponseStatus "OK", in the format of the request.
[[nodiscard]] sim_http::Reply done_reply(Terminal const& terminal, sim_http::Request const& request);
[[nodiscard]] sim_http::Reply refusal(Terminal const& terminal, sim_http::Request const& request, Refusal const& why);
/// The web server's own page for what is not there.
[[nodiscard]] sim_http::Reply not_found();

[[nodiscard]] bool wants_json(sim_http::Request const& request);
/// The request's body as a JSON object. Throws Refusal.
[[nodiscard]] Json body_object(sim_http::Request const& request);
/// The object under that name, or else Refusal.
[[nodiscard]] Json const& root_object(Json const& body, char const* name);

/// Never throws: what a client sent that is not UTF-8 comes back as U+FFFD. Indented by tabs if the terminal does so.
[[nodiscard]] std::string dump(Terminal const& terminal, Json const& body);

}  // namespace bioctl::hik_sim
