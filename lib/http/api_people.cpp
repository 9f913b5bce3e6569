// Who is enrolled.

#include <algorithm>

#include <fmt/format.h>

#include "lib/app/compare.hpp"
#include "lib/app/enrol.hpp"
#include "lib/app/people_edit.hpp"
#include "lib/app/people_media.hpp"
#include "lib/base/text.hpp"
#include "lib/http/api.hpp"
#include "lib/http/families.hpp"
#include "lib/http/photo_reply.hpp"

namespace bioctl::http {

namespace {

constexpr std::string_view k_person_schema = R"({"$ref":"#/components/schemas/Person"})";
constexpr std::string_view k_rename_schema =
    R"({"type":"object","additionalProperties":false,"properties":{"name":{"type":"string","description":"\"\" takes it away"},"id":{"type":"string"}}})";
constexpr std::string_view k_merge_schema =
    R"({"type":"object","required":["into"],"additionalProperties":false,"properties":{"into":{"type":"string","description":"id of the person to keep"}}})";
constexpr std::string_view k_merged_schema =
    R"({"type":"object","properties":{"person":{"$ref":"#/components/schemas/Person"},"templates":{"type":"integer"},"distance":{"type":["number","null"]},"alike":{"type":"boolean"}}})";

Json json_of(store::Person const& person) {
    return {{"id", person.id},
            {"name", text_json(person.name)},
            {"templates", person.templates},
            {"palms", person.palms},
            {"created_at", time_json(person.created_at)},
            {"updated_at", time_json(person.updated_at)}};
}

Json json_of(Call const& call, store::Template const& row) {
    return {{"id", row.id},
            {"person_id", row.person_id},
            {"modality", name_of(row.modality)},
            {"contract", row.contract},
            {"is_current", row.contract == app::contract_of(call.desk->workspace(), row.modality)},
            {"quality", rounded(row.quality)},
            {"source", text_json(to_valid_utf8(row.source))},
            {"has_photo", !row.crop.empty()},
            {"box", row.photo ? box_object({row.box_top, row.box_right, row.box_bottom, row.box_left}) : Json{}},
            {"created_at", time_json(row.created_at)}};
}

Reply list(Call const& call) {
    Filters filters{call};
    store::PersonFilter filter{.search = filters.text("search").value_or("")};
    if (auto const modality = filters.one_of("modality", {"face", "palm"}))
        filter.modality = *modality == "palm" ? store::Modality::palm : store::Modality::face;
    auto const wish = filters.page();
    filters.finish();
    return page_reply(call, app::page_of_people(call.desk->store(), filter, wish),
                      [](store::Person const& person) { return json_of(person); });
}

Reply show(Call const& call) {
    return json_reply(json_of(app::require_person(call.desk->store(), call.parameter("id"))));
}

Reply change(Call const& call) {
    auto const& id = call.parameter("id");
    Fields fields{call};
    app::Renaming const renaming{.name = fields.text("name"), .id = fields.text("id")};
    fields.finish();
    if (!renaming.name && !renaming.id) throw Error{Kind::usage, "say what to change: \"name\" or \"id\""};
    auto& store = call.desk->store();
    if (renaming.id && *renaming.id != id && store.people().get(*renaming.id))
        return refuse({Refusal::conflict, fmt::format("the id '{}' is somebody else's", printable(*renaming.id))});
    auto const before = app::require_person(store, id);
    bool const is_same = renaming.name.value_or(before.name) == before.name && renaming.id.value_or(before.id) == before.id;
    if (is_same) return json_reply(json_of(before));
    store::Together change_and_row{store};
    auto const person = app::rename_person(store, call.desk->clock(), id, renaming, app::Mode::write);
    note(call, "people.rename", app::subject_of_person(id), {{"now", app::subject_of_person(person.id)}});
    change_and_row.commit();
    return json_reply(json_of(app::require_person(store, person.id)));
}

Reply remove(Call const& call) {
    std::vector<std::string> const ids{call.parameter("id")};
    auto& store = call.desk->store();
    static_cast<void>(app::require_person(store, ids.front()));
    app::remove_people(store, call.desk->media_dir(), ids, app::Mode::write, [&](app::RemovalReport const&) {
        app::record(store, call.desk->clock(), actor_of(call), "people.remove", app::subject_of_person(ids.front()));
    });
    return no_content();
}

Reply merge(Call const& call) {
    auto const& from = call.parameter("id");
    Fields fields{call};
    auto const into = fields.required_text("into");
    fields.finish();
    auto& store = call.desk->store();
    store::Together change_and_row{store};
    auto const merger = app::merge_people(call.desk->workspace(), from, into,
                                          {call.desk->rules()->verify, call.desk->rules()->palm_verify}, app::Mode::write);
    note(call, "people.merge", app::subject_of_person(from), {{"into", app::subject_of_person(into)}});
    change_and_row.commit();
    return json_reply({{"person", json_of(app::require_person(store, into))},
                       {"templates", merger.templates},
                       {"distance", merger.distance ? Json(rounded(*merger.distance)) : Json{}},
                       {"alike", merger.alike}});
}

Reply photo(Call const& call) {
    auto& store = call.desk->store();
    static_cast<void>(app::require_person(store, call.parameter("id")));
    auto const templates = store.templates().of_person(call.parameter("id"));
    // A hand only of people whose face nobody has.
    std::string crop;
    for (auto const& row : templates) {
        bool const is_better = crop.empty() || (row.modality == store::Modality::face && crop.starts_with("palms/"));
        if (!row.crop.empty() && is_better) crop = row.crop;
    }
    return picture_reply(call, crop);
}

