#pragma once
// The text that Prometheus reads, version 0.0.4: families of samples, each with its help and its type.
// Source: prometheus.io/docs/instrumenting/exposition_formats.

#include <cstdint>
#include <initializer_list>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace bioctl::app {

enum class MetricType { counter, gauge, histogram };

struct Label {
    std::string_view name, value;  ///< the value may be any text
};
using Labels = std::initializer_list<Label>;

/// Builds the text. One thread. Throws Error{bug} for what Prometheus would refuse: a name that is none, a family that comes
/// again, a sample before its family.
class Exposition {
public:
    static constexpr std::string_view k_content_type = "text/plain; version=0.0.4; charset=utf-8";

    void family(std::string_view name, MetricType type, std::string_view help);
    void sample(Labels labels, double value);
    void sample(Labels labels, std::int64_t value);
    /// Of a histogram. `counts` are not added up: as many as `bounds`, and one for what is beyond the last of them.
    void histogram(Labels labels, std::span<double const> bounds, std::span<std::uint64_t const> counts, double sum);

    [[nodiscard]] std::string const& text() const { return m_text; }

private:
    void line(std::string_view suffix, Labels labels, std::string_view bound, std::string_view value);

    std::string m_text;
    std::string m_family;
    std::set<std::string, std::less<>> m_families, m_series;
};

/// As Prometheus writes numbers: "3", "0.25", "+Inf", "NaN".
[[nodiscard]] std::string metric_number(double value);

}  // namespace bioctl::app
