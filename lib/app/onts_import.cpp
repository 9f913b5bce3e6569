#include "lib/app/onts_import.hpp"

#include "lib/app/ont_backup.hpp"
#include "lib/app/ont_plan.hpp"

namespace bioctl::app {

namespace {

/// Rows first, whom they hang on then: a parent may be new itself.
void carry_out(OntRegistry const& registry, OntPlan const& plan, OntImportOptions const& options) {
    auto onts = registry.store.onts();
    auto const now = registry.clock.now();
    auto const& planned = plan.onts();
    std::vector<std::int64_t> ids(planned.size());
    std::size_t done = 0;
    auto const add = [&](std::size_t i) {
        ids[i] = onts.add(planned[i].config, now, planned[i].id);
        if (options.progress) options.progress(++done, planned.size());
    };
    for (std::size_t i = 0; i < planned.size(); ++i) {
        if (planned[i].before) ids[i] = *planned[i].id;
        if (!planned[i].before && planned[i].id) add(i);
    }
    // Those without an id of their own after the others, whose ids they must not take.
    for (std::size_t i = 0; i < planned.size(); ++i) {
        if (!planned[i].before && !planned[i].id) add(i);
    }
    for (std::size_t i = 0; i < planned.size(); ++i) {
        if (!plan.is_changed(planned[i]) || (!planned[i].before && !planned[i].parent)) continue;
        auto config = planned[i].config;
        if (planned[i].parent) config.parent = ids[*planned[i].parent];
        onts.set(ids[i], config, now);
    }
}

void count(OntPlan const& plan, OntImportReport& report) {
    for (auto const& ont : plan.onts()) {
        if (ont.row == nullptr) continue;
        ++(!ont.before ? report.added : plan.is_changed(ont) ? report.updated : report.unchanged);
    }
}

}  // namespace

OntImportReport import_onts(OntRegistry const& registry, std::string_view text, OntImportOptions const& options) {
    auto const rows = read_ont_rows(text, options.columns, !options.is_merge);
    OntImportReport report;
    auto const work = [&] {
        OntPlan plan{registry.store, report, options.is_merge};
        for (auto const& row : rows)
            plan.take_row(row);
        plan.find_parents();
        count(plan, report);
        if (registry.mode == Mode::dry_run || report.added + report.updated == 0) return;
        back_up_onts(registry);
        carry_out(registry, plan, options);
    };
    if (registry.mode == Mode::dry_run) {
        registry.store.read(work);
    } else {
        registry.store.write(work);
    }
    return report;
}

}  // namespace bioctl::app
