#include "lib/app/recognize.hpp"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "cmd/face_options.hpp"
#include "cmd/path_list.hpp"
#include "cmd/recognize_report.hpp"
#include "cmd/setting_flag.hpp"
#include "cmd/verbs.hpp"
#include "lib/app/thresholds.hpp"
#include "lib/base/text.hpp"

namespace bioctl::cmd {

namespace {

struct RecognizeVerbOptions {
    std::vector<std::string> images;
    std::string from, from0, annotate;
    std::string modality = "face";
    std::size_t top = 1;
    bool fail_unknown = false;
};

void add_recognize(CLI::App& verb, RecognizeVerbOptions& o) {
    verb.add_option("image", o.images, "Photos, or folders of photos; - reads one photo from standard input")->type_name("IMAGE");
    verb.add_option("--from", o.from, "List of photos, one a line; - is stdin")->type_name("FILE");
    verb.add_option("--from0", o.from0, "List of photos, each ended by NUL (find -print0); - is stdin")->type_name("FILE");
    verb.add_option("--top", o.top, "Most candidates to show for each face")
        ->check(CLI::Range(1, 1000))
        ->type_name("K")
        ->capture_default_str();
    verb.add_option("--annotate", o.annotate,
                    "Write the photos with boxes and names into this folder; with palms also the outline")
        ->type_name("DIR");
    verb.add_flag("--fail-unknown", o.fail_unknown, "Exit 1 also if anybody is unknown, or a photo shows nobody");
    add_modality(verb, o.modality, AutoModality::yes);
    add_setting(verb, "-t,--threshold", "threshold");
    add_setting(verb, "--palm-threshold", "palm_threshold");
    add_setting(verb, "--margin", "margin");
    add_setting(verb, "--metric", "metric");
    add_setting(verb, "-j,--jobs", "jobs");
    add_limits(verb);
}

void require_one_reader_of_stdin(RecognizeVerbOptions const& o) {
    auto const readers = std::ranges::count(o.images, "-") + (o.from == "-" ? 1 : 0) + (o.from0 == "-" ? 1 : 0);
    if (readers > 1) throw Error{Kind::usage, "recognize: '-' can be given once"};
}

struct Named {
    std::vector<app::PhotoSource> photos;
    std::vector<app::PhotoFolder::Trouble> troubles;

