// How messages go out where the receiver sets a limit: a simulated Telegram, and a clock that only pauses move.

#include <atomic>

#include <catch2/catch.hpp>

#include <fmt/format.h>

#include "lib/app/delivery.hpp"
#include "lib/app/notifications.hpp"
#include "lib/app/targets.hpp"
#include "tests/support/raw_server.hpp"
#include "tests/support/temp_dir.hpp"

namespace bioctl::test {

using namespace std::chrono_literals;

namespace {

class MovingClock final : public Clock {
public:
    [[nodiscard]] Timestamp now() const override { return from_ms(m_now.load()); }
    void pass(std::chrono::milliseconds time) { m_now += time.count(); }

private:
    std::atomic<std::int64_t> m_now{1'900'000'000'000};
};

class Chat {
public:
    explicit Chat(RawServer::Handler handler) : server(std::move(handler)), key(SealKey::load_or_create(m_dir / "secret.key")) {
        app::TargetChange wanted;
        wanted.name = "chat";
        wanted.url = server.url("?chat_id=-100123");
        wanted.format = "telegram";
        wanted.bearer = "1:token";
        auto store = open();
        app::add_target(store, clock, key, wanted);
    }
    [[nodiscard]] store::Store open() const { return store::Store::open(m_dir / "s.db", {}); }
    void add(int messages) {
        auto store = open();
        for (int i = 0; i < messages; ++i)
            app::add_notification(store, clock, fmt::format("number {}", i), "info", app::Send::yes);
    }
    /// What a process of its own would have.
    [[nodiscard]] std::unique_ptr<app::Deliverer> deliverer(app::StoreWriter& writer) {
        app::DeliverySetup setup{.writer = writer,
                                 .key = key,
                                 .clock = clock,
                                 .media_dir = m_dir / "media",
                                 .claims_file = m_dir / "deliveries.claims",
                                 .http = {},
                                 .retry = {},
                                 .should_stop = [] { return false; },
                                 .pause = [this](std::chrono::milliseconds time) { clock.pass(time); }};
        return std::make_unique<app::Deliverer>(std::move(setup), [](app::DeliveryTry const&) {});
    }

private:
    TempDir m_dir;

public:
    MovingClock clock;
    RawServer server;
    SealKey key;
};

}  // namespace

TEST_CASE("a service sends a group as many messages as Telegram takes, not half of them", "[app]") {
    std::atomic<MovingClock*> clock = nullptr;
    Chat chat{[&](RawRequest const&) {
        if (auto* const known = clock.load()) known->pass(200ms);  // an answer takes its time
        return reply(200, R"({"ok":true})");
    }};
    clock = &chat.clock;
    chat.add(25);
    app::StoreWriter writer{chat.open()};
    auto const deliverer = chat.deliverer(writer);
    auto const begin = chat.clock.now();
    while (chat.clock.now() - begin < 50s) {
        deliverer->run(1s, app::Drain::in_time);
        chat.clock.pass(500ms);
    }
    CHECK(chat.server.requests().size() == 20);
    while (chat.clock.now() - begin < 90s) {
        deliverer->run(1s, app::Drain::in_time);
        chat.clock.pass(500ms);
    }
    CHECK(chat.server.requests().size() == 25);
}

TEST_CASE("after Telegram's 429 the next process waits, too, unless the target is another one now", "[app]") {
    std::atomic<bool> is_over_limit = true;
    Chat chat{[&](RawRequest const&) {
        return is_over_limit ? reply(429, R"({"ok":false,"error_code":429,"parameters":{"retry_after":120}})")
                             : reply(200, R"({"ok":true})");
    }};
    chat.add(3);
    auto const run_process = [&] {
        app::StoreWriter writer{chat.open()};
        return chat.deliverer(writer)->run(5s, app::Drain::in_time);
    };
    CHECK(run_process().postponed == 1);
    is_over_limit = false;
    chat.add(1);
    CHECK(run_process().sent == 0);
    CHECK(chat.server.requests().size() == 1);

    SECTION("until the time is over") {
        chat.clock.pass(121s);
        CHECK(run_process().sent > 0);
    }
    SECTION("though the message that met the limit was given up") {
        auto store = chat.open();
        store.write([&] { store.outbox().drop({.ids = {1}}, chat.clock.now()); });
        CHECK(run_process().sent == 0);
    }
    SECTION("until the token is another one") {
        auto store = chat.open();
        app::TargetChange change;
        change.bearer = "2:other";
        app::edit_target(store, chat.clock, chat.key, "chat", change);
        CHECK(run_process().sent > 0);
    }
}

}  // namespace bioctl::test
