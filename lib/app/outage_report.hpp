#pragma once
// How available ONTs were, by ONT, by what they hang on, or by place. Time in which nobody looked, and maintenance, count neither
// way: the covered time stands beside each figure.

#include <cstdint>
#include <string>
#include <vector>

#include "lib/app/moment.hpp"
#include "lib/app/ont_choice.hpp"
#include "lib/ont/intervals.hpp"

namespace bioctl::app {

enum class ReportBy { ont, parent, location };

struct ReportRequest {
    Timestamp since{}, until{};
    ReportBy by = ReportBy::ont;
    OntChoice choice{};
    Timestamp now{};  ///< where an outage that goes on ends for now
};

struct ReportRow {
    std::string name{};    ///< of the ONT, the parent or the place; "" = without one
    std::int64_t ont = 0;  ///< of a row for one ONT
    std::string location{}, parent{};
    int onts = 0;
    ont::Availability availability{};
    std::chrono::milliseconds longest{};  ///< of its outages, within the time asked for
};

/// Hours that lines were down in a day, all lines together.
struct ReportDay {
    std::string day{};  ///< "2026-11-21", in the zone of the report
    std::chrono::milliseconds down{};
};

struct OutageReport {
    Timestamp since{}, until{};
    std::vector<ReportRow> rows{};  ///< the worst first
    ReportRow total{};
    std::vector<ReportDay> days{};  ///< all of them, by day
};

/// Of the ONTs there are now that are, or were, pinged. Within a transaction. Throws Error{no_input} as choose_onts().
[[nodiscard]] OutageReport report_outages(store::Store& store, ReportRequest const& request, Zone const& zone);

/// A page of its own, with charts, that needs nothing else.
[[nodiscard]] std::string to_html(OutageReport const& report, Zone const& zone);

/// "99.95 %": rounded down, so that 100 % means 100 %.
[[nodiscard]] std::string percent_of(ont::Availability const& availability);

}  // namespace bioctl::app