    void add(fs::path const& path) {
        std::error_code ignored;
        if (!fs::is_directory(path, ignored)) {
            photos.push_back({path, std::nullopt});
            return;
        }
        auto found = app::list_photos(path);
        for (auto& photo : found.photos)
            photos.push_back({std::move(photo), std::nullopt});
        std::ranges::move(found.troubles, std::back_inserter(troubles));
    }
};

/// Everything that was named, folders opened, in order.
Named photos_of(RecognizeVerbOptions const& o, Context const& cx) {
    require_one_reader_of_stdin(o);
    Named named;
    for (auto const& image : o.images)
        image == "-" ? named.photos.push_back(photo_source(image, cx)) : named.add(image);
    std::vector<fs::path> listed;
    if (!o.from.empty()) listed = read_path_list(o.from, Separator::newline);
    if (!o.from0.empty()) std::ranges::move(read_path_list(o.from0, Separator::nul), std::back_inserter(listed));
    for (auto const& path : listed)
        named.add(path);
    if (named.photos.empty() && named.troubles.empty()) {
        throw Error{Kind::no_input, "recognize: no photo to look at; name photos, or folders with photos"};
    }
    return named;
}

double in_ms(std::chrono::nanoseconds time) {
    return std::chrono::duration<double, std::milli>(time).count();
}

/// With --verbose: where the time went, so that nobody has to guess. The stages are those of faces.
void tell_times(ui::Talk& talk, bool has_faces, face::StageTimes const& stages, std::chrono::nanoseconds gallery,
                std::chrono::nanoseconds search) {
    if (!has_faces) return talk.detail(fmt::format("timing in ms: gallery {:.1f}, search {:.1f}", in_ms(gallery), in_ms(search)));
    talk.detail(
        fmt::format("timing in ms: gallery {:.1f}, models {:.1f}, decode {:.1f}, detect {:.1f}, landmarks {:.1f}, align {:.1f}, "
                    "embed {:.1f}, search {:.1f}",
                    in_ms(gallery), in_ms(stages.load), in_ms(stages.decode), in_ms(stages.detect), in_ms(stages.landmarks),
                    in_ms(stages.align), in_ms(stages.embed), in_ms(search)));
}

/// The galleries that --modality asks for.
class Searched {
public:
    Searched(std::string const& modality, app::Workspace const& workspace) {
        if (modality != "palm") m_faces.emplace(workspace);
        if (modality != "face") m_palms.emplace(workspace);
    }
    [[nodiscard]] app::Galleries galleries() const { return {m_faces ? &*m_faces : nullptr, m_palms ? &*m_palms : nullptr}; }
    [[nodiscard]] bool is_nobody_known() const {
        return (!m_faces || m_faces->gallery().people() == 0) && (!m_palms || m_palms->gallery().people() == 0);
    }

private:
    std::optional<app::Faces> m_faces;
    std::optional<app::Palms> m_palms;
};

std::string nobody_known(std::string const& modality) {
    if (modality == "auto") return "nobody is enrolled, so everybody is unknown; see `bioctl help enroll`";
    return fmt::format("nobody is enrolled with a {0}, so every {0} is unknown; see `bioctl help enroll`", modality);
}

/// None where no face is looked for: then there need not be a model.
match::Rule face_rule(RecognizeVerbOptions const& o, FaceWorkspace const& workspace, Context const& cx) {
    if (o.modality == "palm") return {.threshold = 0};
    return {.threshold = app::identify_threshold(workspace.contract(), cx.settings.threshold()), .margin = cx.settings.margin()};
}

void look_at_all(RecognizeVerbOptions const& o, Context& cx, FaceWorkspace const& workspace,
                 std::vector<app::PhotoSource> const& photos, RecognizeReport& report) {
    std::optional<app::PictureFolder> pictures;
    if (!o.annotate.empty()) pictures.emplace(o.annotate, photos);
    auto const began = std::chrono::steady_clock::now();
    Searched const searched{o.modality, workspace.get()};
    auto const gallery_time = std::chrono::steady_clock::now() - began;
    if (searched.is_nobody_known()) cx.talk.note(nobody_known(o.modality));
    app::RecognizeOptions const options{.rule = face_rule(o, workspace, cx),
                                        .palm_rule = {.threshold = app::palm_identify_threshold(palm_thresholds(cx).identify)},
                                        .top = o.top,
                                        .annotation = pictures ? app::Annotation::jpeg : app::Annotation::none};
    ui::Progress progress{cx.talk, "looking", photos.size()};
    std::chrono::nanoseconds search_time{};
    auto const on_photo = [&](app::RecognizedPhoto const& photo) {
        search_time += photo.search_time;
        auto const& source = photos[report.photos()];
        std::optional<fs::path> picture;
        if (pictures && !photo.annotated.empty()) picture = pictures->write(source, photo.annotated);
        report.add(source, photo, picture);
        progress.advance(report.photos());
    };
    auto const stages = app::recognize(workspace.get(), searched.galleries(), photos, options,
                                       {on_photo, [] { return stop_signal.load() != 0; }});
    tell_times(cx.talk, o.modality != "palm", stages, gallery_time, search_time);
}

int run_recognize(RecognizeVerbOptions const& o, Context& cx) {
    if (o.images.empty() && o.from.empty() && o.from0.empty()) {
        throw Error{Kind::usage, "recognize: name photos or folders, or a list with --from or --from0"};
    }
    check_distance_flags("recognize", o.modality, cx);
    FaceWorkspace const workspace{cx, FaceWorkspace::Opening::existing, modality_from(o.modality)};
    auto const named = photos_of(o, cx);
    RecognizeReport report{cx, o.modality, o.top, named.photos.size() + named.troubles.size()};
    for (auto const& trouble : named.troubles)
        report.add_failure(trouble.folder, {image::Failure::Reason::permission, trouble.detail});
    look_at_all(o, cx, workspace, named.photos, report);
    return stop_signal.load() != 0 ? exit_after_signal() : report.exit_code(o.fail_unknown);
}

}  // namespace

Verb recognize_verb() {
    return verb("recognize", "Say who is on photos", Group::face, add_recognize, run_recognize);
}

}  // namespace bioctl::cmd
