#include "lib/app/people_reembed.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <set>

#include "lib/app/ordered.hpp"
#include "lib/app/people_media.hpp"
#include "lib/app/people_renewal.hpp"
#include "lib/store/people.hpp"

namespace bioctl::app {

namespace {

/// Templates for one transaction, for each worker: about a second of work, lost at most by a kill.
constexpr std::size_t k_batch_per_worker = 32;

class Reembedder {
public:
    Reembedder(Workspace const& workspace, std::span<face::Contract const> known, ReembedOptions const& options,
               ReembedEvents const& events)
        : m_workspace(workspace),
          m_options(options),
          m_events(events),
          m_rules{workspace.models.contract(), known, workspace.media_dir, workspace.limits},
          m_engines(static_cast<std::size_t>(std::max(1, workspace.jobs))) {}

    ReembedSummary run() {
        auto const ids = outdated();
        m_summary.templates = ids.size();
        auto const batch = m_engines.size() * k_batch_per_worker;
        for (std::size_t first = 0; first < ids.size() && !stop(); first += batch) {
            take_batch(std::span{ids}.subspan(first, std::min(batch, ids.size() - first)));
            if (m_events.on_progress) m_events.on_progress(std::min(first + batch, ids.size()), ids.size());
        }
        clean_up();
        m_summary.people_lost = static_cast<std::size_t>(std::ranges::count_if(
            m_failed_people, [&](std::string const& id) { return !m_renewed_people.contains(id) && !has_active_template(id); }));
        if (m_options.mode == Mode::dry_run && !m_summary.stopped_early) compare_decisions();
        return m_summary;
    }

private:
    struct Work {
        store::Template before;
        Renewal renewal;
        bool present = true;  ///< still there, untouched, when its batch was written
        bool repeated = false;
    };

    [[nodiscard]] std::vector<store::TemplateId> outdated() const {
        auto const templates = m_workspace.store.templates();
        auto ids = templates.of_other_contracts(store::Modality::face, m_rules.active.id);
        std::ranges::copy(templates.of_other_contracts(store::Modality::palm, palm::k_pipeline), std::back_inserter(ids));
        std::ranges::sort(ids);
        return ids;
    }

    bool stop() {
        m_summary.stopped_early = m_summary.stopped_early || (m_events.should_stop && m_events.should_stop());
        return m_summary.stopped_early;
    }

    face::Engine& engine(int worker) {
        auto& engine = m_engines[static_cast<std::size_t>(worker)];
        if (!engine) engine = std::make_unique<face::Engine>(m_workspace.models);
        return *engine;
    }

    void take_batch(std::span<store::TemplateId const> ids) {
        std::vector<Work> batch;
        m_workspace.store.read([&] {
            for (auto const id : ids) {
                if (auto t = m_workspace.store.templates().get(id)) batch.push_back({*std::move(t), {}});
            }
        });
        ordered_for<Renewal>(
            batch.size(), static_cast<int>(m_engines.size()),
            [&](int worker, std::size_t i) { return renew(engine(worker), batch[i].before, m_rules); },
            [&](std::size_t i, Renewal&& renewal) {
                batch[i].renewal = std::move(renewal);
                return true;
            });
        if (m_options.mode == Mode::write) {
            m_workspace.store.write([&] {
                for (auto& work : batch)
                    commit(work);
            });
        }
        for (auto& work : batch) {
            if (work.present) report(work);
        }
    }

    void commit(Work& work) {
        auto templates = m_workspace.store.templates();
        auto const& before = work.before;
        auto const current = templates.get(before.id);
        work.present = current && current->contract == before.contract;
        if (!work.present) return;
        auto const* made = std::get_if<NewVector>(&work.renewal);
        if (!made) {
            if (m_options.leftovers == Leftovers::remove) drop(before);
        } else if (made->origin == VectorOrigin::import) {
            // A new row, because replace_vector() would drop the float64 values.
            auto row = before;
            row.contract = m_rules.active.id;
            templates.remove(before.id);
            templates.add(row);
        } else if (!replace(before, *made)) {
            work.repeated = true;
            if (!before.crop.empty()) m_crops.push_back(before.crop);
        }
    }

    bool replace(store::Template const& before, NewVector const& made) {
        auto templates = m_workspace.store.templates();
        if (before.modality == store::Modality::palm)
            return templates.replace_code(before.id, palm::k_pipeline, made.code, made.quality);
        return templates.replace_vector(before.id, m_rules.active.id, made.vector, made.quality);
    }

    void drop(store::Template const& t) {
        m_workspace.store.templates().remove(t.id);
        if (!t.crop.empty()) m_crops.push_back(t.crop);
        ++m_summary.removed;
    }

    void report(Work& work) {
        count(work);
        if (m_events.on_template) m_events.on_template({work.before, work.renewal, work.repeated});
        auto const& before = work.before;
        if (m_options.mode != Mode::dry_run || before.modality != store::Modality::face) return;
        m_old[before.contract].push_back({before.id, before.person_id, before.vector});
        if (auto* made = std::get_if<NewVector>(&work.renewal)) {
            m_new.push_back({before.id, before.person_id, std::move(made->vector)});
        }
    }

