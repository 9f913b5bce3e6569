// smtp_sim: a mail server on 127.0.0.1, for tests by hand and by bats. Says where it listens in a line of JSON, and writes each
// message that it takes to a file as one line of JSON.

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>
#include <fstream>
#include <thread>

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "tests/support/smtp_sim/server.hpp"

namespace {

using namespace bioctl::smtp_sim;

std::atomic<bool> is_over{false};

struct Arguments {
    std::string tls = "off", user, password, out = "smtp_sim.mails";
    std::vector<std::string> faults;
};

Options options_of(Arguments const& arguments) {
    Options options{.user = arguments.user, .password = arguments.password};
    if (arguments.tls == "starttls") options.tls = Tls::starttls;
    if (arguments.tls == "implicit") options.tls = Tls::implicit;
    for (auto const& fault : arguments.faults) {
        auto const equals = fault.find('=');
        options.faults[fault.substr(0, equals)] = equals == std::string::npos ? "close" : fault.substr(equals + 1);
    }
    return options;
}

void serve(Arguments const& arguments) {
    Server server{options_of(arguments)};
    fmt::print("{}\n", nlohmann::json{{"type", "ready"}, {"port", server.port()}, {"pin", server.pin()}}.dump());
    std::fflush(stdout);
    std::size_t written = 0;
    while (!is_over) {
        auto const mails = server.received();
        for (std::ofstream out{arguments.out, std::ios::app}; written < mails.size(); ++written) {
            auto const& mail = mails[written];
            out << nlohmann::json{{"from", mail.from},
                                  {"to", mail.to},
                                  {"data", mail.data},
                                  {"user", mail.user},
                                  {"is_encrypted", mail.is_encrypted}}
                       .dump()
                << std::endl;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
}

}  // namespace

int main(int argc, char** argv) try {
    CLI::App app{"A mail server for tests"};
    Arguments arguments;
    app.add_option("--tls", arguments.tls, "off, starttls, implicit")->check(CLI::IsMember({"off", "starttls", "implicit"}));
    app.add_option("--user", arguments.user, "Who must log in");
    app.add_option("--password", arguments.password, "With what");
    app.add_option("--fault", arguments.faults, "STEP=LINE, STEP=stall or STEP=close");
    app.add_option("--out", arguments.out, "Where messages are written");
    CLI11_PARSE(app, argc, argv);
    for (auto const number : {SIGTERM, SIGINT})
        std::signal(number, [](int) { is_over = true; });
    serve(arguments);
    return 0;
} catch (std::exception const& error) {
    fmt::print(stderr, "smtp_sim: {}\n", error.what());
    return 1;
}
