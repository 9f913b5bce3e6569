#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "cmd/evaluate_report.hpp"
#include "cmd/face_options.hpp"
#include "cmd/photo_list.hpp"
#include "cmd/setting_flag.hpp"
#include "cmd/verbs.hpp"
#include "lib/app/enrolled_samples.hpp"
#include "lib/base/file.hpp"
#include "lib/base/text.hpp"

namespace bioctl::cmd {

namespace {

struct EvaluateOptions {
    std::string pairs, root, gallery, probes, group_by, impostors = "listed", face = "largest", modality = "face";
    bool store = false, strict = false;
    std::size_t folds = 10, replicates = 1000;
    std::uint64_t seed = 1;
    std::vector<std::string> assertions;
    std::optional<std::string> html, svg;
};

constexpr std::size_t k_most_folds = 1000, k_most_replicates = 100'000;
constexpr std::uint64_t k_max_group_bytes = 64'000'000;

void add_sources(CLI::App& verb, EvaluateOptions& o) {
    auto* const pairs =
        verb.add_option("--pairs", o.pairs, "Pairs of photos: a list of LFW, or CSV with a, b and same; - is stdin")
            ->type_name("FILE");
    verb.add_option("--root", o.root, "Where the list's paths begin: its own folder, unless given")
        ->type_name("DIR")
        ->needs(pairs);
    auto* const gallery = verb.add_option("--gallery", o.gallery, "Folder of those who are enrolled, one folder for each id")
                              ->type_name("DIR")
                              ->excludes(pairs);
    verb.add_option("--probes", o.probes,
                    "Folder of those who are looked up, laid out like it; ids of nobody enrolled are strangers")
        ->type_name("DIR")
        ->needs(gallery);
    verb.add_flag("--store", o.store, "Who is enrolled, each template against all others")->excludes(pairs)->excludes(gallery);
    add_modality(verb, o.modality);
    verb.add_option("--impostors", o.impostors, "Different people: the listed pairs, or every two photos of the list")
        ->check(CLI::IsMember({"listed", "all"}))
        ->type_name("listed|all")
        ->needs(pairs)
        ->capture_default_str();
    verb.add_option("--folds", o.folds, "Folds of the accuracy, where the list has none of its own")
        ->check(CLI::Range(std::size_t{2}, k_most_folds))
        ->type_name("N")
        ->needs(pairs)
        ->capture_default_str();
}

void add_evaluate(CLI::App& verb, EvaluateOptions& o) {
    add_sources(verb, o);
    verb.add_option("--face", o.face, "Which face of a photo: the largest, or the one nearest to the middle (LFW)")
        ->check(CLI::IsMember({"largest", "middle"}))
        ->type_name("largest|middle")
        ->capture_default_str();
    verb.add_option("--group-by", o.group_by, "CSV with the columns id and group: errors of each group, the worst first")
        ->type_name("FILE");
    verb.add_option("--assert", o.assertions, "Fail unless this holds, e.g. fnmr@fmr=1e-3<0.02; may be given several times")
        ->type_name("CLAIM")
        ->allow_extra_args(false);
    verb.add_flag("--strict", o.strict, "Hold the worse end of the interval against the bound, not the measured value");
    verb.add_option("--replicates", o.replicates, "Draws of people for the intervals")
        ->check(CLI::Range(std::size_t{100}, k_most_replicates))
        ->type_name("N")
        ->capture_default_str();
    verb.add_option("--seed", o.seed, "Of the draws; the same one gives the same intervals")
        ->type_name("N")
        ->capture_default_str();
    verb.add_option("--html", o.html, "Write a page with plots to this file, over what is there")->type_name("FILE");
    verb.add_option("--svg", o.svg, "Write the plots alone to this file, over what is there")->type_name("FILE");
    add_setting(verb, "--metric", "metric");
    add_setting(verb, "-j,--jobs", "jobs");
    add_limits(verb);
}

/// What was measured, with the time of each stage.
struct Measured {
    app::Trials trials;
    EvaluationTimes times;
    std::string title;
};

class Measuring {
public:
    Measuring(EvaluateOptions const& o, Context& cx)
        : m_options(o), m_cx(cx), m_models(cx.models().active()), m_contract(m_models.contract()) {}

    [[nodiscard]] Measured run() {
        Measured measured;
        if (!m_options.pairs.empty()) {
            pairs(measured);
        } else if (!m_options.gallery.empty()) {
            probes(measured);
        } else {
            store(measured);
        }
        return measured;
    }
    [[nodiscard]] face::Contract const& contract() const { return m_contract; }

private:
    [[nodiscard]] int jobs() const { return jobs_of(m_cx); }

    [[nodiscard]] std::vector<app::Sample> samples(std::vector<app::SamplePhoto> const& photos, Measured& measured) const {
        ui::Progress progress{m_cx.talk, "looking at photos", photos.size()};
        app::SampleOptions options{.choice = m_options.face == "middle" ? app::FaceChoice::middle : app::FaceChoice::largest,
                                   .limits = limits_of(m_cx),
                                   .jobs = jobs(),
                                   .on_progress = [&](std::size_t done) { progress.advance(done); },
                                   .should_stop = [] { return stop_signal.load() != 0; }};
        auto taken = app::take_samples(m_models, photos, options);
        measured.times.stages = taken.times;
        for (auto const& sample : taken.samples) {
            if (!sample.trouble.empty())
                m_cx.talk.warn(fmt::format("{}: {}; counted as not acquired", printable(sample.path.string()), sample.trouble));
        }
        return std::move(taken.samples);
    }

