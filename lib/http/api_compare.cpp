// Are these two the same? Faces or palms.

#include <fmt/format.h>

#include "lib/app/compare.hpp"
#include "lib/app/compare_palm.hpp"
#include "lib/app/people_edit.hpp"
#include "lib/http/api_photos.hpp"
#include "lib/http/families.hpp"
#include "lib/http/photo_reply.hpp"

namespace bioctl::http {

namespace {

constexpr std::string_view k_compare_schema =
    R"({"type":"object","required":["a"],"properties":{"a":{"type":"string","format":"binary"},"b":{"type":"string","format":"binary"},"person":{"type":"string","description":"instead of b: an enrolled person"},"modality":{"type":"string","enum":["face","palm"],"default":"face"}}})";
constexpr std::string_view k_comparison_schema =
    R"({"type":"object","required":["same","distance","threshold"],"properties":{"same":{"type":"boolean"},"distance":{"type":"number"},"threshold":{"type":"number"}}})";

/// A photo that shows nothing to compare; becomes the reply.
struct NothingToCompare {
    Reply reply;
};

app::PhotoSource source_of(ByteView photo, std::string_view name) {
    return {.path = std::string{name}, .bytes = Bytes{photo.begin(), photo.end()}};
}

/// Runs `look`, which throws Error{data} for a photo that cannot be read.
template <class Look>
auto readable(Look&& look) {
    try {
        return look();
    } catch (Error const& error) {
        if (error.kind() != Kind::data) throw;
        throw NothingToCompare{cannot_process("unreadable", error.message())};
    }
}

std::vector<float> face_on(Call const& call, ByteView photo, std::string_view name) {
    auto probe = readable([&] { return app::probe_of(call.desk->engine(), source_of(photo, name), call.desk->rules()->limits); });
    if (!probe) throw NothingToCompare{cannot_process("no_face", fmt::format("there is no face on photo {}", name))};
    return std::move(probe->vector);
}

app::PalmFeatures palm_on(Call const& call, ByteView photo, std::string_view name) {
    auto probe = readable([&] { return app::palm_probe_of(source_of(photo, name), call.desk->rules()->limits); });
    if (probe) return std::move(*probe);
    throw NothingToCompare{
        cannot_process(palm::name_of(probe.error().reason), fmt::format("photo {}: {}", name, probe.error().detail))};
}

/// The two sides of a comparison: photo a with photo b, or with a person.
struct Pair {
    ByteView a, b;
    std::optional<std::string> person;
};

app::Comparison compare_faces(Call const& call, Pair const& pair, float threshold) {
    app::Yardstick const yardstick{
        .metric = call.desk->rules()->metric, .scale = call.desk->workspace().models.contract().scale, .threshold = threshold};
    auto const a = face_on(call, pair.a, "a");
    if (pair.person) return app::compare_with_person(call.desk->workspace(), a, *pair.person, yardstick);
    return app::compare(a, face_on(call, pair.b, "b"), yardstick);
}

app::Comparison compare_palms(Call const& call, Pair const& pair, float threshold) {
    auto const a = palm_on(call, pair.a, "a");
    if (pair.person) return app::compare_with_palms_of(call.desk->store(), a, *pair.person, threshold);
    return app::compare_palms(a, palm_on(call, pair.b, "b").palm, threshold);
}

Reply compare(Call const& call) {
    Photos const photos{call.request};
    Pair pair{.a = photos.require("a"), .b = {}, .person = photos.text("person")};
    if (pair.person && photos.find("b")) throw Error{Kind::usage, "send \"b\" or \"person\", not both"};
    if (pair.person) static_cast<void>(app::require_person(call.desk->store(), *pair.person));
    if (!pair.person) pair.b = photos.require("b");
    bool const is_palm = modality_of(photos) == store::Modality::palm;
    auto const threshold = is_palm ? call.desk->rules()->palm_verify : call.desk->rules()->verify;
    try {
        auto const comparison = is_palm ? compare_palms(call, pair, threshold) : compare_faces(call, pair, threshold);
        return json_reply(
            {{"same", comparison.same}, {"distance", rounded(comparison.distance)}, {"threshold", rounded(threshold)}});
    } catch (NothingToCompare const& nothing) {
        return nothing.reply;
    }
}

}  // namespace

void add_api_compare(Routes& routes) {
    using app::Scope;
    constexpr auto family = Family::api;
    routes.add({.family = family,
                .method = "POST",
                .pattern = "/api/v2/compare",
                .work = Work::inference,
                .scope = Scope::recognize,
                .max_body = k_api_photo_body,  // of both together
                .handle = compare,
                .doc = {.summary = "Do two photos, or a photo and a person, show the same face or palm?",
                        .body = Doc::Body{"multipart/form-data", k_compare_schema},
                        .answers = {{200, "the distance, and what it means", "application/json", k_comparison_schema},
                                    k_doc_unknown,
                                    doc_no_good()}}});
}

}  // namespace bioctl::http
