// S5: the biometric register, with its Indonesian texts.

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "lib/app/enrol.hpp"
#include "lib/app/people_edit.hpp"
#include "lib/base/random.hpp"
#include "lib/base/text.hpp"
#include "lib/http/families.hpp"
#include "lib/http/multipart.hpp"
#include "lib/http/photo_reply.hpp"
#include "lib/http/problem.hpp"
#include "lib/http/site.hpp"

namespace bioctl::http {

namespace {

constexpr std::size_t k_file_limit = 16 * 1024 * 1024;
constexpr std::string_view k_form =
    R"({"type":"object","required":["file","type"],"properties":{"file":{"type":"string","format":"binary"},"type":{"type":"string","enum":["face","palm"]}}})";

Json success(std::string_view message) {
    return {{"success", true}, {"message", message}};
}

Reply fail(int status, std::string_view message, Json errors = {}) {
    Json json{{"success", false}, {"message", message}};
    if (!errors.is_null()) json["errors"] = std::move(errors);
    return json_reply(json, status);
}

using store::Modality;

/// None for a type that is none of ours.
std::optional<Modality> modality_of(std::string_view type) {
    auto const word = to_lower_ascii(type);
    if (word == name_of(Modality::face)) return Modality::face;
    if (word == name_of(Modality::palm)) return Modality::palm;
    return std::nullopt;
}

Reply wrong_type() {
    return fail(400, "Tipe biometrik tidak valid. Gunakan salah satu: face, palm");
}

/// "FACE-0A1B2C3D4E"
std::string new_id(Modality modality) {
    constexpr std::uint64_t k_40_bits = (std::uint64_t{1} << 40) - 1;
    return fmt::format("{}-{:010X}", modality == Modality::palm ? "PALM" : "FACE", random_number() & k_40_bits);
}

/// "2026-11-21T04:05:06": as Python's isoformat() of a time without a zone.
std::string iso(Timestamp time) {
    constexpr std::size_t k_seconds = 19;
    return to_rfc3339(time).substr(0, k_seconds);
}

/// Of somebody enrolled with both, for bioctl knows such people: the face.
Modality modality_of(store::Person const& person) {
    return person.templates > person.palms || person.palms == 0 ? Modality::face : Modality::palm;
}

Json record_of(store::Store& store, store::Person const& person, Modality modality) {
    std::string path;
    for (auto const& row : store.templates().of_person(person.id)) {
        if (path.empty() && row.modality == modality) path = row.crop;
    }
    return {{"id", person.id},
            {"biometric_type", name_of(modality)},
            {"image_path", path.empty() ? Json{} : Json(path)},
            {"created_at", iso(person.created_at)},
            {"updated_at", iso(person.updated_at)}};
}

bool has_accepted_extension(std::string_view file_name) {
    constexpr std::array<std::string_view, 5> k_accepted{"png", "jpg", "jpeg", "bmp", "tiff"};
    auto const dot = file_name.rfind('.');
    return dot != std::string_view::npos &&
           std::ranges::find(k_accepted, to_lower_ascii(file_name.substr(dot + 1))) != k_accepted.end();
}

/// The file of the form and its type, checked in the order of the old service.
struct Upload {
    std::optional<Reply> refusal{};
    Modality modality{};
    std::string_view photo{};
    std::string_view file_name{};
};
Upload upload_of(Form const& form) {
    Upload upload;
    auto const modality = modality_of(form.field("type").value_or(""));
    if (!modality) {
        upload.refusal = wrong_type();
        return upload;
    }
    upload.modality = *modality;
    auto const* file = form.find("file");
    if (!file || !file->file_name) {
        upload.refusal = fail(400, "File gambar tidak ditemukan dalam request");
    } else if (file->file_name->empty()) {
        upload.refusal = fail(400, "Nama file kosong");
    } else {
        upload.photo = file->content;
        upload.file_name = *file->file_name;
    }
    return upload;
}

Form form_of(Request const& request) {
    auto form = Form::parse(request.headers.get("content-type"), request.body);
    return form ? std::move(*form) : Form{};  // no form is one without fields, as Flask takes it
}

/// As the clients know it: of faces the distance, of palms a share of what agrees, the larger the better.
float score_of(Modality modality, float distance) {
    return modality == Modality::palm ? 1 - distance : distance;
}

Reply enrol_new(Call const& call, Modality modality, std::string_view photo) {
    auto rules = call.desk->rules()->enrol;
    rules.on_duplicate = app::OnDuplicate::reject;  // what this register is for
    rules.faces = app::FacePolicy::largest;
    if (modality == Modality::palm) rules = app::for_palms(rules);
    auto const id = new_id(modality);
    auto const report = call.desk->enrol(id, "", as_bytes(photo), rules);
    if (auto const* rejected = std::get_if<app::Rejected>(&report.outcome)) {
        if (rejected->reason == app::RejectReason::duplicate_person && rejected->resembles)
            return fail(409, fmt::format("Data biometrik sudah terdaftar dengan ID {}", *rejected->resembles),
                        {{"existing_id", *rejected->resembles},
                         {"score", rounded(score_of(modality, rejected->resembles_distance.value_or(0)))}});
        if (modality == Modality::face)
            return fail(400, "Gagal mengekstrak fitur dari gambar. Pastikan gambar berisi wajah yang jelas.");
        return fail(400, "Gagal mengekstrak fitur dari gambar. Pastikan gambar berisi pola vena telapak tangan yang jelas.",
                    {{"reason", app::name_of(rejected->reason)}});
    }
    app::record_after(call.desk->store(), call.desk->clock(), actor_of(call), "people.enrol", app::subject_of_person(id));
    auto json = success("Data biometrik berhasil didaftarkan");
    json["data"] = record_of(call.desk->store(), app::require_person(call.desk->store(), id), modality);
    return json_reply(json, 201);
}

Reply enrol_checked(Call const& call) {
    auto const form = form_of(call.request);
    auto upload = upload_of(form);
    if (upload.refusal) return std::move(*upload.refusal);
    if (!has_accepted_extension(upload.file_name))
        return fail(400, "File tidak valid. Gunakan format: PNG, JPG, JPEG, BMP, atau TIFF");
    return enrol_new(call, upload.modality, upload.photo);
}

app::RecognizedPhoto look_at(Call const& call, Upload const& upload) {
    auto const rules = call.desk->rules();
    app::RecognizeOptions options;
    options.rule = rules->identify;
    options.palm_rule = rules->palm_identify;
    auto const sought = upload.modality == Modality::palm ? app::Sought::palm : app::Sought::face;
    return call.desk->recognize(as_bytes(upload.photo), options, sought);
}

std::optional<app::RecognizedPerson> person_on(app::RecognizedPhoto const& photo) {
    if (photo.palm) return photo.palm->person;
    return photo.faces.empty() ? std::nullopt : photo.faces.front().person;
}

Reply compare(Call const& call) {
    auto const form = form_of(call.request);
    auto upload = upload_of(form);
    if (upload.refusal) return std::move(*upload.refusal);
    auto const photo = look_at(call, upload);
    if (photo.failure) return fail(400, "File tidak valid atau format gambar tidak didukung.");
    auto const identified = person_on(photo);
    if (!identified) return fail(404, "Data tidak ditemukan");
    auto const& found = *identified;
    auto const person = call.desk->store().people().get(found.person_id);
    if (!person) return fail(404, "Data tidak ditemukan");  // removed this very moment
    auto json = success("Data biometrik ditemukan");
    json["data"] = {{"id", person->id},
                    {"biometric_type", name_of(upload.modality)},
                    {"match_score", rounded(score_of(upload.modality, found.distance))},
                    {"created_at", iso(person->created_at)}};
    return json_reply(json);
}

std::size_t page_number(Target const& target, std::string_view name, std::size_t otherwise, std::size_t most) {
    auto const text = target.parameter(name);
    std::size_t number = 0;
    if (!text) return otherwise;
    auto const [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (error != std::errc{} || end != text->data() + text->size() || number == 0) return otherwise;
    return std::min(number, most);
}

Reply list(Call const& call) {
    constexpr std::size_t k_default = 10, k_most_a_page = 1000, k_last_page = 1'000'000'000;
    auto const& target = call.request.target;
    store::PersonFilter filter;
    if (auto const type = target.parameter("type"); type && !type->empty()) {
        filter.modality = modality_of(*type);
        if (!filter.modality) return wrong_type();
    }
    auto const page = page_number(target, "page", 1, k_last_page);
    auto const per_page = page_number(target, target.parameter("limit") ? "limit" : "per_page", k_default, k_most_a_page);
    auto& store = call.desk->store();
    auto data = Json::array();
    std::size_t total = 0;
    store.read([&] {
        auto people = store.people().list(filter);
        std::erase_if(people, [](store::Person const& person) { return person.templates == 0; });
        std::ranges::stable_sort(people, std::ranges::greater{}, &store::Person::created_at);
        total = people.size();
        auto const first = std::min((page - 1) * per_page, total);
        for (auto i = first; i < std::min(first + per_page, total); ++i)
            data.push_back(record_of(store, people[i], filter.modality.value_or(modality_of(people[i]))));
    });
    auto const pages = (total + per_page - 1) / per_page;
    auto json = success(fmt::format("Menampilkan data halaman {} dari {}", page, pages));
    json["data"] = std::move(data);
    json["meta"] = {{"current_page", page}, {"items_per_page", per_page}, {"total_pages", pages},
                    {"total_items", total}, {"has_next", page < pages},   {"has_prev", page > 1}};
    return json_reply(json);
}

Reply not_found(std::string_view id) {
    return fail(404, fmt::format("Data biometrik dengan ID {} tidak ditemukan", id));
}

Reply show(Call const& call) {
    auto const& id = call.parameter("id");
    auto const person = call.desk->store().people().get(id);
    if (!person) return not_found(id);
    auto json = success("Data biometrik ditemukan");
    json["data"] = record_of(call.desk->store(), *person, modality_of(*person));
    return json_reply(json);
}

Reply remove(Call const& call) {
    auto const& id = call.parameter("id");
    auto& store = call.desk->store();
    if (!store.people().get(id)) return not_found(id);
    std::vector<std::string> const ids{id};
    auto const report = app::remove_people(store, call.desk->media_dir(), ids, app::Mode::write, [&](app::RemovalReport const&) {
        app::record(store, call.desk->clock(), actor_of(call), "people.remove", app::subject_of_person(id));
    });
    if (report.removed.empty()) return not_found(id);
    return json_reply(success(fmt::format("Data biometrik dengan ID {} berhasil dihapus", id)));
}

Reply to_the_list(Call const& call) {
    Reply reply;
    reply.status = 308;
    auto const query = call.request.text.find('?');
    reply.headers.add(
        "Location", fmt::format("{}/{}", call.request.path(), query == std::string::npos ? "" : call.request.text.substr(query)));
    return reply;
}

Reply voice(Trouble const& trouble) {
    switch (trouble.refusal) {
        case Refusal::no_credential: return fail(401, "Unauthorized: Missing x-api-key header");
        case Refusal::wrong_credential: return fail(401, "Unauthorized: Invalid x-api-key");
        case Refusal::too_large: return fail(413, "Ukuran file terlalu besar. Maksimal 16MB.");
        default: return fail(status_of(trouble.refusal), trouble.detail);
    }
}

}  // namespace

void add_biometric(Routes& routes) {
    using app::Scope;
    constexpr auto family = Family::biometric;
    routes.set_voice(family, voice);
    Doc::Answer const invalid{400, "the form, the type or the photo is not valid"};
    Doc::Answer const unauthorized{401, "the header x-api-key is missing or wrong"};
    Doc::Answer const unknown{404, "there is no such record"};
    Doc::Answer const too_large{413, "more than 16 MB"};
    auto const form = Doc::Body{"multipart/form-data", k_form};
    routes.add({.family = family,
                .method = "POST",
                .pattern = "/api/v1/biometric/register",
                .work = Work::inference,
                .scope = Scope::enrol,
                .is_change = true,
                .max_body = k_file_limit,
                .handle = enrol_checked,
                .doc = {.summary = "Register a face or a palm",
                        .body = form,
                        .answers = {{201, "registered"}, invalid, unauthorized, {409, "known already"}, too_large}}});
    routes.add({.family = family,
                .method = "POST",
                .pattern = "/api/v1/biometric/compare",
                .work = Work::inference,
                .scope = Scope::recognize,
                .max_body = k_file_limit,
                .handle = compare,
                .doc = {.summary = "Whose face or palm is this?",
                        .body = form,
                        .answers = {{200, "found"}, invalid, unauthorized, unknown, too_large}}});
    routes.add({.family = family,
                .method = "GET",
                .pattern = "/api/v1/biometric/",
                .scope = Scope::read,
                .handle = list,
                .doc = {.summary = "All records, newest first",
                        .parameters = {{"type", "query", R"({"type":"string","enum":["face","palm"]})", ""},
                                       {"page", "query", R"({"type":"integer","minimum":1})", ""},
                                       {"limit", "query", R"({"type":"integer","minimum":1})", "records on a page"},
                                       {"per_page", "query", R"({"type":"integer","minimum":1})", "the same"}},
                        .answers = {{200, "a page of records"}, invalid, unauthorized}}});
    routes.add({.family = family,
                .method = "GET",
                .pattern = "/api/v1/biometric",
                .work = Work::at_once,
                .handle = to_the_list,
                .doc = {.summary = "Leads to the list", .answers = {{308, "with a slash at the end"}}}});
    routes.add({.family = family,
                .method = "GET",
                .pattern = "/api/v1/biometric/{id}",
                .scope = Scope::read,
                .handle = show,
                .doc = {.summary = "One record", .answers = {{200, "the record"}, unauthorized, unknown}}});
    routes.add({.family = family,
                .method = "DELETE",
                .pattern = "/api/v1/biometric/{id}",
                .scope = Scope::people,
                .is_change = true,
                .handle = remove,
                .doc = {.summary = "Delete a record with its template and picture",
                        .answers = {{200, "deleted"}, unauthorized, unknown}}});
}

}  // namespace bioctl::http
