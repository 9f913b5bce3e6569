#include "cmd/ping_printer.hpp"

#include <algorithm>
#include <iostream>

#include <fmt/format.h>

namespace bioctl::cmd {

using std::chrono::nanoseconds;

namespace {

double milliseconds(nanoseconds time) {
    return static_cast<double>(time.count()) / 1e6;
}

int loss_percent(int sent, int received) {
    return sent == 0 ? 0 : (sent - received) * 100 / sent;
}

nanoseconds average(ont::TargetResult const& result) {
    return result.received == 0 ? nanoseconds{} : result.sum / result.received;
}

std::string summary_times(ont::TargetResult const& result) {
    if (result.received == 0) return "";
    return fmt::format(", min/avg/max = {}/{}/{}", ping_time(result.least), ping_time(average(result)), ping_time(result.most));
}

/// The totals of -s; fping's words, with what it does not count left out.
std::string totals(ont::SweepReport const& report, std::size_t unknown_names) {
    std::size_t alive = 0;
    nanoseconds least = nanoseconds::max(), most{}, sum{};
    std::uint64_t timeouts = 0;
    for (auto const& result : report.targets) {
        alive += result.received > 0 ? 1U : 0U;
        timeouts += static_cast<std::uint64_t>(result.sent - result.received);
        sum += result.sum;
        if (result.received == 0) continue;
        least = std::min(least, result.least);
        most = std::max(most, result.most);
    }
    auto text = fmt::format("\n{:8} targets\n{:8} alive\n{:8} unreachable\n{:8} unknown addresses\n\n", report.targets.size(),
                            alive, report.targets.size() - alive, unknown_names);
    text += fmt::format("{:8} timeouts (waiting for response)\n{:8} ICMP Echos sent\n{:8} ICMP Echo Replies received\n", timeouts,
                        report.sent, report.received);
    text += fmt::format("{:8} other ICMP received\n\n", report.icmp_errors + report.foreign);
    if (report.received > 0) {
        text += fmt::format(" {} ms (min round trip time)\n {} ms (avg round trip time)\n {} ms (max round trip time)\n",
                            ping_time(least), ping_time(sum / static_cast<std::int64_t>(report.received)), ping_time(most));
    }
    return text + fmt::format("{:13.3f} sec (elapsed real time)\n\n", milliseconds(report.took) / 1000);
}

class TextPrinter : public PingPrinter {
public:
    TextPrinter(Context& cx, PingStyle const& style, std::vector<PingTarget> const& targets)
        : m_cx(cx), m_style(style), m_targets(targets), m_results(targets.size()) {
        if (!is_series()) return;
        for (auto const& target : targets)
            m_width = std::max(m_width, target.shown().size());
        if (m_style.show == PingShow::values)
            m_values.resize(targets.size() * static_cast<std::size_t>(style.count), nanoseconds{-1});
    }

    void reply(ont::EchoReply const& reply) override {
        if (!is_series()) return;
        auto& result = m_results[reply.target];
        ++result.received;
        ++result.sent;
        result.sum += reply.rtt;
        if (m_style.show == PingShow::values)
            m_values[reply.target * static_cast<std::size_t>(m_style.count) + reply.attempt] = reply.rtt;
        if (m_style.is_quiet) return;
        print(fmt::format("{:<{}} : [{}], {} bytes, {} ms ({} avg, {}% loss)\n", m_targets[reply.target].shown(), m_width,
                          reply.attempt, reply.bytes, ping_time(reply.rtt), ping_time(average(result)),
                          loss_percent(result.sent, result.received)));
    }

    void lost(std::uint32_t target, std::uint16_t attempt) override {
        if (!is_series()) return;
        auto& result = m_results[target];
        ++result.sent;
        if (m_style.is_quiet) return;
        auto const mean = result.received == 0 ? "NaN" : ping_time(average(result));
        print(fmt::format("{:<{}} : [{}], timed out ({} avg, {}% loss)\n", m_targets[target].shown(), m_width, attempt, mean,
                          loss_percent(result.sent, result.received)));
    }

    void done(std::uint32_t target, ont::TargetResult const& result) override {
        if (is_series()) return;
        bool const is_alive = result.received > 0;
        if (m_style.show == PingShow::alive && !is_alive) return;
        if (m_style.show == PingShow::unreachable && is_alive) return;
        auto line = m_targets[target].shown();
        if (m_style.show == PingShow::verdicts) line += is_alive ? " is alive" : " is unreachable";
        if (m_style.has_elapsed && is_alive) line += fmt::format(" ({} ms)", ping_time(result.least));
        m_cx.out.text(line + '\n');
    }

    void finish(ont::SweepReport const& report, std::size_t unknown_names) override {
        m_cx.out.flush();
        // The result, not talk: --quiet is for the lines of single probes here, as in fping.
        if (is_series() && !m_style.is_quiet) std::cerr << '\n';
        for (std::size_t i = 0; is_series() && i < m_targets.size(); ++i)
            std::cerr << summary(i, report.targets[i]);
        if (m_style.has_totals) std::cerr << totals(report, unknown_names);
        std::cerr.flush();
    }

private:
    [[nodiscard]] bool is_series() const { return m_style.show == PingShow::series || m_style.show == PingShow::values; }

