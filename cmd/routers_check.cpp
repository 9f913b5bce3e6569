#include <CLI/CLI.hpp>

#include "cmd/router_verbs.hpp"
#include "lib/app/router_check.hpp"

namespace bioctl::cmd {

namespace {

struct CheckOptions {
    std::vector<std::string> names;
    bool force = false;
    int timeout_s = 10;
};

void add_check(CLI::App& verb, CheckOptions& o) {
    verb.add_option("name", o.names, "Routers to check; all that are enabled if none is named")->type_name("NAME");
    verb.add_flag("--force", o.force, "Log in although a refusal has stopped the logins");
    verb.add_option("--timeout", o.timeout_s, "Seconds to wait: for the connection, for the login, for each answer")
        ->type_name("S")
        ->check(CLI::Range(1, 300))
        ->capture_default_str();
}

std::string_view word_for(app::Fitness fitness) {
    switch (fitness) {
        case app::Fitness::good: return "ok";
        case app::Fitness::warning: return "warning";
        case app::Fitness::bad: return "failed";
    }
    return "failed";
}

int run_check(CheckOptions const& o, Context& cx) {
    auto store = open_router_store(cx, store::Access::read_write);
    auto const routers = app::choose_routers(store, o.names);
    if (routers.empty()) throw Error{Kind::no_input, "there are no routers to check; `bioctl routers add` adds one"};
    auto const key = seal_key(cx);
    std::chrono::seconds const limit{o.timeout_s};
    app::RouterCheckRules rules;
    rules.times.connect = rules.times.login = rules.times.command = limit;
    rules.times.should_stop = [] { return stop_signal.load() != 0; };
    rules.force = o.force;
    cx.out.columns({"router", "topic", "result", "text", "remedy"});
    auto worst = app::Fitness::good;
    for (auto const& router : routers) {
        if (stop_signal.load() != 0) return 128 + stop_signal.load();
        auto const fitness = app::check_router(store, cx.clock, key, router, rules, [&](app::RouterFinding const& finding) {
            cx.out.record("finding", {{"router", router.config.name},
                                      {"topic", finding.topic},
                                      {"result", word_for(finding.fitness)},
                                      {"text", finding.text},
                                      {"remedy", text_or_null(finding.remedy)}});
        });
        worst = std::max(worst, fitness);
    }
    return worst == app::Fitness::bad ? k_exit_no : k_exit_yes;
}

}  // namespace

Verb routers_check_verb() {
    return verb("check", "Ask routers whether their hotspot users can be read", Group::network, add_check, run_check);
}

}  // namespace bioctl::cmd
