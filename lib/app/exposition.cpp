#include "lib/app/exposition.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "lib/base/error.hpp"
#include "lib/base/text.hpp"

namespace bioctl::app {

namespace {

bool is_name(std::string_view name) {
    auto const is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    auto const fits = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); };
    return !name.empty() && is_letter(name.front()) && std::ranges::all_of(name, fits);
}

std::string escaped(std::string_view text, bool with_quotes) {
    std::string result;
    for (char const c : to_valid_utf8(text)) {
        if (c == '\\')
            result += "\\\\";
        else if (c == '\n')
            result += "\\n";
        else if (c == '"' && with_quotes)
            result += "\\\"";
        else
            result += c;
    }
    return result;
}

std::string_view name_of(MetricType type) {
    switch (type) {
        case MetricType::counter: return "counter";
        case MetricType::gauge: return "gauge";
        case MetricType::histogram: return "histogram";
    }
    throw Error{Kind::bug, "a MetricType without a name"};
}

}  // namespace

std::string metric_number(double value) {
    if (std::isnan(value)) return "NaN";
    if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
    return fmt::format("{}", value);
}

void Exposition::family(std::string_view name, MetricType type, std::string_view help) {
    if (!is_name(name)) throw Error{Kind::bug, fmt::format("'{}' is no name of a metric", name)};
    if (!m_families.emplace(name).second) throw Error{Kind::bug, fmt::format("the metric {} comes twice", name)};
    m_family = name;
    m_text += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, escaped(help, false), name, name_of(type));
}

void Exposition::sample(Labels labels, double value) {
    line("", labels, "", metric_number(value));
}

void Exposition::sample(Labels labels, std::int64_t value) {
    line("", labels, "", std::to_string(value));
}

void Exposition::histogram(Labels labels, std::span<double const> bounds, std::span<std::uint64_t const> counts, double sum) {
    if (counts.size() != bounds.size() + 1) throw Error{Kind::bug, "a histogram with too few buckets, or too many"};
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        total += counts[i];
        line("_bucket", labels, i < bounds.size() ? metric_number(bounds[i]) : "+Inf", std::to_string(total));
    }
    line("_sum", labels, "", metric_number(sum));
    line("_count", labels, "", std::to_string(total));
}

void Exposition::line(std::string_view suffix, Labels labels, std::string_view bound, std::string_view value) {
    if (m_family.empty()) throw Error{Kind::bug, "a sample without a metric"};
    std::string all;
    for (auto const& label : labels) {
        if (!is_name(label.name)) throw Error{Kind::bug, fmt::format("'{}' is no name of a label", label.name)};
        all += fmt::format("{}{}=\"{}\"", all.empty() ? "" : ",", label.name, escaped(label.value, true));
    }
    if (!bound.empty()) all += fmt::format("{}le=\"{}\"", all.empty() ? "" : ",", bound);
    auto series = fmt::format("{}{}{}", m_family, suffix, all.empty() ? "" : fmt::format("{{{}}}", all));
    // Two names that differ in bytes that are no text look the same. A scrape without one of them beats none at all.
    if (auto const [entry, is_new] = m_series.insert(std::move(series)); is_new) m_text += fmt::format("{} {}\n", *entry, value);
}

}  // namespace bioctl::app
