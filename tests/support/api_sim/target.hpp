#pragma once
// The API that events are delivered to: takes every POST, fails as often and in the ways it is told, and remembers what it got.

#include <chrono>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/api_sim/telegram.hpp"
#include "tests/support/sim_http/message.hpp"

namespace bioctl::api_sim {

struct Failure {
    enum class How { status, timeout, close } how = How::status;
    int status = 500;
};

/// "500,503,timeout,close": statuses from 300 to 599, never answering, closing without an answer. Throws Error{Kind::usage}.
[[nodiscard]] std::vector<Failure> parse_failures(std::string_view text);

struct TargetOptions {
    double fail_rate = 0;  ///< 0 to 1
    std::uint64_t seed = 1;
    std::vector<Failure> failures = parse_failures("500");
    std::chrono::milliseconds latency{0};
    long retry_after_s = 0;           ///< in answers 429 and 503; 0: no such header
    bool has_presence_reply = false;  ///< answers as the old presence API: status and attendance
    std::string telegram_token{};     ///< not empty: answers as Telegram's Bot API
};

class Target {
public:
    explicit Target(TargetOptions options);

    [[nodiscard]] sim_http::Reply take(sim_http::Request const& request);
    void set_fail_rate(double rate) { m_options.fail_rate = rate; }
    void set_failures(std::vector<Failure> failures) { m_options.failures = std::move(failures); }

    /// NDJSON, one line for each request that was recorded, in the order of arrival.
    [[nodiscard]] std::string received() const;
    [[nodiscard]] std::string stats() const;

private:
    struct Record {
        std::string line;    ///< JSON up to the body
        std::string body{};  ///< if it was kept
        bool has_body = false;
    };

    void record(sim_http::Request const& request, std::string const& answered);
    [[nodiscard]] sim_http::Reply accept(sim_http::Request const& request);
    [[nodiscard]] sim_http::Reply fail(sim_http::Request const& request);
    /// A number from 0 to limit - 1.
    [[nodiscard]] std::uint64_t roll(std::uint64_t limit) { return m_random() % limit; }

    TargetOptions m_options;
    Telegram m_telegram;
    std::mt19937_64 m_random;
    std::vector<Record> m_records;
    std::size_t m_body_bytes = 0;
    std::uint64_t m_requests = 0, m_accepted = 0, m_failed = 0, m_failed_recorded = 0, m_max_in_flight = 0;
    std::shared_ptr<std::uint64_t> m_in_flight = std::make_shared<std::uint64_t>(0);
};

}  // namespace bioctl::api_sim