    /// A series is watched while it runs.
    void print(std::string const& line) {
        m_cx.out.text(line);
        m_cx.out.flush();
    }

    [[nodiscard]] std::string summary(std::size_t index, ont::TargetResult const& result) const {
        auto line = fmt::format("{:<{}} :", m_targets[index].shown(), m_width);
        if (m_style.show == PingShow::series) {
            return line + fmt::format(" xmt/rcv/%loss = {}/{}/{}%{}\n", result.sent, result.received,
                                      loss_percent(result.sent, result.received), summary_times(result));
        }
        auto const count = static_cast<std::size_t>(m_style.count);
        for (auto i = index * count; i < (index + 1) * count; ++i)
            line += fmt::format(" {}", m_values[i].count() < 0 ? "-" : ping_time(m_values[i]));
        return line + '\n';
    }

    Context& m_cx;
    PingStyle m_style;
    std::vector<PingTarget> const& m_targets;
    std::vector<ont::TargetResult> m_results;  // so far, of a series
    std::vector<nanoseconds> m_values;         // of -C, by target and attempt
    std::size_t m_width = 0;
};

class RecordPrinter : public PingPrinter {
public:
    RecordPrinter(Context& cx, PingStyle const& style, std::vector<PingTarget> const& targets)
        : m_cx(cx), m_style(style), m_targets(targets) {}

    void reply(ont::EchoReply const& reply) override {
        if (m_style.count == 0 || m_style.is_quiet) return;
        m_cx.out.record("reply", {{"host", m_targets[reply.target].shown()},
                                  {"attempt", reply.attempt},
                                  {"bytes", reply.bytes},
                                  {"rtt_ms", ui::decimal(milliseconds(reply.rtt), 3)}});
        m_cx.out.flush();
    }

    void lost(std::uint32_t target, std::uint16_t attempt) override {
        if (m_style.count == 0 || m_style.is_quiet) return;
        m_cx.out.record("timeout", {{"host", m_targets[target].shown()}, {"attempt", attempt}});
        m_cx.out.flush();
    }

    void done(std::uint32_t target, ont::TargetResult const& result) override {
        bool const is_alive = result.received > 0;
        if (m_style.show == PingShow::alive && !is_alive) return;
        if (m_style.show == PingShow::unreachable && is_alive) return;
        auto const time = [&](nanoseconds value) { return is_alive ? ui::decimal(milliseconds(value), 3) : ui::Value{}; };
        m_cx.out.record(
            "ping", {{"host", m_targets[target].shown()},
                     {"address", ont::to_text(m_targets[target].address)},
                     {"alive", is_alive},
                     {"sent", result.sent},
                     {"received", result.received},
                     {"loss_percent", loss_percent(result.sent, result.received)},
                     {"rtt_min_ms", time(result.least)},
                     {"rtt_avg_ms", time(average(result))},
                     {"rtt_max_ms", time(result.most)},
                     {"icmp_error", result.has_icmp_error ? ui::Value{fmt::format("{}/{}", result.icmp_type, result.icmp_code)}
                                                          : ui::Value{}}});
    }

    void finish(ont::SweepReport const& report, std::size_t unknown_names) override {
        auto const alive = std::ranges::count_if(report.targets, [](auto const& result) { return result.received > 0; });
        m_cx.out.record("summary", {{"targets", report.targets.size()},
                                    {"alive", alive},
                                    {"unknown_names", unknown_names},
                                    {"sent", static_cast<std::int64_t>(report.sent)},
                                    {"received", static_cast<std::int64_t>(report.received)},
                                    {"duplicates", static_cast<std::int64_t>(report.duplicates)},
                                    {"late", static_cast<std::int64_t>(report.late)},
                                    {"wrong_source", static_cast<std::int64_t>(report.wrong_source)},
                                    {"icmp_errors", static_cast<std::int64_t>(report.icmp_errors)},
                                    {"pauses", static_cast<std::int64_t>(report.pauses)},
                                    {"own_drops", static_cast<std::int64_t>(report.own_drops)},
                                    {"seconds", ui::decimal(milliseconds(report.took) / 1000, 3)}});
    }

private:
    Context& m_cx;
    PingStyle m_style;
    std::vector<PingTarget> const& m_targets;
};

}  // namespace

std::string ping_time(nanoseconds time) {
    auto const ms = milliseconds(time);
    if (ms < 1) return fmt::format("{:.3f}", ms);
    if (ms < 10) return fmt::format("{:.2f}", ms);
    return ms < 100 ? fmt::format("{:.1f}", ms) : fmt::format("{:.0f}", ms);
}

std::unique_ptr<PingPrinter> make_ping_printer(Context& cx, PingStyle const& style, std::vector<PingTarget> const& targets) {
    if (cx.out.rendering() == ui::Rendering::json) return std::make_unique<RecordPrinter>(cx, style, targets);
    return std::make_unique<TextPrinter>(cx, style, targets);
}

}  // namespace bioctl::cmd
