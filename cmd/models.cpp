#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include "cmd/audit_trail.hpp"
#include "cmd/ui/confirm.hpp"
#include "cmd/verbs.hpp"
#include "lib/app/model_install.hpp"
#include "lib/base/text.hpp"
#include "lib/store/templates.hpp"

namespace bioctl::cmd {

namespace {

ui::Value text_or_null(std::string const& text) {
    return text.empty() ? ui::Value{} : ui::Value{text};
}

ui::Fields fields_of(face::ModelInfo const& model) {
    return {{"id", model.id},
            {"kind", face::name_of(model.kind)},
            {"format", face::name_of(model.format)},
            {"active", model.active},
            {"builtin", model.builtin},
            {"bytes", std::int64_t(model.bytes)},
            {"sha256", model.sha256},
            {"licence", text_or_null(model.licence)},
            {"title", model.title},
            {"source", model.source}};
}

void tell(std::vector<face::ModelInfo> const& models, Context& cx) {
    cx.out.columns({"id", "kind", "active", "bytes", "licence", "title"});
    for (auto const& model : models)
        cx.out.record("model", fields_of(model));
}

/// The contract in use, "" if the active models are damaged: then every choice is an improvement.
std::string contract_id(face::ModelRegistry const& registry) {
    try {
        return registry.active().contract().id;
    } catch (Error const&) {
        return "";
    }
}

/// Says how many templates a change of models has left behind.
void tell_change(std::string const& before, face::ModelRegistry const& registry, Context& cx) {
    auto const contract = registry.active().contract().id;
    if (contract == before || !cx.has_store()) return;
    auto store = cx.open_store(store::Access::read_only);
    std::size_t others = 0;
    store.read([&] {
        for (auto const& count : store.templates().contracts(store::Modality::face)) {
            if (count.contract != contract) others += count.templates;
        }
    });
    if (others == 0) return;
    cx.talk.note(
        fmt::format("{} templates were made with other models and cannot be compared any more; `bioctl people reembed` makes "
                    "them anew, with --dry-run it shows what would change",
                    others));
}

struct ListOptions {
    bool available = false;
};

void add_list(CLI::App& verb, ListOptions& o) {
    verb.add_flag("--available", o.available, "List the models that `models install` knows instead");
}

void list_offers(Context& cx) {
    cx.out.columns({"name", "licence", "title", "url"});
    for (auto const& offer : app::offered_models()) {
        cx.out.record("available_model", {{"name", offer.name},
                                          {"title", offer.title},
                                          {"licence", offer.licence},
                                          {"url", offer.url},
                                          {"sha256", offer.sha256.empty() ? ui::Value{} : ui::Value{offer.sha256}}});
    }
}

int run_list(ListOptions const& o, Context& cx) {
    if (o.available) {
        list_offers(cx);
        return k_exit_yes;
    }
    auto const registry = cx.models();
    tell(registry.all(), cx);
    for (auto const& problem : registry.problems())
        cx.talk.warn(problem);
    return k_exit_yes;
}

struct VerifyOptions {
    std::vector<std::string> ids;
};

void add_verify(CLI::App& verb, VerifyOptions& o) {
    verb.add_option("id", o.ids, "Models to verify; all if none is given")->type_name("MODEL");
}

int run_verify(VerifyOptions const& o, Context& cx) {
    auto const registry = cx.models();
    std::vector<face::ModelInfo> models;
    for (auto const& id : o.ids)
        models.push_back(registry.find(id));
    int exit = k_exit_yes;
    if (o.ids.empty()) {
        models = registry.all();
        for (auto const& problem : registry.problems()) {
            cx.talk.warn(problem);
            exit = k_exit_no;
        }
    }
    cx.out.columns({"id", "whole", "file"});
    for (auto const& model : models) {
        if (stop_signal != 0) return 128 + stop_signal;
        auto const verdict = registry.verify(model);
        if (!verdict) {
            cx.talk.warn(verdict.error().message());
            exit = k_exit_no;
        }
        cx.out.record("verified", {{"id", model.id},
                                   {"whole", verdict.has_value()},
                                   {"file", model.file.string()},
                                   {"detail", verdict ? ui::Value{} : ui::Value{verdict.error().message()}}});
    }
    return exit;
}

/// Found before a download, not after it.
std::string check_digest(std::string const& text) {
    bool const is_digest = text.size() == 64 && text.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
    return is_digest ? "" : "must be 64 hex digits";
}

struct ImportOptions {
    face::ImportRequest request;
    bool use = false;
};

void add_import(CLI::App& verb, ImportOptions& o) {
    verb.add_option("file", o.request.file, "Model to import")->required()->type_name("FILE");
    verb.add_option("--id", o.request.id, "Name of the model; default: made from the file's name")->type_name("MODEL");
    verb.add_option("--sha256", o.request.expected_sha256, "Refuse the file unless it has this digest")
        ->type_name("HEX")
        ->check(check_digest);
    verb.add_option("--description", o.request.description, "JSON that describes an ONNX recogniser; default: FILE with .json")
        ->type_name("FILE");
    verb.add_flag("--use", o.use, "Make it the active model of its kind");
}

int run_import(ImportOptions const& o, Context& cx) {
    auto registry = cx.models();
    auto const before = contract_id(registry);
    auto const id = registry.import(o.request).id;
    if (o.use) registry.use(id);
    tell({registry.find(id)}, cx);
    tell_change(before, registry, cx);
    return k_exit_yes;
}

struct InstallOptions {
    app::InstallRequest request;
    bool use = false;
};

void add_install(CLI::App& verb, InstallOptions& o) {
    verb.add_option("name", o.request.name, "Model to fetch; `models list --available` shows them")
        ->required()
        ->type_name("NAME");
    verb.add_option("--sha256", o.request.sha256, "Digest to expect instead of the pinned one")
        ->type_name("HEX")
        ->check(check_digest);
    verb.add_option("--url", o.request.url, "Fetch from this mirror")->type_name("URL");
    verb.add_flag("--use", o.use, "Make it the active model of its kind");
}

/// The first of the variables that is set, as curl and wget read them.
std::string environment(Context const& cx, std::initializer_list<char const*> names) {
    for (auto const* const name : names) {
        auto const found = cx.layers.environment.find(name);
        if (found != cx.layers.environment.end() && !found->second.empty()) return found->second;
    }
    return "";
}

int run_install(InstallOptions const& o, Context& cx) {
    auto registry = cx.models();
    auto const before = contract_id(registry);
    auto request = o.request;
    request.downloads = cx.data_dir() / "models" / ".downloads";
    net::HttpOptions const http{.proxy = environment(cx, {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}),
                                .no_proxy = environment(cx, {"no_proxy", "NO_PROXY"})};
    std::optional<ui::Progress> bar;
    auto const on_progress = [&](std::uint64_t done, std::uint64_t total) {
        if (!bar && total > 0) bar.emplace(cx.talk, "bytes", total);
        if (bar) bar->advance(done);
        return stop_signal == 0;
    };
    std::string id;
    try {
        id = app::install_model(registry, request, http, on_progress).id;
    } catch (Error const&) {
        if (stop_signal != 0) return 128 + stop_signal;
        throw;
    }
    bar.reset();
    if (o.use) registry.use(id);
    tell({registry.find(id)}, cx);
    tell_change(before, registry, cx);
    return k_exit_yes;
}

struct UseOptions {
    std::string id;
};

void add_use(CLI::App& verb, UseOptions& o) {
    verb.add_option("id", o.id, "Model to make the active one of its kind")->required()->type_name("MODEL");
}

int run_use(UseOptions const& o, Context& cx) {
    auto registry = cx.models();
    auto const before = contract_id(registry);
    registry.use(o.id);
    tell({registry.find(o.id)}, cx);
    tell_change(before, registry, cx);
    return k_exit_yes;
}

struct RemoveOptions {
    std::string id;
    bool yes = false;
    bool dry_run = false;
};

void add_remove(CLI::App& verb, RemoveOptions& o) {
    verb.add_option("id", o.id, "Imported model to delete")->required()->type_name("MODEL");
    verb.add_flag("-y,--yes", o.yes, "Do not ask");
    verb.add_flag("-n,--dry-run", o.dry_run, "Delete nothing, say what would be deleted");
}

int run_remove(RemoveOptions const& o, Context& cx) {
    auto registry = cx.models();
    registry.require_removable(o.id);
    if (!o.yes && !o.dry_run && !ui::confirm(fmt::format("Delete the model {}?", printable(o.id)))) {
        cx.talk.note("nothing was removed");
        return k_exit_no;
    }
    if (!o.dry_run) registry.remove(o.id);
    if (!o.dry_run && cx.has_store()) {
        auto store = cx.open_store(store::Access::read_write);
        record_change(cx, store, "models.remove", o.id);
    }
    cx.out.columns({"id"});
    cx.out.record("removed_model", {{"id", o.id}, {"dry_run", o.dry_run}});
    return k_exit_yes;
}

}  // namespace

Verb models_verb() {
    return noun("models", "Choose the networks that find and recognise faces", Group::setup,
                {verb("list", "List the models", Group::setup, add_list, run_list),
                 verb("verify", "Compare the models with their digests", Group::setup, add_verify, run_verify),
                 verb("import", "Add a model from a file", Group::setup, add_import, run_import),
                 verb("install", "Download a model and add it", Group::setup, add_install, run_install),
                 verb("use", "Make a model the active one of its kind", Group::setup, add_use, run_use),
                 verb("remove", "Delete an imported model", Group::setup, add_remove, run_remove)});
}

}  // namespace bioctl::cmd
