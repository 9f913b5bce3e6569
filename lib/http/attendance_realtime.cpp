// S3: frames of a camera. Who is on one is told to the webhook, whose answer the client waits for, and to whoever listens.

#include <memory>

#include "lib/app/sightings.hpp"
#include "lib/http/attendance_forms.hpp"
#include "lib/http/families.hpp"
#include "lib/http/photo_reply.hpp"
#include "lib/http/site.hpp"

namespace bioctl::http {

namespace {

/// What is said of the faces of one frame.
struct Frame {
    std::vector<app::Sighting> sightings;
    Json results;
};

Json report_of(app::Dispatch const& dispatch) {
    Json report{{"status", app::name_of(dispatch.status)}};
    if (dispatch.http_status > 0) report["http_status"] = dispatch.http_status;
    if (!dispatch.message.empty()) report["message"] = dispatch.message;
    report["reason"] = dispatch.reason;
    return report;
}

/// Stores each sighting, waits for the webhook, and tells the listeners.
Reply tell(Site& site, Frame const& frame) {
    auto const webhook = site.rules()->webhook_name;
    auto dispatches = Json::array();
    for (auto const& sighting : frame.sightings) {
        auto const reported = site.sightings().report(sighting);
        auto const report = report_of(site.dispatcher().dispatch(reported.at(webhook)));
        auto const label = sighting.person_id.empty() ? std::string{k_unknown_label} : sighting.person_id;
        dispatches.push_back({{"label", label}, {"report", report}});
        site.hub().publish("recognitions", dumped({{"type", "recognized"},
                                                   {"student_id", label},
                                                   {"distance", rounded(sighting.distance.value_or(1))},
                                                   {"ts", to_ms(sighting.time) / 1000},
                                                   {"dispatch", report}}));
    }
    return json_reply(
        {{"ok", true}, {"results", frame.results}, {"dispatch", std::move(dispatches)}, {"webhook_enabled", !webhook.empty()}});
}

Reply realtime(Call const& call) {
    constexpr double k_farthest = 4;
    auto const min_conf = number_in(call.request.target, "min_conf", 0, k_farthest);
    if (!min_conf) return bad_value("query", "min_conf", min_conf.error().message());
    auto form = photo_form(call.request, false);
    if (auto* refusal = std::get_if<Reply>(&form)) return std::move(*refusal);
    // It is called a confidence, and is the largest distance; 0 means the server's tolerance.
    std::optional<float> threshold;
    if (auto const wanted = min_conf->value_or(0); wanted > 0) threshold = static_cast<float>(wanted);
    auto const photo = call.desk->recognize(as_bytes(std::get<PhotoForm>(form).image), threshold);
    if (photo.failure) return not_an_image();
    bool const sends_unknown = is_true(call.request.target.parameter("send_unknown"));
    auto const frame = std::make_shared<Frame>();
    frame->results = results_of(photo);
    for (auto const& face : photo.faces) {
        if (!face.person && !sends_unknown) continue;
        auto& sighting = frame->sightings.emplace_back(app::sighting_of(photo, face, call.desk->clock().now()));
        sighting.is_unknown_told = !face.person.has_value();
    }
    Reply reply;
    reply.rest = [&site = call.site, frame](app::Desk&) { return tell(site, *frame); };
    return reply;
}

}  // namespace

void add_realtime(Routes& routes) {
    using app::Scope;
    constexpr auto family = Family::attendance;
    routes.add(
        {.family = family,
         .method = "POST",
         .pattern = "/recognize/realtime",
         .work = Work::inference,
         .scope = Scope::recognize,
         .max_body = k_photo_body,
         .handle = realtime,
         .doc = {.summary = "Who is on this frame? The webhook and the listeners hear of it, too",
                 .parameters = {{"min_conf", "query", R"({"type":"number"})", "largest distance, 0 = the server's tolerance"},
                                {"send_unknown", "query", R"({"type":"boolean"})", "tell of unknown faces, too"}},
                 .body = Doc::Body{"multipart/form-data", k_photo_form},
                 .answers = {{200, "a result for each face, and what the webhook said"},
                             {400, "the image is empty or cannot be decoded"},
                             {422, "a field is missing"}}}});
    routes.add({.family = family,
                .method = "GET",
                .pattern = "/ws/recognitions",
                .work = Work::live,
                .scope = Scope::read,
                .doc = {.summary = "WebSocket: each recognition as it happens", .answers = {{101, "a WebSocket"}}},
                .topics = {"recognitions"}});
}

}  // namespace bioctl::http
