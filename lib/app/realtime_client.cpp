#include "lib/app/realtime_client.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "lib/base/text.hpp"
#include "lib/net/url.hpp"

namespace bioctl::app {

namespace {

using Json = nlohmann::json;

constexpr std::size_t k_most_faces = 1000;
constexpr std::size_t k_longest_text = 200;
// The server may wait 10 s for its webhook before it answers.
constexpr std::chrono::seconds k_timeout{20};
constexpr std::chrono::seconds k_longest_wait{60};

std::string text_of(Json const& object, char const* field) {
    auto const found = object.find(field);
    if (found == object.end() || !found->is_string()) return {};
    return to_valid_utf8(found->get_ref<std::string const&>().substr(0, k_longest_text));
}

int pixel(Json const& value) {
    constexpr double k_most = 1e6;
    if (!value.is_number()) return 0;
    auto const number = value.get<double>();
    return std::isfinite(number) ? static_cast<int>(std::clamp(number, -k_most, k_most)) : 0;
}

Box box_of(Json const& face) {
    auto const box = face.find("box");
    if (box == face.end() || !box->is_array() || box->size() != 4) return {};
    return {pixel((*box)[0]), pixel((*box)[1]), pixel((*box)[2]), pixel((*box)[3])};
}

RealtimeFace face_of(Json const& json) {
    RealtimeFace face;
    face.box = box_of(json);
    face.label = text_of(json, "label");
    if (auto const distance = json.find("distance"); distance != json.end() && distance->is_number())
        face.distance = distance->get<double>();
    return face;
}

/// Told by label, in the order of the faces that were sent.
void add_dispatches(std::vector<RealtimeFace>& faces, Json const& dispatches) {
    for (auto const& dispatch : dispatches) {
        if (!dispatch.is_object() || !dispatch.contains("report") || !dispatch["report"].is_object()) continue;
        auto const label = text_of(dispatch, "label");
        auto const face = std::ranges::find_if(
            faces, [&](RealtimeFace const& candidate) { return candidate.label == label && candidate.dispatch.empty(); });
        if (face == faces.end()) continue;
        face->dispatch = text_of(dispatch["report"], "status");
        face->dispatch_reason = text_of(dispatch["report"], "reason");
    }
}

std::string address_of(std::string const& server, bool sends_unknown) {
    auto const url = net::parse_url(server);
    if (!url) throw url.error();
    if (server.find_first_of("?#") != std::string::npos)
        throw Error{Kind::usage, fmt::format("server '{}': must end with the host, the port or the path", printable(server))};
    auto base = server;
    while (base.ends_with('/'))
        base.pop_back();
    return fmt::format("{}/recognize/realtime{}", base, sends_unknown ? "?send_unknown=true" : "");
}

/// Not an image, too large, of a format that the server does not read: the next one may do.
bool is_about_frame(int status) {
    return status == 400 || status == 413 || status == 415 || status == 422;
}

std::optional<std::chrono::seconds> retry_after(net::Answer const& answer) {
    auto const header = answer.header("retry-after");
    if (header.empty() || header.size() > 5 || header.find_first_not_of("0123456789") != std::string_view::npos)
        return std::nullopt;
    return std::min(std::chrono::seconds{std::stol(std::string{header})}, k_longest_wait);
}

}  // namespace

Result<RealtimeReply> parse_realtime_reply(std::string_view body) {
    auto const json = Json::parse(body, nullptr, false);
    bool const is_reply = json.is_object() && json.contains("results") && json["results"].is_array();
    if (!is_reply || json["results"].size() > k_most_faces)
        return failure(Kind::protocol, "the server's answer is not that of /recognize/realtime");
    RealtimeReply reply;
    for (auto const& face : json["results"]) {
        if (face.is_object()) reply.faces.push_back(face_of(face));
    }
    if (auto const dispatch = json.find("dispatch");
        dispatch != json.end() && dispatch->is_array() && dispatch->size() <= k_most_faces)
        add_dispatches(reply.faces, *dispatch);
    if (auto const enabled = json.find("webhook_enabled"); enabled != json.end() && enabled->is_boolean())
        reply.is_webhook_enabled = enabled->get<bool>();
    return reply;
}

RealtimeClient::RealtimeClient(std::string const& server, std::string key, bool sends_unknown)
    : m_url(address_of(server, sends_unknown)), m_key(std::move(key)), m_session({}, {}) {}

tl::expected<RealtimeReply, RealtimeTrouble> RealtimeClient::post(std::string jpeg) {
    net::Request request;
    request.method = net::Method::post;
    request.url = m_url;
    request.timeout = k_timeout;
    if (!m_key.empty()) request.headers.push_back(fmt::format("X-API-Key: {}", m_key));
    request.form.push_back({.name = "image", .file_name = "frame.jpg", .content_type = "image/jpeg", .content = std::move(jpeg)});
    auto const answer = m_session.exchange(request);
    if (!answer) return tl::unexpected{RealtimeTrouble{answer.error(), answer.error().kind() == Kind::usage}};
    if (is_about_frame(answer->status))
        return tl::unexpected{RealtimeTrouble{
            Error{Kind::data, fmt::format("{}: the server cannot use this frame (HTTP {})", m_url, answer->status)}}};
    if (answer->status != 200) {
        auto const error = net::error_of_status(m_url, answer->status);
        bool const is_final = error.kind() == Kind::permission || error.kind() == Kind::no_input;
        return tl::unexpected{RealtimeTrouble{error, is_final, retry_after(*answer)}};
    }
    auto reply = parse_realtime_reply(answer->body);
    if (!reply) return tl::unexpected{RealtimeTrouble{reply.error().within(m_url), true}};
    return *std::move(reply);
}

}  // namespace bioctl::app
