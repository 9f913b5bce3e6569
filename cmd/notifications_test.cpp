#include <algorithm>
#include <chrono>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "cmd/notification_verbs.hpp"
#include "lib/app/notifications.hpp"
#include "lib/base/text.hpp"

namespace bioctl::cmd {

namespace {

// For a message's turn at a receiver that sets a limit, and for another process that delivers.
constexpr std::chrono::seconds k_patience{3};
constexpr std::chrono::seconds k_patience_with_others{60};
constexpr std::chrono::milliseconds k_look_again{200};

struct TestOptions {
    std::optional<std::string> target;
};

void add_test(CLI::App& verb, TestOptions& o) {
    verb.add_option("--target", o.target, "Only this one")->type_name("NAME");
}

bool is_over(store::Delivery const& delivery) {
    return delivery.state != "pending";
}

/// By ourselves; or, where a service is at it already, by that.
void deliver_now(Context& cx, std::vector<app::QueuedTest> const& tests) {
    // A service leaves its turn again and again, so this waits for one only when a long delivery is under way.
    auto const turn = delivery_turn(cx, std::chrono::seconds{0});
    if (turn) {
        SyncWorkspace work{cx};
        auto setup = delivery_setup(cx, work);
        for (auto const& test : tests)
            setup.only_targets.push_back(test.target);
        app::Deliverer deliverer{std::move(setup), [](app::DeliveryTry const&) {}};
        deliverer.run(k_patience, app::Drain::in_time);
        return;
    }
    cx.talk.note("another bioctl is delivering; waiting for it to send the test");
    auto store = cx.open_store(store::Access::read_only);
    auto const end = std::chrono::steady_clock::now() + k_patience_with_others;
    while (stop_signal.load() == 0 && std::chrono::steady_clock::now() < end) {
        if (std::ranges::all_of(app::tests_now(store, tests), is_over)) return;
        pause_until_stopped(k_look_again);
    }
}

int run_test(TestOptions const& o, Context& cx) {
    if (!cx.has_store())
        throw Error{Kind::no_input, "no target takes notifications; `bioctl targets add NAME URL --kind notification` adds one"};
    auto store = cx.open_store(store::Access::read_write);
    auto const tests = app::queue_tests(store, cx.clock, o.target);
    try {
        deliver_now(cx, tests);
    } catch (...) {
        app::drop_tests(store, cx.clock, tests);
        throw;
    }
    auto const deliveries = app::tests_now(store, tests);
    app::drop_tests(store, cx.clock, tests);
    cx.out.columns({"target", "result", "reason"});
    bool is_all_sent = true;
    for (auto const& delivery : deliveries) {
        bool const is_sent = delivery.state == "sent";
        is_all_sent = is_all_sent && is_sent;
        auto const reason =
            is_sent || !delivery.reason.empty() ? delivery.reason : std::string{"it was not its turn yet; try again"};
        cx.out.record("test", {{"target", delivery.target},
                               {"result", is_sent ? "sent" : "not_sent"},
                               {"http_status", delivery.http_status == 0 ? ui::Value{} : ui::Value{delivery.http_status}},
                               {"reason", text_or_null(reason)},
                               {"reply", text_or_null(delivery.reply)}});
        if (!is_sent) cx.talk.warn(fmt::format("{}: not sent: {}", printable(delivery.target), printable(reason)));
    }
    if (stop_signal.load() != 0) return 128 + stop_signal.load();
    return is_all_sent ? k_exit_yes : k_exit_no;
}

}  // namespace

Verb notifications_test_verb() {
    return verb("test", "Send a test notification now", Group::network, add_test, run_test);
}

}  // namespace bioctl::cmd
