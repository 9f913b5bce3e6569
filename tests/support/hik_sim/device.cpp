#include "tests/support/hik_sim/device.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "tests/support/hik_sim/random.hpp"
#include "tests/support/hik_sim/replies.hpp"
#include "tests/support/hik_sim/routes.hpp"

namespace bioctl::hik_sim {

namespace {

using sim_http::Ending;
using sim_http::Reply;
using sim_http::Request;

constexpr std::chrono::milliseconds k_least_slowness{100};
constexpr std::uint64_t k_fault_every = 10, k_burst_every = 20, k_burst_size = 3;

Terminal make_terminal(DeviceOptions const& options) {
    auto const seed = sub_seed(options.seed, options.number);
    auto const span = std::chrono::duration_cast<std::chrono::seconds>(options.span).count();
    auto const now = DeviceClock{options.quirks, 0}.now();
    Terminal terminal{.identity = make_identity(options.number, seed),
                      .seed = seed,
                      .quirks = options.quirks,
                      .clock = DeviceClock{options.quirks, now - span / 2},
                      .log = EventLog{seed}};
    terminal.log.append({.count = options.events, .first = now - span, .last = now - 1}, options.quirks);
    return terminal;
}

Doorkeeper make_doorkeeper(DeviceOptions const& options) {
    auto const seed = sub_seed(~options.seed, options.number);
    return Doorkeeper{{.user = options.user,
                       .password = options.password,
                       .realm = fmt::format("DS-{:08X}", seed & 0xffffffffU),
                       .lock_time = options.lock_time,
                       .seed = seed}};
}

}  // namespace

Identity make_identity(unsigned number, std::uint64_t seed) {
    Random random{seed};
    std::string const model = "DS-K1T342MFWX";
    return {.name = fmt::format("dev-{:03}", number),
            .model = model,
            .serial_number = fmt::format("{}20230602V031601EN{}{:08}", model, "FK", random.below(100000000)),
            .mac = fmt::format("a4:d5:c2:{:02x}:{:02x}:{:02x}", random.below(256), number / 256 % 256, number % 256)};
}

Device::Device(sim_http::Loop& loop, DeviceOptions const& options)
    : m_terminal(make_terminal(options)),
      m_doorkeeper(make_doorkeeper(options)),
      m_latency(options.latency),
      m_server(loop, options.port, [this](Request const& request) { return handle(request); }) {
    m_terminal.base_url = m_server.url();
}

void Device::add_events(std::uint32_t count, std::int64_t late_by_s) {
    auto const time = m_terminal.clock.now() - late_by_s;
    m_terminal.log.append({.count = count, .first = time, .last = time}, m_terminal.quirks);
}

Reply Device::handle(Request const& request) {
    ++m_stats.requests;
    m_stats.last_request = std::chrono::steady_clock::now();
    m_stats.max_in_flight = std::max(m_stats.max_in_flight, ++*m_in_flight);
    std::shared_ptr<void> const until_sent{nullptr, [count = m_in_flight](void*) { --*count; }};
    auto reply = m_is_stalled ? Reply{.ending = Ending::silent} : respond(request);
    auto const& quirks = m_terminal.quirks;
    if (quirks.has(Quirk::connection_close) && reply.ending == Ending::keep) reply.ending = Ending::close;
    reply.headers.push_back({"Server", "webs"});
    reply.headers.push_back({"Cache-Control", "no-store"});
    reply.delay = quirks.has(Quirk::slow) ? std::max(m_latency * 10, k_least_slowness) : m_latency;
    reply.until_sent = until_sent;
    return reply;
}

Reply Device::respond(Request const& request) {
    auto const now = std::chrono::steady_clock::now();
    if (m_terminal.quirks.has(Quirk::one_at_a_time) && *m_in_flight > 1)
        return m_doorkeeper.refusal(Verdict::unsigned_leg, m_terminal.quirks, now);
    auto const verdict = m_doorkeeper.judge(request, m_terminal.quirks, now);
    count_verdict(verdict);
    if (verdict != Verdict::granted) return m_doorkeeper.refusal(verdict, m_terminal.quirks, now);
    return respond_to_signed(request);
}

void Device::count_verdict(Verdict verdict) {
    switch (verdict) {
        case Verdict::granted: ++m_stats.logins_ok; break;
        case Verdict::unsigned_leg: break;
        case Verdict::stale:
        case Verdict::nonce_refused: ++m_stats.nonces_refused; break;
        case Verdict::wrong:
        case Verdict::locked: ++m_stats.logins_failed; break;
    }
}

Reply Device::respond_to_signed(Request const& request) {
    auto const& quirks = m_terminal.quirks;
    auto const turn = m_signed++;
    if (quirks.has(Quirk::busy_bursts) && turn % k_burst_every >= k_burst_every - k_burst_size)
        return refusal(m_terminal, request, {fault::device_busy});
    auto reply = dispatch(m_terminal, request);
    if (turn % k_fault_every != k_fault_every - 1) return reply;
    if (quirks.has(Quirk::close_mid_body)) reply.ending = Ending::cut;
    if (quirks.has(Quirk::stall_mid_body)) reply.ending = Ending::stall;
    return reply;
}

}  // namespace bioctl::hik_sim