    [[nodiscard]] app::Measure measure(std::vector<app::Sample> const& samples) const {
        return app::measure_of(samples, match::metric_from(m_cx.settings.metric()), m_contract.scale);
    }

    void pairs(Measured& measured) const {
        auto const source = read_photo_list(m_options.pairs, m_options.root, app::k_max_pair_list_bytes);
        auto const list = source.parsed(
            [&](std::string_view text, fs::path const& root) { return app::read_pairs(text, root, m_options.folds); });
        std::vector<app::SamplePhoto> photos;
        for (auto const& photo : list.photos)
            photos.push_back({photo.path, photo.person});
        auto const taken = samples(photos, measured);
        if (taken.size() < photos.size()) return;
        auto const impostors = m_options.impostors == "all" ? app::Impostors::all : app::Impostors::listed;
        StopWatch const watch{measured.times.compare};
        measured.trials = app::trials_of_pairs(list, taken, impostors, measure(taken), jobs());
        measured.title = fmt::format("pairs of {}", source.name);
    }

    void add_folder(std::string const& folder, std::vector<app::SamplePhoto>& photos) const {
        for (auto const& item : app::scan_directory(folder).items) {
            if (item.rejected) {
                m_cx.talk.warn(fmt::format("{}: {}", printable(item.photo.path.string()), item.rejected->detail));
            } else {
                photos.push_back({item.photo.path, item.person_id});
            }
        }
    }

    void probes(Measured& measured) const {
        if (m_options.probes.empty()) throw Error{Kind::usage, "evaluate: --gallery wants --probes, the photos to look up"};
        std::vector<app::SamplePhoto> photos;
        add_folder(m_options.gallery, photos);
        auto const enrolled = photos.size();
        add_folder(m_options.probes, photos);
        auto const taken = samples(photos, measured);
        if (taken.size() < photos.size()) return;
        StopWatch const watch{measured.times.compare};
        measured.trials = app::trials_of_probes(taken, enrolled, measure(taken), jobs());
        measured.title = fmt::format("probes of {} in the gallery {}", m_options.probes, m_options.gallery);
    }

    void store(Measured& measured) const {
        auto store = m_cx.open_store(store::Access::read_only);
        app::EnrolledSamples const enrolled{store, modality_from(m_options.modality), m_contract,
                                            match::metric_from(m_cx.settings.metric())};
        StopWatch const watch{measured.times.compare};
        measured.trials = app::trials_within(enrolled.samples(), enrolled.measure(), jobs());
        measured.title = "the people who are enrolled";
    }

    EvaluateOptions const& m_options;
    Context& m_cx;
    face::ModelSet m_models;
    face::Contract m_contract;
};

app::EvaluationPlan plan_of(EvaluateOptions const& o, Context const& cx) {
    app::EvaluationPlan plan;
    for (auto const& text : o.assertions)
        plan.claims.push_back(eval::parse_claim(text).or_throw());
    if (!o.group_by.empty()) {
        auto const content = read_file(o.group_by, k_max_group_bytes).or_throw();
        try {
            plan.groups = app::read_groups(as_text(content));
        } catch (Error const& error) {
            throw error.within(o.group_by);
        }
    }
    plan.bootstrap = {.replicates = o.replicates, .seed = o.seed, .jobs = jobs_of(cx)};
    return plan;
}

int run_evaluate(EvaluateOptions const& o, Context& cx) {
    if (o.pairs.empty() && o.gallery.empty() && !o.store)
        throw Error{Kind::usage, "evaluate: say what: --pairs FILE, --gallery DIR --probes DIR, or --store"};
    if (!o.store && modality_from(o.modality) != store::Modality::face)
        throw Error{Kind::usage, "evaluate: --modality palm wants --store; photos are looked at for faces"};
    auto const plan = plan_of(o, cx);
    Measuring measuring{o, cx};
    auto measured = measuring.run();
    if (stop_signal.load() != 0) return exit_after_signal();
    app::Evaluation evaluation;
    {
        StopWatch const watch{measured.times.intervals};
        evaluation = app::evaluate(measured.trials, plan, o.strict);
    }
    tell_evaluation(cx, evaluation, measured.trials, measured.times);
    app::ReportFacts const facts{measured.title, measuring.contract().id, to_rfc3339(cx.clock.now())};
    if (o.html) write_file(*o.html, as_bytes(app::to_html(evaluation, facts)));
    if (o.svg) write_file(*o.svg, as_bytes(app::to_svg(evaluation, facts)));
    return exit_by_verdicts(cx, evaluation);
}

}  // namespace

Verb evaluate_verb() {
    return verb("evaluate", "Measure how well people are told apart, with intervals", Group::face, add_evaluate, run_evaluate);
}

}  // namespace bioctl::cmd
