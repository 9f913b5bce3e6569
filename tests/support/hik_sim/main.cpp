// hik_sim: simulated Hikvision terminals on 127.0.0.1, for tests and for playing by hand. See control.hpp for the control port.

#include <cstdio>
#include <exception>
#include <memory>
#include <string>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/base/text.hpp"
#include "tests/support/hik_sim/control.hpp"
#include "tests/support/hik_sim/random.hpp"
#include "tests/support/hik_sim/replies.hpp"

namespace {

using namespace bioctl;
using namespace bioctl::hik_sim;

constexpr std::uint64_t k_max_password_file = 4096;

struct Options {
    unsigned devices = 1;
    std::string quirks = "none";
    std::string password_file;
    std::uint16_t port = 0;
    long latency_ms = 0;
    long span_h = 20;
    long lock_s = 1800;
    bool lists_quirks = false;
    DeviceOptions device{.user = "admin", .password = "hik-Secret-1"};
};

void add_options(CLI::App& app, Options& o) {
    app.add_option("--devices", o.devices, "Number of terminals")->check(CLI::Range(1, 1000))->capture_default_str();
    app.add_option("--events", o.device.events, "Events of each")->check(CLI::Range(0, 1000000))->capture_default_str();
    app.add_option("--span-h", o.span_h, "Hours over which these are spread, ending now")->capture_default_str();
    app.add_option("--seed", o.device.seed, "The same seed gives the same events")->capture_default_str();
    app.add_option("--latency-ms", o.latency_ms, "Wait before each answer")->check(CLI::NonNegativeNumber)->capture_default_str();
    app.add_option("--lock-s", o.lock_s, "Lock-out after five wrong logins")->check(CLI::PositiveNumber)->capture_default_str();
    app.add_option("--quirks", o.quirks, "none, mixed, or names joined by commas")->capture_default_str();
    app.add_option("--port", o.port, "Control port; the terminals take the ports after it [free ones]");
    app.add_option("--user", o.device.user, "User name")->capture_default_str();
    app.add_option("--password-file", o.password_file, "File with the password [hik-Secret-1]");
    app.add_flag("--list-quirks", o.lists_quirks, "Print the quirks and exit");
}

void print_line(std::string const& line) {
    std::fputs((line + '\n').c_str(), stdout);
    std::fflush(stdout);
}

void print_quirks() {
    for (auto const& info : all_quirks())
        print_line(fmt::format("{:<27} {} {} (section {})", info.name, info.mixing == Mixing::never ? ' ' : '*', info.effect,
                               info.section));
    print_line("* may be part of mixed");
}

Devices make_devices(sim_http::Loop& loop, Options const& o) {
    auto each = o.device;
    each.latency = std::chrono::milliseconds{o.latency_ms};
    each.span = std::chrono::hours{o.span_h};
    each.lock_time = std::chrono::seconds{o.lock_s};
    if (!o.password_file.empty()) each.password = trim(as_text(read_file(o.password_file, k_max_password_file).or_throw()));
    Devices devices;
    for (unsigned number = 1; number <= o.devices; ++number) {
        each.number = number;
        each.quirks = parse_quirks(o.quirks, sub_seed(each.seed, number));
        each.port = o.port == 0 ? std::uint16_t{0} : static_cast<std::uint16_t>(o.port + number);
        devices.push_back(std::make_unique<Device>(loop, each));
    }
    return devices;
}

void announce(Device const& device, std::string const& user) {
    auto const& terminal = device.terminal();
    Json const line{{"type", "device"},
                    {"name", terminal.identity.name},
                    {"url", device.server().url()},
                    {"user", user},
                    {"serial_number", terminal.identity.serial_number},
                    {"mac", terminal.identity.mac},
                    {"quirks", terminal.quirks.names()}};
    print_line(line.dump());
}

void run(Options const& o) {
    sim_http::Loop loop;
    auto devices = make_devices(loop, o);
    sim_http::Server const control_server{loop, o.port,
                                          [&](sim_http::Request const& request) { return control(devices, request); }};
    for (auto const& device : devices)
        announce(*device, o.device.user);
    print_line(Json{{"type", "ready"}, {"control", control_server.url()}}.dump());
    loop.run_until_signal();
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"Simulated Hikvision terminals on 127.0.0.1; runs until SIGTERM or SIGINT"};
    Options options;
    add_options(app, options);
    CLI11_PARSE(app, argc, argv);
    try {
        if (options.lists_quirks) {
            print_quirks();
        } else {
            run(options);
        }
        return 0;
    } catch (std::exception const& error) {
        fmt::print(stderr, "hik_sim: {}\n", error.what());
        return 1;
    }
}
