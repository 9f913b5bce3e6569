// api_sim: the API that events are delivered to, simulated on 127.0.0.1. Its control port answers
//   GET /received   GET /stats   POST /mode?[fail-rate=0..1][&fail-with=500,close][&down=1|0]

#include <charconv>
#include <cstdio>
#include <exception>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "lib/base/error.hpp"
#include "tests/support/api_sim/target.hpp"
#include "tests/support/sim_http/server.hpp"

namespace {

using namespace bioctl;
using namespace bioctl::api_sim;

struct Options {
    TargetOptions target;
    std::string fail_with = "500";
    long latency_ms = 0;
    std::uint16_t port = 0;
};

void add_options(CLI::App& app, Options& o) {
    app.add_option("--fail-rate", o.target.fail_rate, "Share of requests that fail")
        ->check(CLI::Range(0.0, 1.0))
        ->capture_default_str();
    app.add_option("--fail-with", o.fail_with, "Ways to fail: statuses, timeout, close")->capture_default_str();
    app.add_option("--retry-after-s", o.target.retry_after_s, "Retry-After of 429 and 503, 0 for none")->capture_default_str();
    app.add_option("--seed", o.target.seed, "The same seed gives the same failures")->capture_default_str();
    app.add_option("--latency-ms", o.latency_ms, "Wait before each answer")->check(CLI::NonNegativeNumber)->capture_default_str();
    app.add_option("--port", o.port, "Port of the API [a free one]");
    app.add_option("--telegram", o.target.telegram_token, "Answer as Telegram's Bot API to the bot of this token");
    app.add_flag("--presence-reply", o.target.has_presence_reply, "Answer as the old presence API");
}

double parse_rate(std::string const& text) {
    double rate = -1;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), rate);
    if (error != std::errc{} || end != text.data() + text.size() || !(rate >= 0 && rate <= 1))
        throw Error{Kind::usage, "fail-rate: not a number from 0 to 1"};
    return rate;
}

void set_mode(Target& target, sim_http::Server& api, sim_http::Request const& request) {
    if (request.query.contains("fail-rate")) target.set_fail_rate(parse_rate(request.parameter("fail-rate")));
    if (request.query.contains("fail-with")) target.set_failures(parse_failures(request.parameter("fail-with")));
    if (request.parameter("down") == "1") api.close();
    if (request.parameter("down") == "0") api.open();
}

sim_http::Reply control(Target& target, sim_http::Server& api, sim_http::Request const& request) try {
    if (request.method == "POST" && request.path == "/mode") set_mode(target, api, request);
    bool const is_known = request.path == "/received" || request.path == "/stats" || request.path == "/mode";
    if (!is_known) return {.status = 404, .body = "{\"error\":\"no such page\"}\n"};
    return {.content_type = "application/x-ndjson", .body = request.path == "/received" ? target.received() : target.stats()};
} catch (Error const& error) {
    return {.status = 400, .content_type = "text/plain", .body = error.message() + '\n'};
}

void run(Options& o) {
    o.target.failures = parse_failures(o.fail_with);
    o.target.latency = std::chrono::milliseconds{o.latency_ms};
    sim_http::Loop loop;
    Target target{o.target};
    sim_http::Limits const limits{.body_bytes = 64 * 1024 * 1024, .connections = 1024};
    sim_http::Server api{loop, o.port, [&](sim_http::Request const& request) { return target.take(request); }, limits};
    sim_http::Server const side_door{loop, 0, [&](sim_http::Request const& request) { return control(target, api, request); }};
    fmt::print(R"({{"type":"ready","url":"{}","control":"{}"}})"
               "\n",
               api.url(), side_door.url());
    std::fflush(stdout);
    loop.run_until_signal();
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"Simulated target API on 127.0.0.1; runs until SIGTERM or SIGINT"};
    Options options;
    add_options(app, options);
    CLI11_PARSE(app, argc, argv);
    try {
        run(options);
        return 0;
    } catch (std::exception const& error) {
        fmt::print(stderr, "api_sim: {}\n", error.what());
        return 1;
    }
}
