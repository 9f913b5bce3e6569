#include "cmd/face_options.hpp"

#include <unistd.h>

#include <cstdlib>
#include <map>
#include <system_error>
#include <thread>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "cmd/setting_flag.hpp"
#include "lib/app/calibration.hpp"
#include "lib/app/thresholds.hpp"
#include "lib/base/file.hpp"
#include "lib/base/text.hpp"

namespace bioctl::cmd {

namespace {

app::OnDuplicate on_duplicate_from(std::string const& word) {
    static std::map<std::string, app::OnDuplicate> const words{
        {"warn", app::OnDuplicate::warn}, {"reject", app::OnDuplicate::reject}, {"allow", app::OnDuplicate::allow}};
    return words.at(word);
}

app::FacePolicy face_policy_from(std::string const& word) {
    static std::map<std::string, app::FacePolicy> const words{
        {"one", app::FacePolicy::one}, {"largest", app::FacePolicy::largest}, {"all", app::FacePolicy::all}};
    return words.at(word);
}

app::Workspace workspace_of(Context& cx, store::Store& store, face::ModelSet const& models) {
    auto const& settings = cx.settings;
    return {.store = store,
            .models = models,
            .clock = cx.clock,
            .media_dir = cx.media_dir(),
            .limits = limits_of(cx),
            .metric = match::metric_from(settings.metric()),
            .jobs = jobs_of(cx)};
}

void tell_enrolled(Context& cx, app::BulkItem const& item, app::Enrolled const& enrolled) {
    ui::Fields fields{{"person_id", item.person_id},         {"image", image_value(item.photo.path)},
                      {"template_id", enrolled.template_id}, {"quality", quality_value(enrolled.quality)},
                      {"box", box_value(enrolled.box)},      {"rotation", enrolled.rotation}};
    if (enrolled.resembles) {
        fields.insert(fields.end(),
                      {{"resembles", *enrolled.resembles}, {"resembles_distance", distance_value(enrolled.resembles_distance)}});
        cx.talk.warn(fmt::format("{}: looks like '{}' (distance {:.3f}), enrolled as '{}' all the same", name_of(item.photo),
                                 printable(*enrolled.resembles), *enrolled.resembles_distance, printable(item.person_id)));
    }
    tell(cx, "enrolled", std::move(fields));
}

void tell_rejected(Context& cx, app::BulkItem const& item, app::Rejected const& rejected, FailureTold told) {
    tell(cx, "rejected",
         {{"person_id", item.person_id},
          {"image", image_value(item.photo.path)},
          {"reason", app::name_of(rejected.reason)},
          {"detail", rejected.detail}});
    if (rejected.failure && told == FailureTold::by_main) return;
    cx.talk.warn(item.photo.path.empty() ? rejected.detail : fmt::format("{}: {}", name_of(item.photo), rejected.detail));
}

}  // namespace

face::ModelSet models_for(store::Modality modality, Context& cx) {
    if (modality == store::Modality::face) return cx.models().active();
    try {
        return cx.models().active();
    } catch (Error const&) {
        return {};
    }
}

/// A folder for an empty store, removed at the end.
class FaceWorkspace::Scratch {
public:
    Scratch() {
        auto pattern = (fs::temp_directory_path() / "bioctl-dry-run-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr) throw_errno("cannot make a temporary folder", errno, Kind::cannot_create);
        m_path = pattern;
    }
    ~Scratch() {
        std::error_code ignored;
        fs::remove_all(m_path, ignored);
    }
    Scratch(Scratch const&) = delete;
    Scratch& operator=(Scratch const&) = delete;
    [[nodiscard]] fs::path const& path() const { return m_path; }

private:
    fs::path m_path;
};

FaceWorkspace::FaceWorkspace(Context& cx, Opening opening, store::Modality modality)
    : m_scratch(opening == Opening::rehearsal && !cx.has_store() ? std::make_unique<Scratch>() : nullptr),
      m_store(m_scratch ? store::Store::open(m_scratch->path() / "bioctl.db", {})
                        : cx.open_store(opening == Opening::create ? store::Access::read_write : store::Access::read_only)),
      m_models(models_for(modality, cx)),
      m_contract(app::calibrated(m_models.contract(), m_store, match::metric_from(cx.settings.metric()))),
      m_workspace(workspace_of(cx, m_store, m_models)) {}

FaceWorkspace::~FaceWorkspace() = default;

void add_modality(CLI::App& verb, std::string& modality, AutoModality automatic) {
    auto* option = verb.add_option("--modality", modality, "What the photos show")->capture_default_str();
    if (automatic == AutoModality::yes) {
        option->check(CLI::IsMember({"face", "palm", "auto"}))->type_name("face|palm|auto");
    } else {
        option->check(CLI::IsMember({"face", "palm"}))->type_name("face|palm");
    }
}

store::Modality modality_from(std::string const& word) {
    return word == name_of(store::Modality::palm) ? store::Modality::palm : store::Modality::face;
}

void check_distance_flags(std::string_view verb, std::string const& modality, Context const& cx) {
    auto const refuse = [&](std::string_view key, std::string_view flag, std::string_view why) {
        if (cx.settings.get(key).origin.starts_with("flag"))
            throw Error{Kind::usage, fmt::format("{}: {} is for {}", verb, flag, why)};
    };
    if (modality == "face") refuse("palm_threshold", "--palm-threshold", "palms; add --modality palm");
    if (modality != "palm") return;
    refuse("threshold", "--threshold", "faces, whose distances are on another scale; for palms use --palm-threshold");
    refuse("margin", "--margin", "faces; of palms the nearest person within the threshold is the answer");
    refuse("metric", "--metric", "faces; palms are compared in one way only");
}

void check_enrol_flags(std::string_view verb, EnrolFlags const& flags) {
    if (modality_from(flags.modality) == store::Modality::palm && flags.faces != "one")
        throw Error{Kind::usage,
                    fmt::format("{}: --faces {} is for faces; a photo of a palm has to show one hand", verb, flags.faces)};
}

void add_enrol_flags(CLI::App& verb, EnrolFlags& flags) {
    add_modality(verb, flags.modality);
    verb.add_option("--faces", flags.faces, "Which faces of a photo to enroll: none unless it is one, the largest, or all")
        ->check(CLI::IsMember({"one", "largest", "all"}))
        ->type_name("one|largest|all")
        ->capture_default_str();
    verb.add_flag("--no-crop", flags.no_crop, "Keep no portrait");
    add_setting(verb, "--min-quality", "min_quality");
    add_setting(verb, "--on-duplicate", "on_duplicate");
}

app::EnrolRules rules_of(EnrolFlags const& flags, Context const& cx, face::Contract const& contract) {
    app::EnrolRules const rules{.faces = face_policy_from(flags.faces),
                                .on_duplicate = on_duplicate_from(cx.settings.on_duplicate()),
                                .crops = flags.no_crop ? app::CropPolicy::none : app::CropPolicy::keep,
                                .min_quality = cx.settings.min_quality(),
                                .duplicate_threshold = app::duplicate_threshold(contract, cx.settings.threshold())};
    return modality_from(flags.modality) == store::Modality::palm ? app::for_palms(rules) : rules;
}

void add_limits(CLI::App& verb) {
    add_setting(verb, "--max-bytes", "max_bytes");
    add_setting(verb, "--max-pixels", "max_pixels");
}

image::Limits limits_of(Context const& cx) {
    return {.max_bytes = cx.settings.max_bytes(), .max_pixels = cx.settings.max_pixels()};
}

PalmThresholds palm_thresholds(config::Settings const& settings, store::Store& store) {
    if (auto const set = settings.palm_threshold()) return {set, set};
    auto const calibration = app::palm_calibration(store);
    if (!calibration) return {};
    return {calibration->identify, calibration->verify};
}

PalmThresholds palm_thresholds(Context const& cx) {
    if (auto const set = cx.settings.palm_threshold()) return {set, set};
    if (!cx.has_store()) return {};
    auto store = cx.open_store(store::Access::read_only);
    return palm_thresholds(cx.settings, store);
}

int jobs_of(Context const& cx) {
    int const cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    return cx.settings.jobs() > 0 ? cx.settings.jobs() : cores;
}

app::PhotoSource photo_source(std::string const& argument, Context const& cx) {
    if (argument != "-") return {.path = argument, .bytes = std::nullopt};
    return {.path = argument, .bytes = read_descriptor(STDIN_FILENO, "standard input", cx.settings.max_bytes()).or_throw()};
}

std::string name_of(app::PhotoSource const& photo) {
    return photo.bytes ? std::string{"standard input"} : printable(photo.path.string());
}

ui::Value image_value(fs::path const& path) {
    return path.empty() ? ui::Value{} : ui::Value{path.string()};
}

ui::Value box_value(app::Box const& box) {
    return ui::Fields{{"top", box.top}, {"right", box.right}, {"bottom", box.bottom}, {"left", box.left}};
}

ui::Value distance_value(std::optional<float> distance) {
    return distance ? ui::decimal(static_cast<double>(*distance), 4) : ui::Value{};
}

ui::Value quality_value(float quality) {
    return ui::decimal(static_cast<double>(quality), 3);
}

void tell(Context& cx, std::string_view type, ui::Fields fields) {
    if (cx.out.rendering() != ui::Rendering::json) fields.insert(fields.begin(), {"result", type});
    cx.out.record(type, std::move(fields));
}

void begin_outcomes(Context& cx) {
    cx.out.columns({"result", "person_id", "image", "template_id", "quality", "reason", "detail"});
}

void tell_outcome(Context& cx, app::BulkRecord const& record, FailureTold told) {
    auto const& [item, outcome] = record;
    if (auto const* rejected = std::get_if<app::Rejected>(&outcome)) {
        tell_rejected(cx, item, *rejected, told);
    } else if (auto const* enrolled = std::get_if<std::vector<app::Enrolled>>(&outcome)) {
        for (auto const& face : *enrolled)
            tell_enrolled(cx, item, face);
    } else {
        tell(cx, "unchanged", {{"person_id", item.person_id}, {"image", image_value(item.photo.path)}});
    }
}

int exit_after_signal() {
    return 128 + stop_signal.load();
}

}  // namespace bioctl::cmd
