#pragma once
// Where the time of a photo goes.

#include <chrono>

namespace bioctl::face {

/// Time spent in each stage of one Engine since it was made.
struct StageTimes {
    using Duration = std::chrono::nanoseconds;
    Duration load{}, decode{}, detect{}, landmarks{}, align{}, embed{};

    StageTimes& operator+=(StageTimes const& other) {
        load += other.load;
        decode += other.decode;
        detect += other.detect;
        landmarks += other.landmarks;
        align += other.align;
        embed += other.embed;
        return *this;
    }
};

/// Adds the time it lives to a total.
class Stopwatch {
public:
    explicit Stopwatch(StageTimes::Duration& total) : m_total(total), m_start(std::chrono::steady_clock::now()) {}
    ~Stopwatch() { m_total += std::chrono::steady_clock::now() - m_start; }
    Stopwatch(Stopwatch const&) = delete;
    Stopwatch& operator=(Stopwatch const&) = delete;

private:
    StageTimes::Duration& m_total;
    std::chrono::steady_clock::time_point m_start;
};

}  // namespace bioctl::face
