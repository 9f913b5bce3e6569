#include "lib/app/doctor.hpp"

#include <optional>
#include <set>

#include <fmt/format.h>

#include "lib/app/calibration.hpp"
#include "lib/app/doctor_parts.hpp"
#include "lib/app/people_media.hpp"
#include "lib/base/text.hpp"
#include "lib/palm/template.hpp"
#include "lib/store/people.hpp"
#include "lib/store/templates.hpp"

namespace bioctl::app {

namespace {

/// SQLite shortens the log by itself at about 4 MB; far more means that some process keeps a transaction open.
constexpr std::uintmax_t k_long_log = 64'000'000;

constexpr std::string_view k_restore = "restore a backup, or move the file away and enrol again";
constexpr std::string_view k_not_damaged = "do what the message says, and leave the file where it is";

/// Runs one check; whatever it throws is its finding. A store that only could not be reached (a full disk, another owner) must
/// not be moved away: those errors bring their own advice.
void guarded(std::string const& name, std::string_view remedy, Report const& report, std::function<void()> const& check) {
    try {
        check();
    } catch (Error const& error) {
        bool const is_damage = error.kind() == Kind::data || error.kind() == Kind::bug;
        report({name, Health::fail, error.message(), std::string{remedy == k_restore && !is_damage ? k_not_damaged : remedy}});
    } catch (std::exception const& error) {
        report({name, Health::fail, error.what(), std::string{remedy}});
    }
}

void check_weights(face::ModelRegistry const& registry, face::ModelInfo const& model, Depth depth, Report const& report) {
    auto const name = "model:" + model.id;
    std::error_code error;
    auto const size = fs::file_size(model.file, error);
    auto const remedy = model.builtin ? std::string{"install bioctl again"}
                                      : fmt::format("`bioctl models remove {}` and import it again", model.id);
    if (error)
        return report({name, Health::fail, fmt::format("{}: {}", printable(model.file.string()), error.message()), remedy});
    if (depth == Depth::deep) {
        if (auto const whole = registry.verify(model); !whole)
            return report({name, Health::fail, whole.error().message(), remedy});
    }
    report({name, Health::ok,
            fmt::format("{}, {}{}", face::name_of(model.kind), human_size(size), depth == Depth::deep ? ", sha256 right" : ""),
            ""});
}

std::optional<std::string> active_contract(Patient const& patient) {
    try {
        return patient.models().active().contract().id;
    } catch (Error const&) {
        return std::nullopt;  // the checks "models" and "contract" have told why
    }
}

void check_contracts(store::Store& store, Patient const& patient, Report const& report) {
    auto const active = active_contract(patient);
    std::size_t current = 0, others = 0;
    for (auto const& count : store.templates().contracts(store::Modality::face)) {
        (count.contract == active ? current : others) += count.templates;
    }
    if (!active)
        return report({"templates", Health::warn, fmt::format("{}, for models that cannot be told", others),
                       "see the checks 'models' and 'contract'"});
    if (others == 0)
        return report({"templates", Health::ok, fmt::format("{} of {} people", current, store.people().count()), ""});
    report({"templates", Health::warn, fmt::format("{} of {} were made with other models", others, current + others),
            "`bioctl people reembed --dry-run`, then without --dry-run"});
}

void check_palms(store::Store& store, Report const& report) {
    std::size_t current = 0, others = 0, damaged = 0;
    for (auto const& count : store.templates().contracts(store::Modality::palm))
        (count.contract == palm::k_pipeline ? current : others) += count.templates;
    store.templates().for_each_code(palm::k_pipeline, [&](store::TemplateId, std::string_view, ByteView code) {
        damaged += palm::from_bytes(code) ? 0U : 1U;
    });
    if (others + damaged == 0) return report({"palms", Health::ok, counted(current, "template", "templates"), ""});
    report({"palms", Health::warn,
            fmt::format("of {} {} were made by another version of bioctl, {} are damaged", current + others, others, damaged),
            "`bioctl people reembed`"});
}

/// A calibration of other models rests; one of those in use is good for a gallery of its size.
void check_calibrations(store::Store& store, Patient const& patient, Report const& report) {
    auto const calibrations = store.calibrations().list();
    if (calibrations.empty()) return;
    auto const active = active_contract(patient);
    for (auto const& calibration : calibrations) {
        auto const name = fmt::format("calibration:{}", name_of(calibration.modality));
        bool const is_face = calibration.modality == store::Modality::face;
        if (is_face ? calibration.contract != active : calibration.contract != palm::k_pipeline) continue;
        std::set<std::string> people;
        if (is_face) {
            store.templates().for_each_vector(store::Modality::face, calibration.contract,
                                              [&](std::string_view person, std::span<float const>) { people.emplace(person); });
        } else {
            store.templates().for_each_code(
                palm::k_pipeline, [&](store::TemplateId, std::string_view person, ByteView) { people.emplace(person); });
        }
        auto const now = static_cast<std::int64_t>(people.size());
        if (!is_outgrown(calibration, now)) {
            report({name, Health::ok, fmt::format("chosen from {} of now {} people", calibration.people, now), ""});
            continue;
        }
        report({name, Health::warn,
                fmt::format("chosen from {} people, now there are {}: strangers are named about {:.1f} times as often as {:g}",
                            calibration.people, now, growth_since(calibration, now), calibration.target_fpir),
                fmt::format("`bioctl calibrate --modality {} --apply`", name_of(calibration.modality))});
    }
}

void check_schema(store::Store& store, Report const& report) {
    int const version = store.schema_version();
    report({"schema", Health::ok, fmt::format("version {} of {}", version, store::newest_schema_version()), ""});
}

void check_integrity(store::Store& store, Report const& report) {
    auto const found = store.integrity();
    if (found == "ok") return report({"integrity", Health::ok, "ok", ""});
    report({"integrity", Health::fail, printable(found), std::string{k_restore}});
}

void check_log(fs::path const& store_file, Report const& report) {
    std::error_code error;
    auto const size = fs::file_size(store_file.string() + "-wal", error);
    if (error) return report({"write_ahead_log", Health::ok, "empty", ""});
    if (size < k_long_log) return report({"write_ahead_log", Health::ok, human_size(size), ""});
    report(
        {"write_ahead_log", Health::warn, human_size(size), "stop or restart the bioctl that keeps it from being written back"});
}

void check_permissions(Patient const& patient, Report const& report) {
    auto const judge = [&](fs::path const& path, unsigned allowed) {
        auto const why = why_too_open(path, allowed);
        if (why.empty()) return true;
        auto const name = printable(path.string());
        report({"permissions", Health::warn, fmt::format("{}: {}", name, why), fmt::format("chmod {:04o} {}", allowed, name)});
        return false;
    };
    bool const file_fine = judge(patient.store_file, 0600);
    // Nobody passes a data folder that is closed, whatever the folders in it allow.
    bool const is_closed = why_too_open(patient.data_dir, 0700).empty();
    bool const media_fine = is_closed || judge(patient.media_dir, 0700);
    if (file_fine && media_fine) report({"permissions", Health::ok, "only the owner can read faces", ""});
}

std::set<std::string> crops_of(store::Store& store) {
    std::set<std::string> crops;
    for (auto const modality : {store::Modality::face, store::Modality::palm}) {
        for (auto const& count : store.templates().contracts(modality)) {
            store.templates().for_each(modality, count.contract, [&](store::Template const& t) {
                if (!t.crop.empty()) crops.insert(t.crop);
            });
        }
    }
    return crops;
}

void check_portraits(store::Store& store, fs::path const& media_dir, Report const& report) {
    std::size_t missing = 0;
    auto const crops = crops_of(store);
    std::error_code error;
    for (auto const& crop : crops)
        missing += fs::exists(media_dir / crop, error) ? 0U : 1U;
    auto const strays = stray_crops(store, media_dir).size();
    auto const detail = fmt::format("{} kept, {} missing, {} without a template", crops.size() - missing, missing, strays);
    if (missing > 0)
        return report({"portraits", Health::warn, detail,
                       "restore media/ from a backup; people reembed needs the original photos otherwise"});
    if (strays > 0) return report({"portraits", Health::warn, detail, "the next `bioctl people remove` deletes them"});
    report({"portraits", Health::ok, detail, ""});
}

}  // namespace

std::string_view name_of(Health health) {
    switch (health) {
        case Health::ok: return "ok";
        case Health::warn: return "warn";
        case Health::fail: return "fail";
    }
    throw Error{Kind::bug, "a Health without a name"};
}

void check_models(Patient const& patient, Depth depth, Report const& report) {
    guarded("models", "install bioctl again, or name the models' folder with BIOCTL_MODELS_DIR", report, [&] {
        auto const registry = patient.models();
        for (auto const& problem : registry.problems()) {
            report({"models", Health::warn, problem, "`bioctl models remove` it, and import it again if it is needed"});
        }
        guarded("contract", "`bioctl models use` chooses again", report, [&] {
            report({"contract", Health::ok, registry.active().contract().description, ""});
        });
        for (auto const& model : registry.all()) {
            if (model.active || depth == Depth::deep) check_weights(registry, model, depth, report);
        }
    });
}

void check_store(Patient const& patient, Depth depth, Report const& report) {
    if (!store::Store::exists(patient.store_file)) {
        return report({"store", Health::ok,
                       fmt::format("{} is not there yet: nobody is enrolled", printable(patient.store_file.string())), ""});
    }
    guarded("store", k_restore, report, [&] {
        auto store = patient.open_store();
        report({"store", Health::ok, printable(patient.store_file.string()), ""});
        guarded("schema", k_restore, report, [&] { check_schema(store, report); });
        guarded("templates", k_restore, report, [&] { check_contracts(store, patient, report); });
        guarded("palms", k_restore, report, [&] { check_palms(store, report); });
        guarded("calibration", "`bioctl calibrate`", report, [&] { check_calibrations(store, patient, report); });
        guarded("integrity", k_restore, report, [&] { check_integrity(store, report); });
        if (depth == Depth::deep) {
            guarded("portraits", k_restore, report, [&] { check_portraits(store, patient.media_dir, report); });
        }
    });
    check_log(patient.store_file, report);
    check_permissions(patient, report);
}

bool examine(Patient const& patient, Depth depth, std::function<void(Check const&)> const& on_check) {
    bool healthy = true;
    Report const report = [&](Check const& check) {
        healthy = healthy && check.health != Health::fail;
        on_check(check);
    };
    check_machine(patient, report);
    check_files(patient, report);
    check_models(patient, depth, report);
    check_store(patient, depth, report);
    return healthy;
}

}  // namespace bioctl::app
