#include <algorithm>
#include <cstdio>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "cmd/face_options.hpp"
#include "cmd/setting_flag.hpp"
#include "cmd/verbs.hpp"
#include "lib/app/people_edit.hpp"
#include "lib/app/person_id.hpp"
#include "lib/base/text.hpp"

namespace bioctl::cmd {

namespace {

struct EnrollOptions {
    std::string id;
    std::string name;
    std::string at;
    EnrolFlags flags;
    std::vector<std::string> images;
};

void add_enroll(CLI::App& verb, EnrollOptions& o) {
    verb.add_option("image", o.images, "Photos of this person; - reads one from standard input")->required()->type_name("IMAGE");
    verb.add_option("--id", o.id, "Who it is: an employee number, a user name")->required()->type_name("ID");
    verb.add_option("--name", o.name, "The person's name for tables and pictures")->type_name("TEXT");
    verb.add_option("--at", o.at, "Take the face at this pixel of a group photo")->type_name("X,Y");
    add_enrol_flags(verb, o.flags);
    add_setting(verb, "-j,--jobs", "jobs");
    add_limits(verb);
}

app::PhotoPoint point_from(std::string const& text) {
    app::PhotoPoint point;
    char rest = 0;
    if (std::sscanf(text.c_str(), "%6d,%6d%c", &point.x, &point.y, &rest) != 2 || point.x < 0 || point.y < 0) {
        throw Error{Kind::usage, fmt::format("enroll: --at {}: not a pixel; write it as X,Y with whole numbers, like 640,220",
                                             printable(text))};
    }
    return point;
}

std::vector<app::BulkItem> items_of(EnrollOptions const& o, Context const& cx) {
    if (std::ranges::count(o.images, "-") > 1) throw Error{Kind::usage, "enroll: '-' can be given once"};
    std::vector<app::BulkItem> items;
    for (auto const& image : o.images)
        items.push_back({.person_id = o.id, .name = o.name, .photo = photo_source(image, cx)});
    return items;
}

/// What became of the photos; the failures are those of files that could not be had.
struct Tally {
    std::size_t rejected = 0;
    std::size_t failed = 0;
    std::optional<Error> first_failure;
};

void count(app::BulkRecord const& record, Tally& tally) {
    auto const* rejected = std::get_if<app::Rejected>(&record.outcome);
    if (!rejected) return;
    ++tally.rejected;
    if (!rejected->failure) return;
    ++tally.failed;
    if (!tally.first_failure) tally.first_failure = rejected->failure->as_error(record.item.photo.path.string());
}

int exit_of(Tally const& tally, std::size_t photos) {
    if (tally.rejected == 0) return k_exit_yes;
    if (tally.rejected < photos) return k_exit_partial;
    if (tally.failed < photos) return k_exit_no;
    if (photos == 1) throw Error{*tally.first_failure};
    throw Error{tally.first_failure->kind(), fmt::format("none of the {} photos could be read", photos)};
}

int run_enroll(EnrollOptions const& o, Context& cx) {
    app::check_person_id(o.id).or_throw();
    app::check_person_name(o.name).or_throw();
    std::optional<app::PhotoPoint> at;
    if (!o.at.empty()) at = point_from(o.at);
    if (at && modality_from(o.flags.modality) == store::Modality::palm)
        throw Error{Kind::usage, "enroll: --at is for faces; a photo of a palm has to show one hand"};
    auto items = items_of(o, cx);
    auto const photos = items.size();
    FaceWorkspace const workspace{cx, FaceWorkspace::Opening::create};
    auto rules = rules_of(o.flags, cx, workspace.contract());
    auto const told = photos == 1 ? FailureTold::by_main : FailureTold::here;
    Tally tally;
    app::BulkEvents events;
    events.on_photo = [&](app::BulkRecord const& record) {
        count(record, tally);
        tell_outcome(cx, record, told);
    };
    events.should_stop = [] { return stop_signal.load() != 0; };
    begin_outcomes(cx);
    rules.at = at;
    auto const summary = app::enrol_photos(workspace.get(), std::move(items), rules, events);
    return summary.stopped_early ? exit_after_signal() : exit_of(tally, photos);
}

}  // namespace

Verb enroll_verb() {
    return verb("enroll", "Remember a person's face or palm from photos", Group::face, add_enroll, run_enroll);
}

}  // namespace bioctl::cmd
