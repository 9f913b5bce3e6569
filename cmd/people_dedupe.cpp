#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "cmd/people_verbs.hpp"
#include "cmd/setting_flag.hpp"
#include "lib/app/contact_sheet.hpp"
#include "lib/app/enrol.hpp"
#include "lib/app/moment.hpp"
#include "lib/app/people_alike.hpp"
#include "lib/app/thresholds.hpp"
#include "lib/base/file.hpp"
#include "lib/base/text.hpp"
#include "lib/palm/engine.hpp"

namespace bioctl::cmd {

namespace {

struct DedupeOptions {
    std::string modality = "face";
    std::optional<float> threshold;
    std::optional<std::string> html;
};

void add_dedupe(CLI::App& verb, DedupeOptions& o) {
    add_modality(verb, o.modality);
    verb.add_option("-t,--threshold", o.threshold, "Largest distance of two people who may be one; unset: that of enroll's check")
        ->check(CLI::Range(0.0, 4.0))
        ->type_name("DISTANCE");
    verb.add_option("--html", o.html, "Write a contact sheet to this file, over what is there")->type_name("FILE");
    add_setting(verb, "--metric", "metric");
    add_setting(verb, "-j,--jobs", "jobs");
}

float dedupe_threshold(DedupeOptions const& o, store::Modality modality, face::Contract const& contract) {
    if (o.threshold) return *o.threshold;
    if (modality == store::Modality::palm) return palm::k_duplicate_threshold;
    if (auto const threshold = app::duplicate_threshold(contract, std::nullopt)) return *threshold;
    throw Error{Kind::config, "no threshold is known for the models in use; set one with --threshold"};
}

std::vector<app::SheetGroup> sheet_of(std::vector<std::vector<app::Alike>> const& groups) {
    std::vector<app::SheetGroup> sheet;
    for (auto const& group : groups) {
        app::SheetGroup page{fmt::format("{} people", group.size()), {}};
        for (auto const& alike : group) {
            page.faces.push_back({alike.crop,
                                  alike.name.empty() ? alike.person_id : fmt::format("{} ({})", alike.name, alike.person_id),
                                  fmt::format("{:.3f} to {}", alike.distance, alike.nearest)});
        }
        sheet.push_back(std::move(page));
    }
    return sheet;
}

int run_dedupe(DedupeOptions const& o, Context& cx) {
    auto const modality = modality_from(o.modality);
    FaceWorkspace const workspace{cx, FaceWorkspace::Opening::existing, modality};
    app::check_contracts(workspace.get(), modality);
    auto& store = workspace.get().store;
    auto const threshold = dedupe_threshold(o, modality, workspace.contract());
    app::EnrolledSamples const enrolled{store, modality, workspace.contract(), workspace.get().metric};
    auto const groups = app::find_alike(store, enrolled, modality, threshold, jobs_of(cx));
    cx.out.columns({"group", "person_id", "name", "templates", "nearest", "distance"});
    std::size_t people = 0;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        for (auto const& alike : groups[i]) {
            ++people;
            cx.out.record("alike", {{"group", i + 1},
                                    {"person_id", alike.person_id},
                                    {"name", alike.name},
                                    {"templates", alike.templates},
                                    {"nearest", alike.nearest},
                                    {"distance", distance_value(alike.distance)}});
        }
    }
    if (o.html) {
        write_file(*o.html,
                   as_bytes(app::contact_sheet("People who look the same",
                                               fmt::format("Pairs within the distance {:.3f}. Twins look the same too: nothing "
                                                           "was changed.",
                                                           threshold),
                                               sheet_of(groups), cx.media_dir(), limits_of(cx))),
                   Durability::fast, 0600);
    }
    cx.out.flush();
    if (groups.empty()) {
        cx.talk.note(fmt::format("nobody looks like somebody else within {:.3f}", threshold));
        return k_exit_yes;
    }
    cx.talk.note(fmt::format("{} in {}; look at them, then `bioctl people merge`", counted(people, "person", "people"),
                             counted(groups.size(), "group", "groups")));
    return k_exit_no;
}

struct ClusterOptions {
    std::optional<std::string> since, until, html;
    std::vector<std::string> devices;
    std::optional<float> threshold;
    std::size_t min_size = 1;
};

void add_cluster(CLI::App& verb, ClusterOptions& o) {
    verb.add_option("--since", o.since, "Only events from then on: 2026-11-01, 7d")->type_name("TIME");
    verb.add_option("--until", o.until, "Only events before then")->type_name("TIME");
    verb.add_option("--device", o.devices, "Only events of this terminal or camera; may be given several times")
        ->type_name("NAME")
        ->allow_extra_args(false);
    verb.add_option("-t,--threshold", o.threshold,
                    "Largest distance of two pictures that may show one person; unset: as for recognize")
        ->check(CLI::Range(0.0, 4.0))
        ->type_name("DISTANCE");
    verb.add_option("--min-size", o.min_size, "Only strangers with so many pictures")->type_name("N")->capture_default_str();
    verb.add_option("--html", o.html, "Write a contact sheet to this file, over what is there")->type_name("FILE");
    add_setting(verb, "--metric", "metric");
    add_setting(verb, "-j,--jobs", "jobs");
    add_limits(verb);
}

app::ClusterPlan plan_of(ClusterOptions const& o, face::Contract const& contract, Context const& cx, app::Zone const& zone) {
    app::ClusterPlan plan;
    auto const now = cx.clock.now();
    plan.filter.devices = o.devices;
    if (o.since) plan.filter.since = zone.parse(*o.since, now).or_throw();
    if (o.until) plan.filter.until = zone.parse(*o.until, now).or_throw();
    plan.threshold = o.threshold ? *o.threshold : app::identify_threshold(contract, cx.settings.threshold());
    plan.should_stop = [] { return stop_signal.load() != 0; };
    return plan;
}

void tell_cluster(std::size_t number, std::vector<app::UnknownFace> const& cluster, Context& cx) {
    for (auto const& face : cluster) {
        cx.out.record("unknown", {{"cluster", number},
                                  {"size", cluster.size()},
                                  {"event", face.event},
                                  {"time", to_rfc3339(face.time)},
                                  {"device", face.device},
                                  {"picture", face.picture},
                                  {"quality", quality_value(face.quality)},
                                  {"nearest", face.nearest},
                                  {"distance", distance_value(face.distance)}});
    }
}

void write_clusters(std::string const& file, std::vector<std::vector<app::UnknownFace>> const& clusters, app::Zone const& zone,
                    Context& cx) {
    std::vector<app::SheetGroup> sheet;
    for (std::size_t i = 0; i < clusters.size(); ++i) {
        app::SheetGroup group{fmt::format("Stranger {}: {}", i + 1, counted(clusters[i].size(), "picture", "pictures")), {}};
        for (auto const& face : clusters[i]) {
            group.faces.push_back({face.picture, fmt::format("{} at {}", zone.show(face.time), face.device),
                                   face.nearest ? fmt::format("{:.3f} to {}", *face.distance, *face.nearest) : ""});
        }
        sheet.push_back(std::move(group));
    }
    write_file(file,
               as_bytes(app::contact_sheet("Strangers", "Each row is one person, as far as pictures tell. Nobody was enrolled.",
                                           sheet, cx.media_dir(), limits_of(cx))),
               Durability::fast, 0600);
}

int run_cluster(ClusterOptions const& o, Context& cx) {
    FaceWorkspace const workspace{cx, FaceWorkspace::Opening::existing};
    app::Zone const zone{cx.settings.timezone()};
    auto plan = plan_of(o, workspace.contract(), cx, zone);
    app::UnknownFaces unknown;
    {
        ui::Progress progress{cx.talk, "looking at pictures", 0};
        plan.on_progress = [&](std::size_t done) { progress.advance(done); };
        unknown = app::cluster_unknown(workspace.get(), plan);
    }
    if (stop_signal.load() != 0) return exit_after_signal();
    std::erase_if(unknown.clusters, [&](auto const& cluster) { return cluster.size() < o.min_size; });
    cx.out.columns({"cluster", "size", "event", "time", "device", "nearest", "distance"});
    for (std::size_t i = 0; i < unknown.clusters.size(); ++i)
        tell_cluster(i + 1, unknown.clusters[i], cx);
    if (o.html) write_clusters(*o.html, unknown.clusters, zone, cx);
    cx.out.flush();
    cx.talk.note(fmt::format("{} of {}; {} without a face, {} unreadable",
                             counted(unknown.clusters.size(), "stranger", "strangers"),
                             counted(unknown.pictures, "picture", "pictures"), unknown.without_face, unknown.unreadable));
    return unknown.unreadable > 0 ? k_exit_partial : k_exit_yes;
}

}  // namespace

Verb people_dedupe_verb() {
    return verb("dedupe", "Find people who look the same, for review", Group::people, add_dedupe, run_dedupe);
}

Verb people_cluster_verb() {
    return verb("cluster", "Group the pictures of people whom nobody knows", Group::people, add_cluster, run_cluster);
}

}  // namespace bioctl::cmd
