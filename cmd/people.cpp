#include <CLI/CLI.hpp>

#include "cmd/people_verbs.hpp"
#include "cmd/verbs.hpp"
#include "lib/app/people_edit.hpp"
#include "lib/palm/template.hpp"
#include "lib/store/templates.hpp"

namespace bioctl::cmd {

namespace {

struct ListOptions {
    std::string modality;
};

struct ShowOptions {
    std::string id;
};

ui::Fields fields_of(store::Person const& person) {
    return {{"person_id", person.id},
            {"name", person.name},
            {"templates", person.templates},
            {"palms", person.palms},
            {"created_at", to_rfc3339(person.created_at)},
            {"updated_at", to_rfc3339(person.updated_at)}};
}

ui::Value text_or_null(std::string const& text) {
    return text.empty() ? ui::Value{} : ui::Value{text};
}

ui::Value box_of(store::Template const& t) {
    if (!t.photo) return {};
    return ui::Fields{{"top", t.box_top}, {"right", t.box_right}, {"bottom", t.box_bottom}, {"left", t.box_left}};
}

/// `current`: none if the active contract cannot be told.
ui::Fields fields_of(store::Template const& t, std::optional<bool> current) {
    bool const is_palm = t.modality == store::Modality::palm;
    return {{"template_id", std::int64_t{t.id}},
            {"person_id", t.person_id},
            {"modality", name_of(t.modality)},
            {"contract", t.contract},
            {"current", current},
            {"quality", quality_value(t.quality)},
            {"source", text_or_null(t.source)},
            {"crop", text_or_null(t.crop)},
            {"precision", is_palm ? ui::Value{} : ui::Value{t.double_precision ? "float64" : "float32"}},
            {"face_index", t.face_index},
            {"box", box_of(t)},
            {"rotation", t.rotation},
            {"created_at", to_rfc3339(t.created_at)}};
}

void add_list(CLI::App& verb, ListOptions& o) {
    verb.add_option("--modality", o.modality, "Only people with a template of it")
        ->check(CLI::IsMember({"face", "palm"}))
        ->type_name("face|palm");
}

int run_list(ListOptions const& o, Context& cx) {
    store::PersonFilter filter;
    if (!o.modality.empty()) filter.modality = modality_from(o.modality);
    cx.out.columns({"person_id", "name", "templates", "created_at", "updated_at", "palms"});
    if (cx.has_store()) {
        auto store = cx.open_store(store::Access::read_only);
        for (auto const& person : store.people().list(filter))
            cx.out.record("person", fields_of(person));
    }
    if (cx.out.records() == 0 && o.modality.empty())
        cx.talk.note("nobody is enrolled yet; `bioctl enroll` or `bioctl bulk-enroll` adds people");
    return k_exit_yes;
}

void add_show(CLI::App& verb, ShowOptions& o) {
    verb.add_option("id", o.id, "Person to show")->required()->type_name("ID");
}

/// Shown without models too: only the field `current` needs them.
std::optional<std::string> active_contract(Context& cx) {
    try {
        return cx.models().active().contract().id;
    } catch (Error const& error) {
        cx.talk.warn(error.message());
        return std::nullopt;
    }
}

std::optional<bool> is_current(store::Template const& t, std::optional<std::string> const& active) {
    if (t.modality == store::Modality::palm) return t.contract == palm::k_pipeline;
    return active ? std::optional{t.contract == *active} : std::nullopt;
}

int run_show(ShowOptions const& o, Context& cx) {
    auto store = cx.open_store(store::Access::read_only);
    auto const active = active_contract(cx);
    store.read([&] {
        cx.out.columns({"person_id", "name", "templates", "created_at", "updated_at", "palms"});
        cx.out.record("person", fields_of(app::require_person(store, o.id)));
        cx.out.columns({"template_id", "contract", "current", "quality", "source", "crop", "box", "created_at", "modality"});
        for (auto const& t : store.templates().of_person(o.id)) {
            cx.out.record("template", fields_of(t, is_current(t, active)));
        }
    });
    return k_exit_yes;
}

}  // namespace

store::Access access_to_change(Context const& cx) {
    return cx.has_store() ? store::Access::read_write : store::Access::read_only;
}

FaceWorkspace::Opening opening_to_change(Context const& cx) {
    return cx.has_store() ? FaceWorkspace::Opening::create : FaceWorkspace::Opening::existing;
}

bool is_stopped() {
    return stop_signal.load() != 0;
}

Verb people_verb() {
    return noun("people", "Look at and change who is enrolled", Group::people,
                {verb("list", "List everybody", Group::people, add_list, run_list),
                 verb("show", "Show one person with all templates", Group::people, add_show, run_show), people_rename_verb(),
                 people_remove_verb(), people_forget_verb(), people_data_verb(), people_merge_verb(), people_import_verb(),
                 people_export_verb(), people_reembed_verb(), people_dedupe_verb(), people_cluster_verb()});
}

}  // namespace bioctl::cmd
