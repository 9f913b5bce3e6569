#include "lib/app/outage_report.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_map>

#include <fmt/format.h>

#include "lib/app/maintenance.hpp"
#include "lib/store/outages.hpp"
#include "lib/store/pings.hpp"

namespace bioctl::app {

namespace {

using std::chrono::milliseconds;

class Reporter {
public:
    Reporter(store::Store& store, ReportRequest const& request, Zone const& zone)
        : m_store(store), m_request(request), m_zone(zone) {}

    OutageReport report() {
        auto const all = m_store.onts().list();
        find_maintenance(all);
        auto const covered = m_store.pings().covered(m_request.since, m_request.until);
        read_outages();
        OutageReport result;
        result.since = m_request.since;
        result.until = m_request.until;
        for (auto const& ont : choose_onts(all, m_request.choice)) {
            auto const found = covered.find(ont.id);
            if (found == covered.end()) continue;  // nobody looked
            auto const row = row_of(ont, watched_of(found->second), m_excluded[ont.id]);
            add(m_rows[key_of(ont)], row);
            add(result.total, row);
        }
        for (auto& [key, row] : m_rows)
            result.rows.push_back(std::move(row));
        std::ranges::stable_sort(
            result.rows, [](ReportRow const& a, ReportRow const& b) { return a.availability.share() < b.availability.share(); });
        add_days(result);
        return result;
    }

private:
    void read_outages() {
        store::OutageFilter filter;
        filter.since = m_request.since;
        filter.until = m_request.until;
        m_store.outages().each(filter, [&](store::Outage const& outage) {
            m_outages[outage.ont].push_back(
                {outage.started_at, outage.ended_at.value_or(m_request.now), outage.ended_at.has_value()});
            return true;
        });
    }

    [[nodiscard]] ont::Intervals asked_time() const { return {{m_request.since, std::min(m_request.until, m_request.now)}}; }

    [[nodiscard]] ont::Intervals watched_of(std::vector<store::CoveredTime> const& covered) const {
        ont::Intervals watched;
        for (auto const& time : covered)
            watched.push_back({time.since, time.until});
        return ont::common(ont::united(std::move(watched)), asked_time());
    }

    void find_maintenance(std::vector<store::Ont> const& onts) {
        auto const windows = m_store.maintenance().list();
        if (windows.empty()) return;
        auto const subjects = subjects_of(onts);
        for (auto const& window : windows) {
            auto const intervals = intervals_of(window.config, m_request.since, m_request.until);
            if (intervals.empty()) continue;
            for (auto const& subject : subjects) {
                auto& excluded = m_excluded[subject.id];
                if (covers(window.config, subject)) excluded.insert(excluded.end(), intervals.begin(), intervals.end());
            }
        }
        for (auto& [ont, excluded] : m_excluded)
            excluded = ont::united(std::move(excluded));
    }

    [[nodiscard]] std::string key_of(store::Ont const& ont) const {
        switch (m_request.by) {
            case ReportBy::ont: return std::to_string(ont.id);
            case ReportBy::parent: return ont.parent_name;
            case ReportBy::location: return ont.config.location;
        }
        return {};
    }

    ReportRow row_of(store::Ont const& ont, ont::Intervals const& watched, ont::Intervals const& excluded) {
        ReportRow row;
        auto const& outages = m_outages[ont.id];
        row.availability = ont::availability_of(watched, excluded, outages);
        row.onts = 1;
        auto const counted = ont::without(watched, excluded);
        for (auto const& outage : outages) {
            auto const inside = ont::common({{outage.since, outage.until}}, counted);
            row.longest = std::max(row.longest, ont::length_of(inside));
            m_down.insert(m_down.end(), inside.begin(), inside.end());
        }
        switch (m_request.by) {
            case ReportBy::ont:
                row.name = ont.config.name;
                row.ont = ont.id;
                row.location = ont.config.location;
                row.parent = ont.parent_name;
                break;
            case ReportBy::parent: row.name = ont.parent_name; break;
            case ReportBy::location: row.name = ont.config.location; break;
        }
        return row;
    }

    static void add(ReportRow& to, ReportRow const& row) {
        to.name = row.name;
        to.ont = row.ont;
        to.location = row.location;
        to.parent = row.parent;
        to.onts += row.onts;
        to.availability += row.availability;
        to.longest = std::max(to.longest, row.longest);
    }

    /// Of a local day, from its first moment to that of the next.
    void add_days(OutageReport& result) const {
        constexpr std::size_t k_most_days = 400;  // of a chart
        constexpr std::chrono::hours k_step{1};
        // By the hour: summer time makes days of 23 and 25 hours.
        std::map<std::string, milliseconds> days;
        auto const asked = asked_time().front();
        for (auto hour = asked.since; hour < asked.until && days.size() <= k_most_days; hour += k_step)
            days.try_emplace(day_of(hour));
        for (auto const& one : m_down) {
            for (auto begin = one.since; begin < one.until;) {
                auto const end = std::min(one.until, next_hour(begin));
                if (auto const found = days.find(day_of(begin)); found != days.end()) found->second += end - begin;
                begin = end;
            }
        }
        for (auto const& [day, down] : days)
            result.days.push_back({day, down});
    }

    [[nodiscard]] std::string day_of(Timestamp time) const {
        constexpr std::size_t k_length = 10;
        return m_zone.show(time).substr(0, k_length);
    }
    // Zones are whole quarters of an hour apart.
    static Timestamp next_hour(Timestamp time) {
        constexpr milliseconds k_quarter = std::chrono::minutes{15};
        return Timestamp{(time.time_since_epoch() / k_quarter + 1) * k_quarter};
    }

    store::Store& m_store;
    ReportRequest const& m_request;
    Zone const& m_zone;
    std::unordered_map<std::int64_t, ont::Intervals> m_excluded;  // by ONT
    std::unordered_map<std::int64_t, std::vector<ont::OutageSpan>> m_outages;
    std::map<std::string, ReportRow> m_rows;
    ont::Intervals m_down;  // of all lines; may overlap
};

}  // namespace

OutageReport report_outages(store::Store& store, ReportRequest const& request, Zone const& zone) {
    return Reporter{store, request, zone}.report();
}

std::string percent_of(ont::Availability const& availability) {
    constexpr double k_hundredths = 10'000;
    if (availability.covered.count() <= 0) return "-";
    return fmt::format("{:.2f} %", std::floor(availability.share() * k_hundredths) / 100);
}

}  // namespace bioctl::app
