#include "lib/app/compare.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "cmd/face_options.hpp"
#include "cmd/setting_flag.hpp"
#include "cmd/verbs.hpp"
#include "lib/app/thresholds.hpp"

namespace bioctl::cmd {

namespace {

struct CompareOptions {
    std::string a, b, id;
};

void add_compare(CLI::App& verb, CompareOptions& o) {
    verb.add_option("image", o.a, "Photo; - reads it from standard input")->required()->type_name("IMAGE");
    auto* other = verb.add_option("other", o.b, "Photo to compare with")->type_name("IMAGE");
    verb.add_option("--id", o.id, "Compare with this enrolled person instead")->type_name("ID")->excludes(other);
    add_setting(verb, "-t,--threshold", "threshold");
    add_setting(verb, "--metric", "metric");
    add_limits(verb);
}

std::optional<app::Probe> look(face::Engine& engine, std::string const& argument, app::Workspace const& workspace, Context& cx) {
    auto const source = photo_source(argument, cx);
    auto probe = app::probe_of(engine, source, workspace.limits);
    if (!probe) {
        tell(cx, "no_face", {{"image", image_value(source.path)}});
        cx.talk.warn(fmt::format("{}: no face found", name_of(source)));
    } else if (probe->faces > 1) {
        cx.talk.note(fmt::format("{}: {} faces, the largest is compared", name_of(source), probe->faces));
    }
    return probe;
}

int run_compare(CompareOptions const& o, Context& cx) {
    if (o.b.empty() == o.id.empty()) throw Error{Kind::usage, "compare: name two photos, or one photo and --id"};
    if (o.a == "-" && o.b == "-") throw Error{Kind::usage, "compare: '-' can be given once"};
    using Opening = FaceWorkspace::Opening;
    FaceWorkspace const workspace{cx, o.id.empty() ? Opening::rehearsal : Opening::existing};
    auto const threshold = app::verify_threshold(workspace.contract(), cx.settings.threshold());
    cx.out.columns({"result", "a", "b", "image", "distance", "threshold", "same"});
    face::Engine engine{workspace.get().models};
    auto const a = look(engine, o.a, workspace.get(), cx);
    auto const b = o.id.empty() ? look(engine, o.b, workspace.get(), cx) : std::nullopt;
    if (!a || (o.id.empty() && !b)) return k_exit_no;
    auto const comparison = b ? app::compare(workspace.get(), a->vector, b->vector, threshold)
                              : app::compare_with_person(workspace.get(), a->vector, o.id, threshold);
    tell(cx, "comparison",
         {{"a", image_value(o.a)},
          {"b", o.id.empty() ? image_value(o.b) : ui::Value{o.id}},
          {"distance", distance_value(comparison.distance)},
          {"threshold", distance_value(threshold)},
          {"same", comparison.same}});
    return comparison.same ? k_exit_yes : k_exit_no;
}

}  // namespace

Verb compare_verb() {
    return verb("compare", "Say whether two photos show the same person", Group::face, add_compare, run_compare);
}

}  // namespace bioctl::cmd
