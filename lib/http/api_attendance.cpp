// What a camera page saw, as events like those of terminals.

#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "lib/app/sightings.hpp"
#include "lib/http/api_photos.hpp"
#include "lib/http/families.hpp"
#include "lib/http/photo_reply.hpp"
#include "lib/http/site.hpp"

namespace bioctl::http {

namespace {

constexpr std::string_view k_attendance_schema =
    R"({"type":"object","required":["image"],"properties":{"image":{"type":"string","format":"binary"},"source":{"type":"string","description":"name of the camera; realtime without it"},"taken_at":{"type":"string","format":"date-time","description":"of a photo that had to wait, at most 7 days"}}})";
constexpr std::string_view k_attended_schema =
    R"({"allOf":[{"$ref":"#/components/schemas/Recognition"},{"type":"object","properties":{"sightings":{"type":"array","items":{"type":"object","properties":{"person_id":{"type":"string"},"event":{"type":"integer"},"is_repeat":{"type":"boolean","description":"seen a moment ago already: nothing was stored"},"time":{"type":"string","format":"date-time"}}}}}}]})";

/// When a photo was taken that had to wait for us. Throws Error{usage}.
Timestamp moment_of(std::optional<std::string> const& text, Timestamp now) {
    constexpr std::chrono::hours k_longest_wait{7 * 24};
    constexpr std::chrono::minutes k_fast_clock{5};
    if (!text || text->empty()) return now;
    auto const time = from_rfc3339(*text);
    if (!time) throw Error{Kind::usage, "taken_at must be a time like 2026-11-21T07:15:00Z"};
    if (*time > now + k_fast_clock || *time < now - k_longest_wait)
        throw Error{Kind::usage, "taken_at must lie within the last 7 days: set the clock of the camera"};
    return std::min(*time, now);
}

/// What is stored of a photo: who was on it.
struct Attendance {
    std::vector<app::Sighting> sightings;
    Json json;
};

Reply store_attendance(Site& site, Attendance const& attendance) {
    auto json = attendance.json;
    json["sightings"] = Json::array();
    for (auto const& sighting : attendance.sightings) {
        auto const reported = site.sightings().report(sighting);
        json["sightings"].push_back({{"person_id", sighting.person_id},
                                     {"event", reported.event},
                                     {"is_repeat", reported.is_repeat},
                                     {"time", time_json(sighting.time)}});
    }
    return json_reply(json);
}

Reply attend(Call const& call) {
    Photos const photos{call.request};
    auto const image = photos.require("image");
    auto const now = call.desk->clock().now();
    auto const taken = moment_of(photos.text("taken_at"), now);
    auto const source = photos.text("source").value_or("");
    app::RecognizeOptions options;
    options.rule = call.desk->rules()->identify;
    auto const photo = call.desk->recognize(image, options);
    if (photo.failure) return bad_photo(*photo.failure);
    auto const attendance = std::make_shared<Attendance>();
    attendance->json = json_of(photo, options.rule.threshold);
    for (auto const& face : photo.faces) {
        if (!face.person) continue;
        auto sighting = app::sighting_of(photo, face, taken);
        if (!source.empty()) sighting.source = source;
        // A face that was turned has another place on the picture as it was sent, but it is the picture that is kept.
        sighting.picture = Bytes{image.begin(), image.end()};
        attendance->sightings.push_back(std::move(sighting));
    }
    Reply reply;
    reply.rest = [&site = call.site, attendance](app::Desk&) { return store_attendance(site, *attendance); };
    return reply;
}

}  // namespace

void add_api_attendance(Routes& routes) {
    using app::Scope;
    constexpr auto family = Family::api;
    routes.add({.family = family,
                .method = "POST",
                .pattern = "/api/v2/attendance",
                .work = Work::inference,
                .scope = Scope::recognize,
                .is_change = true,
                .max_body = k_api_photo_body,
                .handle = attend,
                .doc = {.summary = "Who is on this photo of a camera? They become events, as if a terminal had seen them",
                        .body = Doc::Body{"multipart/form-data", k_attendance_schema},
                        .answers = {{200, "as of /recognize, and what was stored", "application/json", k_attended_schema},
                                    doc_no_good()}}});
}

}  // namespace bioctl::http
