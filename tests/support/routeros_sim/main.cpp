// routeros_sim: the API of a MikroTik router with hotspot users, simulated on 127.0.0.1. Its control port answers
//   GET /stats
//   POST /mode?[fault=NAME][&password=TEXT][&down=1|0]
//   POST /script?[advance=SECONDS][&bytes=N][&log-out=N][&log-in=N][&again=INDEX][&reboot=1]

#include <charconv>
#include <cstdio>
#include <exception>
#include <memory>
#include <stdexcept>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "tests/support/routeros_sim/server.hpp"
#include "tests/support/sim_http/server.hpp"

namespace {

using namespace bioctl;
using namespace bioctl::routeros_sim;

struct Options {
    RouterOptions router;
    std::string fault = "none";
    std::uint16_t port = 0;
    bool is_old = false, has_no_empty = false, has_no_tags = false;
};

void add_options(CLI::App& app, Options& o) {
    app.add_option("--users", o.router.users, "Hotspot users that are logged in")->capture_default_str();
    app.add_option("--user", o.router.user, "Who may log in")->capture_default_str();
    app.add_option("--password", o.router.password, "With this password")->capture_default_str();
    app.add_option("--identity", o.router.identity, "Name of the router")->capture_default_str();
    app.add_option("--servers", o.router.servers, "Its hotspot servers")->delimiter(',');
    app.add_option("--fault", o.fault, "none, bad-length, huge-length, silent, fatal, cut, stall, trap, bad-challenge");
    app.add_flag("--old-login", o.is_old, "RouterOS before 6.43: challenge and MD5");
    app.add_flag("--no-empty", o.has_no_empty, "RouterOS before 7.18: no !empty");
    app.add_flag("--no-tags", o.has_no_tags, "Do not repeat tags");
    app.add_flag("--split", o.router.is_split, "Each byte in a write of its own");
    app.add_flag("--odd-replies", o.router.has_odd_replies, "Reply words that nobody knows");
    app.add_option("--certificate", o.router.certificate, "Speak TLS with this certificate (PEM)");
    app.add_option("--private-key", o.router.private_key, "and this key");
    app.add_flag("--anonymous", o.router.is_anonymous, "Speak TLS without a certificate");
    app.add_option("--port", o.port, "Port of the API [a free one]");
}

std::int64_t number(sim_http::Request const& request, std::string const& name) {
    auto const text = request.parameter(name, "0");
    std::int64_t value = -1;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < 0)
        throw std::invalid_argument(fmt::format("{}: not a number", name));
    return value;
}

void set_mode(Server& server, sim_http::Request const& request) {
    if (request.query.contains("fault")) {
        auto const fault = fault_from(request.parameter("fault"));
        server.with([&](Router& router) { router.set_fault(fault); });
    }
    if (request.query.contains("password"))
        server.with([&](Router& router) { router.set_password(request.parameter("password")); });
    if (request.parameter("down") == "1") server.close();
    if (request.parameter("down") == "0") server.open();
}

void play(Server& server, sim_http::Request const& request) {
    auto const advance = number(request, "advance"), bytes = number(request, "bytes");
    auto const out = number(request, "log-out"), in = number(request, "log-in");
    server.with([&](Router& router) {
        if (request.parameter("reboot") == "1") router.reboot();
        router.log_out(static_cast<int>(out));
        router.advance(advance, static_cast<std::uint64_t>(bytes));
        router.log_in(static_cast<int>(in));
        if (request.query.contains("again")) router.log_in_again(static_cast<std::size_t>(number(request, "again")));
    });
}

std::string stats(Server& server) {
    std::string text;
    server.with([&](Router& router) {
        text = fmt::format(R"({{"users":{},"connections":{},"logins":{},"refused_logins":{},"commands":{}}})"
                           "\n",
                           router.users().size(), router.connections, router.logins, router.refused_logins, router.commands);
    });
    return text;
}

sim_http::Reply control(Server& server, sim_http::Request const& request) try {
    if (request.method == "POST" && request.path == "/mode") {
        set_mode(server, request);
    } else if (request.method == "POST" && request.path == "/script") {
        play(server, request);
    } else if (request.path != "/stats") {
        return {.status = 404, .body = "{\"error\":\"no such page\"}\n"};
    }
    return {.body = stats(server)};
} catch (std::logic_error const& error) {
    return {.status = 400, .content_type = "text/plain", .body = fmt::format("{}\n", error.what())};
}

void run(Options& o) {
    o.router.fault = fault_from(o.fault);
    o.router.login = o.is_old ? Login::old : Login::modern;
    o.router.has_empty = !o.has_no_empty;
    o.router.repeats_tags = !o.has_no_tags;
    Server server{o.router, o.port};
    sim_http::Loop loop;
    sim_http::Server const side_door{loop, 0, [&](sim_http::Request const& request) { return control(server, request); }};
    fmt::print(R"({{"type":"ready","port":{},"control":"{}"}})"
               "\n",
               server.port(), side_door.url());
    std::fflush(stdout);
    loop.run_until_signal();
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"Simulated RouterOS API on 127.0.0.1; runs until SIGTERM or SIGINT"};
    Options options;
    add_options(app, options);
    CLI11_PARSE(app, argc, argv);
    try {
        run(options);
        return 0;
    } catch (std::exception const& error) {
        fmt::print(stderr, "routeros_sim: {}\n", error.what());
        return 1;
    }
}
