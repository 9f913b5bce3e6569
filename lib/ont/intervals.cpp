#include "lib/ont/intervals.hpp"

#include <algorithm>

namespace bioctl::ont {

Intervals united(Intervals intervals) {
    std::erase_if(intervals, [](Interval const& one) { return one.since >= one.until; });
    std::ranges::sort(intervals, {}, &Interval::since);
    Intervals result;
    for (auto const& one : intervals) {
        if (!result.empty() && one.since <= result.back().until) {
            result.back().until = std::max(result.back().until, one.until);
        } else {
            result.push_back(one);
        }
    }
    return result;
}

Intervals common(Intervals const& a, Intervals const& b) {
    Intervals result;
    for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
        auto const since = std::max(a[i].since, b[j].since);
        auto const until = std::min(a[i].until, b[j].until);
        if (since < until) result.push_back({since, until});
        ++(a[i].until < b[j].until ? i : j);
    }
    return result;
}

Intervals without(Intervals const& from, Intervals const& taken) {
    Intervals result;
    std::size_t j = 0;
    for (auto const& one : from) {
        auto since = one.since;
        while (j < taken.size() && taken[j].until <= since)
            ++j;
        for (auto k = j; k < taken.size() && taken[k].since < one.until; ++k) {
            if (taken[k].since > since) result.push_back({since, taken[k].since});
            since = std::max(since, taken[k].until);
        }
        if (since < one.until) result.push_back({since, one.until});
    }
    return result;
}

std::chrono::milliseconds length_of(Intervals const& intervals) {
    std::chrono::milliseconds sum{};
    for (auto const& one : intervals)
        sum += one.until - one.since;
    return sum;
}

double Availability::share() const {
    if (covered.count() <= 0) return 1;
    return 1 - static_cast<double>(down.count()) / static_cast<double>(covered.count());
}

std::chrono::milliseconds Availability::mttr() const {
    return repairs == 0 ? std::chrono::milliseconds{} : repaired / repairs;
}

std::chrono::milliseconds Availability::mtbf() const {
    return outages == 0 ? std::chrono::milliseconds{} : (covered - down) / outages;
}

Availability& Availability::operator+=(Availability const& other) {
    covered += other.covered;
    down += other.down;
    outages += other.outages;
    repaired += other.repaired;
    repairs += other.repairs;
    return *this;
}

Availability availability_of(Intervals const& watched, Intervals const& excluded, std::vector<OutageSpan> const& outages) {
    auto const covered = without(watched, excluded);
    Availability result;
    result.covered = length_of(covered);
    for (auto const& outage : outages) {
        auto const inside = length_of(common({{outage.since, outage.until}}, covered));
        if (inside.count() <= 0) continue;
        ++result.outages;
        result.down += inside;
        if (!outage.is_over) continue;
        ++result.repairs;
        result.repaired += outage.until - outage.since;
    }
    return result;
}

}  // namespace bioctl::ont