Reply templates(Call const& call) {
    Filters filters{call};
    auto const wish = filters.page();
    filters.finish();
    auto& store = call.desk->store();
    static_cast<void>(app::require_person(store, call.parameter("id")));
    auto const page = app::page_by_id(store.templates().of_person(call.parameter("id")), "templates", wish,
                                      [](auto const& row) { return row.id; });
    return page_reply(call, page, [&](store::Template const& row) { return json_of(call, row); });
}

/// Of this person, or Error{no_input}.
store::Template require_template(Call const& call) {
    auto const id = id_in_path(call, "template");
    auto found = call.desk->store().templates().get(id);
    if (found && found->person_id == call.parameter("id")) return std::move(*found);
    throw Error{Kind::no_input, fmt::format("'{}' has no template {}", printable(call.parameter("id")), id)};
}

Reply template_photo(Call const& call) {
    return picture_reply(call, require_template(call).crop);
}

Reply remove_template(Call const& call) {
    auto& store = call.desk->store();
    store::Template removed;
    store.write([&] {
        removed = require_template(call);
        store.templates().remove(removed.id);
        app::record(store, call.desk->clock(), actor_of(call), "people.remove_template",
                    app::subject_of_person(removed.person_id), {{"template", std::to_string(removed.id)}});
    });
    if (!removed.crop.empty()) {
        std::vector<std::string> const crops{removed.crop};
        app::remove_unused_crops(store, call.desk->media_dir(), crops);
    }
    app::clear_write_log(store);
    return no_content();
}

void add_templates(Routes& routes) {
    using app::Scope;
    constexpr auto family = Family::api;
    routes.add({.family = family,
                .method = "GET",
                .pattern = "/api/v2/people/{id}/templates",
                .scope = Scope::people,
                .handle = templates,
                .doc = {.summary = "The templates of a person, without their vectors",
                        .parameters = {k_doc_limit, k_doc_cursor},
                        .answers = {{200, "a page", "application/json", R"({"$ref":"#/components/schemas/TemplatePage"})"},
                                    k_doc_unknown}}});
    routes.add(
        {.family = family,
         .method = "GET",
         .pattern = "/api/v2/people/{id}/templates/{template}/photo",
         .scope = Scope::people,
         .handle = template_photo,
         .doc = {.summary = "The portrait that a template was made from",
                 .answers = {{200, "the picture", "image/jpeg", R"({"type":"string","format":"binary"})"}, k_doc_unknown}}});
    routes.add({.family = family,
                .method = "DELETE",
                .pattern = "/api/v2/people/{id}/templates/{template}",
                .scope = Scope::people,
                .is_change = true,
                .handle = remove_template,
                .doc = {.summary = "Remove one template with its portrait", .answers = {k_doc_done, k_doc_unknown}}});
}

}  // namespace

void add_api_people(Routes& routes) {
    using app::Scope;
    constexpr auto family = Family::api;
    routes.add(
        {.family = family,
         .method = "GET",
         .pattern = "/api/v2/people",
         .scope = Scope::read,
         .handle = list,
         .doc = {.summary = "Everybody who is enrolled, by id",
                 .parameters = {{"search", "query", R"({"type":"string"})", "part of the id or the name"},
                                {"modality", "query", R"({"type":"string","enum":["face","palm"]})", "who has a template of it"},
                                k_doc_limit,
                                k_doc_cursor},
                 .answers = {{200, "a page", "application/json", R"({"$ref":"#/components/schemas/PersonPage"})"}}}});
    routes.add(
        {.family = family,
         .method = "GET",
         .pattern = "/api/v2/people/{id}",
         .scope = Scope::read,
         .handle = show,
         .doc = {.summary = "One person", .answers = {{200, "the person", "application/json", k_person_schema}, k_doc_unknown}}});
    routes.add({.family = family,
                .method = "PATCH",
                .pattern = "/api/v2/people/{id}",
                .scope = Scope::people,
                .is_change = true,
                .handle = change,
                .doc = {.summary = "Give a person another name or id",
                        .body = Doc::Body{"application/json", k_rename_schema},
                        .answers = {{200, "as it is now", "application/json", k_person_schema}, k_doc_unknown, k_doc_conflict}}});
    routes.add({.family = family,
                .method = "DELETE",
                .pattern = "/api/v2/people/{id}",
                .scope = Scope::people,
                .is_change = true,
                .handle = remove,
                .doc = {.summary = "Remove a person with all templates and portraits, for good",
                        .answers = {k_doc_done, k_doc_unknown}}});
    routes.add({.family = family,
                .method = "POST",
                .pattern = "/api/v2/people/{id}/merge",
                .scope = Scope::people,
                .is_change = true,
                .handle = merge,
                .doc = {.summary = "Move the templates to another person, and give this one up",
                        .body = Doc::Body{"application/json", k_merge_schema},
                        .answers = {{200, "the other person, and how alike the two were", "application/json", k_merged_schema},
                                    k_doc_unknown}}});
    routes.add(
        {.family = family,
         .method = "GET",
         .pattern = "/api/v2/people/{id}/photo",
         .scope = Scope::people,
         .handle = photo,
         .doc = {.summary = "A portrait of the person",
                 .answers = {{200, "the picture", "image/jpeg", R"({"type":"string","format":"binary"})"}, k_doc_unknown}}});
    add_templates(routes);
}

}  // namespace bioctl::http
