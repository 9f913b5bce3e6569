// S4: the face service that a Laravel application calls with base64 photos.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <list>
#include <mutex>
#include <unordered_map>
#include <variant>

#include <fmt/format.h>

#include "lib/app/compare.hpp"
#include "lib/app/enrol.hpp"
#include "lib/app/people_edit.hpp"
#include "lib/app/person_id.hpp"
#include "lib/base/text.hpp"
#include "lib/http/families.hpp"
#include "lib/http/photo_reply.hpp"
#include "lib/http/problem.hpp"
#include "lib/http/site.hpp"

namespace bioctl::http {

namespace {

constexpr std::size_t k_photo_body = 30'000'000;   // base64 of 22 MB
constexpr std::size_t k_photos_body = 60'000'000;  // several
constexpr std::string_view k_recognize_schema =
    R"({"type":"object","required":["image"],"properties":{"image":{"type":"string","description":"base64, or a data: URL"},"nik":{"type":"string","description":"compare with this person only"}}})";
constexpr std::string_view k_faces_schema =
    R"({"type":"object","properties":{"nik":{"type":"string"},"faces":{"type":"array","items":{"type":"object","required":["nik","images"],"properties":{"nik":{"type":"string"},"name":{"type":"string"},"images":{"type":"array","items":{"type":"string"}}}}}}})";

Reply failed(int status, std::string_view code, std::string_view message) {
    return json_reply({{"success", false}, {"error", code}, {"message", message}}, status);
}

/// A text of the object, "" if it is not there; a number is taken as its digits, as PHP sends it at times.
std::string text_in(Json const& json, std::string_view name) {
    auto const found = json.find(name);
    if (found == json.end()) return {};
    if (found->is_string()) return found->get<std::string>();
    return found->is_number_integer() ? found->dump() : std::string{};
}

/// base64, plain or as a data: URL.
Result<Bytes> photo_from(std::string_view text) {
    if (text.starts_with("data:")) {
        auto const comma = text.find(',');
        if (comma == std::string_view::npos || text.substr(0, comma).find(";base64") == std::string_view::npos)
            return failure(Kind::data, "the data: URL is not of base64");
        text.remove_prefix(comma + 1);
    }
    auto bytes = from_base64(text);
    if (bytes && bytes->empty()) return failure(Kind::data, "the image is empty");
    return bytes;
}

/// 1 at distance 0, one half at the threshold, 0 at twice the threshold and beyond.
double confidence(float distance, float threshold) {
    if (threshold <= 0) return 0;
    auto const confidence = 1 - static_cast<double>(distance) / (2 * static_cast<double>(threshold));
    return std::round(std::clamp(confidence, 0.0, 1.0) * 10'000) / 10'000;
}

/// The page sends the same frame again while it waits for an answer. Thread-safe.
class RecentReplies {
public:
    [[nodiscard]] std::optional<Json> find(std::string const& key) {
        std::lock_guard const lock{m_mutex};
        auto const found = m_replies.find(key);
        if (found == m_replies.end() || found->second.until < Clock::now()) return std::nullopt;
        return found->second.json;
    }
    void keep(std::string const& key, Json json) {
        constexpr std::size_t k_most = 256;
        constexpr std::chrono::seconds k_life{3};
        std::lock_guard const lock{m_mutex};
        auto const now = Clock::now();
        if (m_replies.size() >= k_most) std::erase_if(m_replies, [&](auto const& entry) { return entry.second.until < now; });
        if (m_replies.size() < k_most) m_replies.insert_or_assign(key, Entry{std::move(json), now + k_life});
    }

private:
    using Clock = std::chrono::steady_clock;
    struct Entry {
        Json json;
        Clock::time_point until;
    };
    std::mutex m_mutex;
    std::unordered_map<std::string, Entry> m_replies;
};

struct Look {
    Json json;
    int status = 200;
};

Json matched_json(bool is_match, std::string_view nik, std::string_view name, std::optional<float> distance, float threshold) {
    return {{"success", true},
            {"matched", is_match},
            {"nik", is_match ? Json(nik) : Json{}},
            {"name", is_match ? Json(name) : Json{}},
            {"confidence", distance ? confidence(*distance, threshold) : 0.0},
            {"distance", distance ? Json(rounded(*distance)) : Json{}},
            {"threshold", rounded(threshold)}};
}

Look no_face() {
    return {{{"success", false}, {"error", "no_face"}, {"message", "Wajah tidak terdeteksi pada gambar"}}, 200};
}

Look bad_image(image::Failure const& failure) {
    bool const is_too_large = failure.reason == image::Failure::Reason::too_large;
    return {{{"success", false}, {"error", is_too_large ? "image_too_large" : "invalid_image"}, {"message", failure.detail}},
            is_too_large ? 413 : 400};
}

/// 1:N.
Look identify(app::Desk& desk, ByteView photo) {
    auto const looked = desk.recognize(photo);
    if (looked.failure) return bad_image(*looked.failure);
    if (looked.faces.empty()) return no_face();
    // Of several faces the one that is known, else the largest.
    auto const known = std::ranges::find_if(looked.faces, [](auto const& face) { return face.person.has_value(); });
    auto const& face = known != looked.faces.end() ? *known : looked.faces.front();
    auto json = matched_json(face.person.has_value(), face.person ? face.person->person_id : "",
                             face.person ? face.person->name : "", face.distance, desk.rules()->identify.threshold);
    json["box"] = box_object(face.box);
    json["faces"] = looked.faces.size();
    return {std::move(json), 200};
}

/// 1:1 with the person that the caller names.
Look verify(app::Desk& desk, ByteView photo, std::string const& nik) {
    auto const person = app::require_person(desk.store(), nik);
    auto const rules = desk.rules();
    auto const analysis = app::analyse_photo(desk.engine(), photo, rules->limits, face::Embedding::all_faces);
    if (!analysis) return bad_image(analysis.error());
    if (analysis->faces.empty()) return no_face();
    auto const& contract = desk.workspace().models.contract();
    app::Yardstick const yardstick{.metric = rules->metric, .scale = contract.scale, .threshold = rules->verify};
    auto const& face = analysis->faces.front();
    auto const compared = app::compare_with_person(desk.workspace(), face.vector, nik, yardstick);
    auto json = matched_json(compared.same, nik, person.name, compared.distance, rules->verify);
    json["box"] = box_object(app::clipped(face.box, analysis->size));
    json["faces"] = analysis->faces.size();
    return {std::move(json), 200};
}

Reply recognize(Call const& call, RecentReplies& recent) {
    auto const began = std::chrono::steady_clock::now();
    auto const json = parse_json(call.request.body);
    if (!json || !json->is_object()) return failed(400, "invalid_json", "the body must be a JSON object with \"image\"");
    auto text = text_in(*json, "image");
    if (text.empty()) text = text_in(*json, "image_base64");
    if (text.empty()) return failed(400, "missing_image", "the field \"image\" is missing");
    auto const nik = text_in(*json, "nik");
    auto const photo = photo_from(text);
    if (!photo) return failed(400, "invalid_image", photo.error().message());
    auto const faces = call.desk->faces();
    // Whoever is enrolled meanwhile makes another gallery.
    auto const key = fmt::format("{} {} {}", to_hex(sha256(*photo)), static_cast<void const*>(faces.get()), nik);
    auto cached = recent.find(key);
    auto look = cached        ? Look{std::move(*cached), 200}
                : nik.empty() ? identify(*call.desk, *photo)
                              : verify(*call.desk, *photo, nik);
    if (!cached && look.status == 200) recent.keep(key, look.json);
    if (look.json.at("success") == true) {
        auto const took = std::chrono::steady_clock::now() - began;
        look.json["processing_ms"] = std::chrono::duration_cast<std::chrono::milliseconds>(took).count();
    }
    return json_reply(look.json, look.status);
}

struct Loading {
    std::size_t loaded = 0;
    Json failures = Json::array();
};

/// One person's photos, enrolled; what cannot be is listed, the rest goes on.
void load_person(Call const& call, Json const& face, Loading& loading) {
    auto const nik = text_in(face, "nik");
    auto const note = [&](std::string_view reason, std::string_view detail) {
        loading.failures.push_back({{"nik", nik}, {"error", reason}, {"message", detail}});
    };
    if (auto const ok = app::check_person_id(nik); !ok) return note("bad_nik", ok.error().message());
    auto const name = text_in(face, "name");
    if (auto const ok = app::check_person_name(name); !ok) return note("bad_name", ok.error().message());
    // What was enrolled before is unchanged, and still takes the name of today; to rename somebody needs a scope of its own.
    auto& store = call.desk->store();
    auto const known = store.people().get(nik);
    if (known && !name.empty() && known->name != name && call.who.may(app::Scope::people)) {
        store::Together change_and_row{store};
        app::rename_person(store, call.desk->clock(), nik, {.name = name, .id = {}}, app::Mode::write);
        app::record_after(store, call.desk->clock(), actor_of(call), "people.rename", app::subject_of_person(nik),
                          {{"now", app::subject_of_person(nik)}});
        change_and_row.commit();
    }
    auto const images = face.find("images");
    if (images == face.end() || !images->is_array()) return note("missing_images", "\"images\" must be a list of base64 texts");
    for (auto const& image : *images) {
        auto const photo = image.is_string() ? photo_from(image.get_ref<std::string const&>()) : from_base64("?");
        if (!photo) {
            note("invalid_image", photo.error().message());
            continue;
        }
        auto const report = call.desk->enrol(nik, known ? std::string{} : name, *photo, call.desk->rules()->enrol);
        if (auto const* rejected = std::get_if<app::Rejected>(&report.outcome)) {
            note(app::name_of(rejected->reason), detail_of(*rejected));
        } else {
            ++loading.loaded;
            app::record_after(call.desk->store(), call.desk->clock(), actor_of(call), "people.enrol",
                              app::subject_of_person(nik));
        }
    }
}

/// The gallery is current by itself; what the caller wants to know is that the person is in it.
Reply loaded_of(Call const& call, std::string const& nik) {
    auto const person = call.desk->store().people().get(nik);
    auto const faces = person ? person->templates - person->palms : 0;
    if (faces == 0) return failed(404, "not_found", fmt::format("NIK {} tidak ditemukan", printable(nik)));
    static_cast<void>(call.desk->faces());
    return json_reply({{"success", true}, {"loaded", faces}, {"people", 1}});
}

Reply load_faces(Call const& call) {
    auto const json = call.request.body.empty() ? Result<Json>{Json::object()} : parse_json(call.request.body);
    if (!json || !json->is_object()) return failed(400, "invalid_json", "the body must be a JSON object");
    auto const faces = json->find("faces");
    if (faces == json->end()) {
        if (auto const nik = text_in(*json, "nik"); !nik.empty()) return loaded_of(call, nik);
        auto const gallery = call.desk->faces();
        return json_reply(
            {{"success", true}, {"loaded", gallery->gallery().templates()}, {"people", gallery->gallery().people()}});
    }
    if (!faces->is_array()) return failed(400, "invalid_json", "\"faces\" must be a list");
    if (!call.who.may(app::Scope::enrol)) return failed(403, "forbidden", "enrolling needs the scope enrol");
    if (call.site.rules()->is_readonly) return failed(403, "forbidden", "this server is for reading only (--readonly)");
    Loading loading;
    for (auto const& face : *faces)
        load_person(call, face.is_object() ? face : Json::object(), loading);
    Json reply{{"success", true}, {"loaded", loading.loaded}, {"people", call.desk->faces()->gallery().people()}};
    if (!loading.failures.empty()) reply["failures"] = std::move(loading.failures);
    return json_reply(reply);
}

Reply health(Call const& call) {
    auto const faces = call.site.office().last_faces();
    return json_reply({{"status", "ok"},
                       {"encodings", faces ? faces->gallery().templates() : 0},
                       {"people", faces ? faces->gallery().people() : 0},
                       {"model", call.site.office().setup().models.contract().id},
                       {"uptime_s", call.site.uptime().count()}});
}

Reply voice(Trouble const& trouble) {
    return failed(status_of(trouble.refusal), code_of(trouble.refusal), trouble.detail);
}

}  // namespace

void add_laravel(Routes& routes) {
    using app::Scope;
    constexpr auto family = Family::laravel;
    routes.set_voice(family, voice);
    auto const recent = std::make_shared<RecentReplies>();
    Doc::Answer const invalid{400, "the JSON or the image is not valid"};
    Doc::Answer const unknown{404, "nobody is enrolled under this NIK"};
    routes.add({.family = family,
                .method = "POST",
                .pattern = "/api/face-recognition/recognize",
                .work = Work::inference,
                .scope = Scope::recognize,
                .max_body = k_photo_body,
                .handle = [recent](Call const& call) { return recognize(call, *recent); },
                .doc = {.summary = "Who is on this base64 photo? Or is it this person?",
                        .body = Doc::Body{"application/json", k_recognize_schema},
                        .answers = {{200, "matched or not, or no face"}, invalid, unknown, {413, "the image is too large"}}}});
    routes.add({.family = family,
                .method = "POST",
                .pattern = "/api/face-recognition/load-faces",
                .work = Work::inference,
                .scope = Scope::recognize,
                .max_body = k_photos_body,
                .handle = load_faces,
                .doc = {.summary = "Enrol people with base64 photos, or ask whether one is loaded",
                        .body = Doc::Body{"application/json", k_faces_schema},
                        .answers = {{200, "how many were loaded"}, invalid, unknown}}});
    routes.add({.family = family,
                .method = "POST",
                .pattern = "/api/face-recognition/load-encodings/{nik}",
                .work = Work::store,
                .scope = Scope::recognize,
                .handle = [](Call const& call) { return loaded_of(call, call.parameter("nik")); },
                .doc = {.summary = "Is this person loaded?", .answers = {{200, "how many templates"}, unknown}}});
    routes.add({.family = family,
                .method = "GET",
                .pattern = "/api/health",
                .work = Work::at_once,
                .handle = health,
                .doc = {.summary = "Alive, and how many are enrolled", .answers = {{200, "alive"}}},
                .is_public = true});
}

}  // namespace bioctl::http
