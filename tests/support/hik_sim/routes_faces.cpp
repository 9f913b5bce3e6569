// Dossier section 7: the face library. FDID "1" of type blackFD is the one that is matched.

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "lib/base/text.hpp"
#include "tests/support/hik_sim/replies.hpp"
#include "tests/support/hik_sim/routes.hpp"

namespace bioctl::hik_sim {

namespace {

using sim_http::Reply;
using sim_http::Request;

constexpr std::size_t k_max_faces = 3000, k_few_faces = 3, k_max_parts = 8;

struct Upload {
    std::string person;
    std::string jpeg;
};

struct Part {
    std::string head;
    std::string_view body;
};

std::string boundary_of(Request const& request) {
    constexpr std::string_view k_name = "boundary=";
    auto const type = request.header("Content-Type");
    auto const at = type.find(k_name);
    if (!to_lower_ascii(type).starts_with("multipart/form-data") || at == std::string_view::npos)
        throw Refusal{fault::bad_json_content, "Content-Type"};
    auto value = trim(type.substr(at + k_name.size()));
    value = value.substr(0, value.find(';'));
    if (value.size() > 1 && value.starts_with('"')) value = value.substr(1, value.size() - 2);
    return "--" + std::string{value};
}

std::vector<Part> parts_of(Request const& request) {
    auto const boundary = boundary_of(request);
    std::vector<Part> parts;
    std::string_view rest = request.body;
    if (!rest.starts_with(boundary)) throw Refusal{fault::bad_json_format};
    while (parts.size() < k_max_parts && rest.substr(boundary.size()).starts_with("\r\n")) {
        rest.remove_prefix(boundary.size() + 2);
        auto const head_end = rest.find("\r\n\r\n");
        auto const body_end = rest.find("\r\n" + boundary);
        if (head_end == std::string_view::npos || body_end == std::string_view::npos || body_end < head_end + 4)
            throw Refusal{fault::bad_json_format};
        parts.push_back({std::string{rest.substr(0, head_end)}, rest.substr(head_end + 4, body_end - head_end - 4)});
        rest.remove_prefix(body_end + 2);
    }
    return parts;
}

std::string needed_text(Json const& object, char const* name) {
    auto const found = object.find(name);
    if (found == object.end()) throw Refusal{fault::parameters_lack, name};
    if (!found->is_string()) throw Refusal{fault::bad_json_content, name};
    return found->get<std::string>();
}

void require_library(Json const& request) {
    if (needed_text(request, "faceLibType") != "blackFD") throw Refusal{fault::bad_json_content, "faceLibType"};
    if (needed_text(request, "FDID") != "1") throw Refusal{fault::bad_json_content, "FDID"};
}

/// The JSON part comes first, then a picture with a file name.
Upload parse_upload(Request const& request) {
    auto const parts = parts_of(request);
    if (parts.size() < 2 || parts[0].head.find("filename=") != std::string::npos)
        throw Refusal{fault::parameters_lack, "FaceDataRecord"};
    if (parts[1].head.find("filename=") == std::string::npos) throw Refusal{fault::parameters_lack, "img"};
    auto const json = body_object({.method = request.method,
                                   .target = request.target,
                                   .path = request.path,
                                   .query = request.query,
                                   .headers = {},
                                   .body = std::string{parts[0].body}});
    require_library(json);
    return {needed_text(json, "FPID"), std::string{parts[1].body}};
}

std::optional<Refusal> refusal_of(FaceFault found) {
    switch (found) {
        case FaceFault::too_big: return Refusal{fault::bad_json_format, "faceURL"};  // misleading, and what devices say
        case FaceFault::too_short: return Refusal{fault::face_too_short};
        case FaceFault::not_a_jpeg: return Refusal{fault::picture_format};
        case FaceFault::too_small: return Refusal{fault::picture_small};
        case FaceFault::not_baseline_420: return Refusal{fault::modeling, "PicFeaturePoints"};
        case FaceFault::none: break;
    }
    return std::nullopt;
}

enum class Write { create, replace, either };

Reply store_face(Terminal& terminal, Request const& request, Write how) {
    auto upload = parse_upload(request);
    static_cast<void>(terminal.roster.is_deleting(std::chrono::steady_clock::now()));
    auto const person = terminal.roster.people().find(upload.person);
    if (person == terminal.roster.people().end()) throw Refusal{fault::user_not_exist, "FPID"};
    auto& face = person->second.face;
    if (face && how == Write::create) throw Refusal{fault::face_exists, "FPID"};
    if (!face && how == Write::replace) throw Refusal{fault::user_not_exist, "FPID"};
    auto const room = terminal.quirks.has(Quirk::face_full) ? k_few_faces : k_max_faces;
    if (!face && terminal.roster.faces() >= room) throw Refusal{fault::face_full};
    if (auto const why = refusal_of(inspect_face(upload.jpeg))) throw Refusal{*why};
    face = std::move(upload.jpeg);
    return done_reply(terminal, request);
}

Reply create(Terminal& terminal, Request const& request) {
    return store_face(terminal, request, Write::create);
}

Reply modify(Terminal& terminal, Request const& request) {
    return store_face(terminal, request, Write::replace);
}

Reply set_up(Terminal& terminal, Request const& request) {
    if (terminal.quirks.has(Quirk::no_set_up)) throw Refusal{fault::not_support};
    return store_face(terminal, request, Write::either);
}

Reply list(Terminal& terminal, Request const&) {
    return json_reply(terminal,
                      {{"statusCode", 1},
                       {"statusString", "OK"},
                       {"subStatusCode", "ok"},
                       {"FDLib", Json::array({{{"FDID", "1"}, {"faceLibType", "blackFD"}, {"name", "Face Library"}},
                                              {{"FDID", "2"}, {"faceLibType", "infraredFD"}, {"name", "Infrared Library"}}})}});
}

Reply capabilities(Terminal& terminal, Request const&) {
    bool const is_small = terminal.quirks.has(Quirk::face_full), lacks_set_up = terminal.quirks.has(Quirk::no_set_up);
    return settings_reply(terminal,
                          {{"FDLibCap",
                            {{"supportFunction", {{"@opt", lacks_set_up ? "post,delete,put,get" : "post,delete,put,get,setUp"}}},
                             {"FDNameMaxLen", 64},
                             {"FDRecordDataMaxNum", is_small ? k_few_faces : k_max_faces},
                             {"facePicFormat", {{"@opt", "jpg"}}}}}});
}

Reply count(Terminal& terminal, Request const& request) {
    static_cast<void>(terminal.roster.is_deleting(std::chrono::steady_clock::now()));
    Json const library{{"FDID", "1"}, {"faceLibType", "blackFD"}, {"recordDataNumber", terminal.roster.faces()}};
    if (!request.parameter("FDID").empty()) return json_reply(terminal, library);
    return json_reply(terminal, {{"FDRecordDataInfo", Json::array({library})}});
}

Reply search(Terminal& terminal, Request const& request) {
    static_cast<void>(terminal.roster.is_deleting(std::chrono::steady_clock::now()));
    auto const body = body_object(request);
    require_library(body);
    auto const wanted = body.contains("FPID") ? needed_text(body, "FPID") : "";
    auto const position = body.value("searchResultPosition", Json(0)), most = body.value("maxResults", Json(30));
    if (!position.is_number_unsigned()) throw Refusal{fault::bad_json_content, "searchResultPosition"};
    if (!most.is_number_unsigned()) throw Refusal{fault::bad_json_content, "maxResults"};
    Json matches = Json::array();
    std::size_t total = 0, place = 0;
    for (auto const& [number, enrolled] : terminal.roster.people()) {
        ++place;
        if (!enrolled.face || (!wanted.empty() && wanted != number)) continue;
        if (total++ >= position.get<std::size_t>() && matches.size() < most.get<std::size_t>())
            matches.push_back({{"FPID", number}, {"faceURL", terminal.base_url + face_path(place)}});
    }
    auto const* const status = matches.empty()                                        ? "NO MATCH"
                               : position.get<std::size_t>() + matches.size() < total ? "MORE"
                                                                                      : "OK";
    return json_reply(terminal, {{"statusCode", 1},
                                 {"statusString", "OK"},
                                 {"subStatusCode", "ok"},
                                 {"responseStatusStrg", status},
                                 {"numOfMatches", matches.size()},
                                 {"totalMatches", total},
                                 {"MatchList", matches}});
}

/// Of several people as FDSearch/Delete names them; an absent face is no error.
Reply remove(Terminal& terminal, Request const& request) {
    if (request.parameter("FDID") != "1") throw Refusal{fault::parameters_lack, "FDID"};
    auto const body = body_object(request);
    auto const people = body.find("FPID");
    if (people == body.end() || !people->is_array()) throw Refusal{fault::parameters_lack, "FPID"};
    for (auto const& each : *people) {
        if (!each.is_object()) throw Refusal{fault::bad_json_content, "FPID"};
        auto const found = terminal.roster.people().find(needed_text(each, "value"));
        if (found != terminal.roster.people().end()) found->second.face.reset();
    }
    return done_reply(terminal, request);
}

constexpr auto k_routes = std::to_array<Route>({
    {"GET", "/ISAPI/Intelligent/FDLib", list},
    {"GET", "/ISAPI/Intelligent/FDLib/capabilities", capabilities},
    {"GET", "/ISAPI/Intelligent/FDLib/Count", count},
    {"PUT", "/ISAPI/Intelligent/FDLib/FDSetUp", set_up},
    {"POST", "/ISAPI/Intelligent/FDLib/FaceDataRecord", create},
    {"PUT", "/ISAPI/Intelligent/FDLib/FDModify", modify},
    {"POST", "/ISAPI/Intelligent/FDLib/FDSearch", search},
    {"PUT", "/ISAPI/Intelligent/FDLib/FDSearch/Delete", remove},
});

}  // namespace

std::span<Route const> face_routes() {
    return k_routes;
}

}  // namespace bioctl::hik_sim