    void count(Work const& work) {
        auto const* made = std::get_if<NewVector>(&work.renewal);
        if (!made) {
            ++m_summary.failed;
            m_failed_people.insert(work.before.person_id);
            return;
        }
        m_renewed_people.insert(work.before.person_id);
        if (work.repeated) {
            ++m_summary.repeated;
            return;
        }
        switch (made->origin) {
            case VectorOrigin::photo: ++m_summary.from_photo; break;
            case VectorOrigin::portrait: ++m_summary.from_portrait; break;
            case VectorOrigin::import: ++m_summary.from_import; break;
        }
    }

    void clean_up() {
        if (m_options.mode == Mode::dry_run || m_summary.templates == 0) return;
        remove_unused_crops(m_workspace.store, m_workspace.media_dir, m_crops);
        m_summary.log_cleared = clear_write_log(m_workspace.store);
    }

    [[nodiscard]] bool has_active_template(std::string const& person_id) const {
        auto const templates = m_workspace.store.templates().of_person(person_id);
        return std::ranges::any_of(templates,
                                   [&](store::Template const& t) { return t.contract == contract_of(m_workspace, t.modality); });
    }

    [[nodiscard]] DecisionRule rule_of(std::string_view contract_id) const {
        auto const found = std::ranges::find(m_rules.known, contract_id, &face::Contract::id);
        if (contract_id == m_rules.active.id) return rule_of(m_rules.active);
        if (found == m_rules.known.end()) return {m_workspace.metric, std::nullopt, std::nullopt};
        return rule_of(*found);
    }
    [[nodiscard]] DecisionRule rule_of(face::Contract const& contract) const {
        auto const threshold = m_options.threshold ? m_options.threshold : contract.threshold_identify;
        return {m_workspace.metric, contract.scale, threshold};
    }

    void compare_decisions() {
        std::map<store::TemplateId, TemplateDecision> before;
        for (auto const& [contract, templates] : m_old) {
            auto decisions = leave_one_out(templates, rule_of(contract), m_workspace.jobs);
            for (std::size_t i = 0; i < templates.size(); ++i)
                before.emplace(templates[i].id, std::move(decisions[i]));
        }
        auto const renewed = m_new.size();
        m_workspace.store.templates().for_each_vector(
            store::Modality::face, m_rules.active.id, [&](std::string_view person_id, std::span<float const> vector) {
                m_new.push_back({0, std::string{person_id}, {vector.begin(), vector.end()}});
            });
        auto const after = leave_one_out(m_new, rule_of(m_rules.active), m_workspace.jobs);
        for (std::size_t i = 0; i < renewed; ++i)
            compare({m_new[i].id, m_new[i].person_id, before[m_new[i].id], after[i]});
    }

    void compare(DecisionChange const& change) {
        ++m_summary.decisions;
        count(change.before, m_summary.before);
        count(change.after, m_summary.after);
        bool const confused = change.before.verdict == Verdict::other && change.before.nearest != change.after.nearest;
        if (change.before.verdict == change.after.verdict && !confused) return;
        ++m_summary.changed;
        if (m_events.on_change) m_events.on_change(change);
    }
    static void count(TemplateDecision const& decision, DecisionCounts& counts) {
        switch (decision.verdict) {
            case Verdict::own: ++counts.own; break;
            case Verdict::other: ++counts.other; break;
            case Verdict::unknown: ++counts.unknown; break;
        }
    }

    Workspace const& m_workspace;
    ReembedOptions m_options;
    ReembedEvents const& m_events;
    RenewalRules m_rules;
    std::vector<std::unique_ptr<face::Engine>> m_engines;  // one for each worker, made when it has work
    ReembedSummary m_summary;
    std::vector<std::string> m_crops;  // of deleted templates
    std::set<std::string> m_failed_people, m_renewed_people;
    std::map<std::string, std::vector<LabelledVector>> m_old;  // by contract; dry run only
    std::vector<LabelledVector> m_new;
};

}  // namespace

std::string_view name_of(VectorOrigin origin) {
    switch (origin) {
        case VectorOrigin::photo: return "photo";
        case VectorOrigin::portrait: return "portrait";
        case VectorOrigin::import: return "import";
    }
    throw Error{Kind::bug, "a VectorOrigin without a name"};
}

std::string_view name_of(ReembedProblem problem) {
    switch (problem) {
        case ReembedProblem::no_picture: return "no_picture";
        case ReembedProblem::photo_gone: return "photo_gone";
        case ReembedProblem::no_face: return "no_face";
        case ReembedProblem::no_palm: return "no_palm";
    }
    throw Error{Kind::bug, "a ReembedProblem without a name"};
}

std::vector<face::Contract> possible_contracts(face::ModelRegistry const& registry) {
    std::vector<face::ModelInfo> detectors, landmarks, embedders;
    for (auto const& model : registry.all()) {
        switch (model.kind) {
            case face::ModelKind::detector: detectors.push_back(model); break;
            case face::ModelKind::landmarks: landmarks.push_back(model); break;
            case face::ModelKind::embedder: embedders.push_back(model); break;
        }
    }
    std::vector<face::Contract> contracts;
    for (auto const& detector : detectors) {
        for (auto const& points : landmarks) {
            for (auto const& embedder : embedders)
                contracts.push_back(face::ModelSet{detector, points, embedder}.contract());
        }
    }
    return contracts;
}

ReembedSummary reembed(Workspace const& workspace, std::span<face::Contract const> known, ReembedOptions const& options,
                       ReembedEvents const& events) {
    return Reembedder{workspace, known, options, events}.run();
}

}  // namespace bioctl::app
