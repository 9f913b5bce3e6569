#include "lib/match/distance.hpp"

#include <string>
#include <vector>

#include <fmt/format.h>

#include "lib/base/error.hpp"
#include "lib/base/text.hpp"
#include "lib/match/kernel.hpp"

namespace bioctl::match {

std::string_view name_of(Metric metric) {
    switch (metric) {
        case Metric::unit: return "unit";
        case Metric::l2: return "l2";
    }
    throw Error{Kind::bug, "a metric without a name"};
}

Metric metric_from(std::string_view name) {
    for (auto const metric : {Metric::unit, Metric::l2}) {
        if (name == name_of(metric)) return metric;
    }
    throw Error{Kind::usage, fmt::format("unknown metric '{}': say unit or l2", printable(name))};
}

float distance(std::span<float const> a, std::span<float const> b, Metric metric, float scale) {
    if (a.size() != b.size()) {
        throw Error{Kind::bug, fmt::format("distance between vectors of {} and {} numbers", a.size(), b.size())};
    }
    if (metric == Metric::l2) return std::sqrt(squared_distance(a.data(), b.data(), a.size()));

    std::vector<float> units(2 * a.size());
    std::span const u{units.data(), a.size()};
    std::span const v{units.data() + a.size(), a.size()};
    to_unit_length(a, u);
    to_unit_length(b, v);
    return unit_distance(squared_distance(u.data(), v.data(), u.size()), scale);
}

}  // namespace bioctl::match
