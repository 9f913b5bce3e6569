#pragma once
// What `evaluate` prints.

#include <chrono>

#include "cmd/context.hpp"
#include "lib/app/evaluation_report.hpp"
#include "lib/face/engine.hpp"

namespace bioctl::cmd {

struct EvaluationTimes {
    face::StageTimes stages;  ///< of all workers together
    std::chrono::nanoseconds compare{}, intervals{};
};

/// Adds the time it lived.
class StopWatch {
public:
    explicit StopWatch(std::chrono::nanoseconds& total) : m_total(total), m_begin(std::chrono::steady_clock::now()) {}
    ~StopWatch() { m_total += std::chrono::steady_clock::now() - m_begin; }
    StopWatch(StopWatch const&) = delete;
    StopWatch& operator=(StopWatch const&) = delete;

private:
    std::chrono::nanoseconds& m_total;
    std::chrono::steady_clock::time_point m_begin;
};

/// Records of the figures, the groups and the verdicts; the sample, the times and the curves with --json.
void tell_evaluation(Context& cx, app::Evaluation const& evaluation, app::Trials const& trials, EvaluationTimes const& times);

/// 0, or 1 if an assertion fails. Throws Error{data} if the sample is too small for one of them.
[[nodiscard]] int exit_by_verdicts(Context& cx, app::Evaluation const& evaluation);

}  // namespace bioctl::cmd
