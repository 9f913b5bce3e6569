// Sightings as events, the webhook of the settings, and deliveries that are tried at once.

#include <catch2/catch.hpp>

#include <thread>

#include <nlohmann/json.hpp>

#include "lib/app/devices.hpp"
#include "lib/app/dispatch.hpp"
#include "lib/app/sightings.hpp"
#include "lib/app/webhook_setting.hpp"
#include "lib/base/file.hpp"
#include "lib/store/events.hpp"
#include "tests/support/expect_error.hpp"
#include "tests/support/raw_server.hpp"
#include "tests/support/stopped_clock.hpp"
#include "tests/support/temp_dir.hpp"

using namespace bioctl;
using namespace bioctl::app;
using namespace bioctl::test;
using namespace std::chrono_literals;

namespace {

using State = QueuedDelivery::State;

struct Seen {
    TempDir dir;
    StoppedClock clock;
    SealKey key = SealKey::load_or_create(dir / "secret.key");
    StoreWriter writer{store::Store::open(dir / "bioctl.db", {})};
    Zone zone{"Asia/Jakarta"};
    Sightings sightings{SightingSetup{.writer = writer, .clock = clock, .media_dir = dir / "media", .zone = zone}};

    [[nodiscard]] Sighting sighting(std::string person, Timestamp time) const {
        return {.source = "lobby",
                .person_id = std::move(person),
                .name = "Ana",
                .distance = 0.38123F,
                .box = {10, 110, 130, 20},
                .frame_width = 640,
                .frame_height = 480,
                .time = time};
    }
    ReportedSighting report(std::string person, std::chrono::milliseconds after = 0ms) {
        return sightings.report(sighting(std::move(person), clock.now() + after));
    }
    store::Event event(std::int64_t id) {
        std::optional<store::Event> event;
        writer.write([&](store::Store& store) { event = store.events().get(id); });
        REQUIRE(event);
        return *event;
    }
    std::int64_t events() {
        std::int64_t count = 0;
        writer.write([&](store::Store& store) { count = store.events().count({}); });
        return count;
    }
    std::optional<store::Target> set_webhook(std::string const& url, int cooldown_s = 0, std::string const& token = "") {
        return apply_webhook_setting(writer, key, clock, WebhookSetting{.url = url, .key = token, .cooldown_s = cooldown_s});
    }
    [[nodiscard]] DeliverySetup delivery() {
        return {.writer = writer,
                .key = key,
                .clock = clock,
                .media_dir = dir / "media",
                .claims_file = dir / "deliveries.claims",
                .http = {},
                .retry = {},
                .jobs = 2,
                .should_stop = [] { return false; },
                .pause = [](std::chrono::milliseconds time) { std::this_thread::sleep_for(time); }};
    }
};

RawAnswer closing(RawAnswer answer) {
    answer.close = true;  // the server has one connection at a time
    return answer;
}

}  // namespace

TEST_CASE("a sighting is an event of a source that is no terminal", "[app]") {
    Seen seen;
    auto const reported = seen.report("7");
    auto const event = seen.event(reported.event);
    CHECK(event.device == "lobby");
    CHECK(event.is_of_source);
    CHECK(event.row.is_recognized);
    CHECK(event.row.major == 5);
    CHECK(event.row.minor == 75);
    CHECK(event.row.employee_no == "7");
    CHECK(event.row.name == "Ana");
    CHECK(event.verify_distance == Approx(0.3812).epsilon(1e-9));
    CHECK(event.row.local_time.ends_with("+07:00"));
    CHECK(event.picture_state == "none");
    auto const raw = nlohmann::json::parse(event.row.raw);
    CHECK(raw == nlohmann::json::parse(R"({"source":"lobby","distance":0.3812,"box":{"top":10,"right":110,"bottom":130,"left":20},
                                           "frame_info":{"w":640,"h":480}})"));
    seen.writer.write([](store::Store& store) {
        CHECK(store.devices().list().empty());
        REQUIRE(store.devices().sources().size() == 1);
        CHECK(error_of([&] { static_cast<void>(require_device(store, "lobby")); }).kind() == Kind::data);
        CHECK(choose_devices(store, {}).empty());
    });
}

TEST_CASE("sightings of a source are numbered one after the other, unknown faces too", "[app]") {
    Seen seen;
    auto const first = seen.event(seen.report("7").event);
    auto const second = seen.event(seen.report("", 1s).event);
    auto const third = seen.event(seen.report("8", 1s).event);
    CHECK(first.row.serial == 1);
    CHECK(second.row.serial == 2);
    CHECK(third.row.serial == 3);
    CHECK(third.epoch == 1);
    CHECK_FALSE(second.row.is_recognized);
    CHECK(second.row.minor == 76);
}

TEST_CASE("the picture of a sighting is kept below media", "[app]") {
    Seen seen;
    auto sighting = seen.sighting("7", seen.clock.now());
    sighting.picture = Bytes{std::byte{1}, std::byte{2}};
    auto const event = seen.event(seen.sightings.report(sighting).event);
    CHECK(event.picture_state == "stored");
    CHECK(read_file(seen.dir / "media" / event.picture, 100).or_throw() == sighting.picture);
    // Terminals' pictures are compared with templates later; here our own recogniser has done so.
    seen.writer.write([](store::Store& store) { CHECK(store.events().unverified(10).empty()); });
}

TEST_CASE("a source has a name as devices have, and not that of a terminal", "[app]") {
    Seen seen;
    seen.writer.write([&](store::Store& store) {
        store::DeviceConfig config;
        config.name = "gate";
        config.base_url = "http://192.0.2.1";
        store.devices().add(config, seen.clock.now());
    });
    auto sighting = seen.sighting("7", seen.clock.now());
    sighting.source = "gate";
    CHECK(error_of([&] { seen.sightings.report(sighting); }).kind() == Kind::data);
    sighting.source = "a\nb";
    CHECK(error_of([&] { seen.sightings.report(sighting); }).kind() == Kind::usage);
    CHECK(seen.events() == 0);
}

TEST_CASE("who stays before a camera is one event, unless a target wants to hear again", "[app]") {
    Seen seen;
    auto const first = seen.report("7");
    auto const again = seen.report("7", 9s);
    CHECK(again.is_repeat);
    CHECK(again.event == first.event);
    CHECK_FALSE(seen.report("8", 9s).is_repeat);
    CHECK_FALSE(seen.report("7", 10s).is_repeat);
    CHECK(seen.events() == 3);
    seen.set_webhook("http://127.0.0.1:1/", 2);
    CHECK_FALSE(seen.report("7", 11s).is_repeat);
    CHECK(seen.report("7", 12s).is_repeat);
    CHECK_FALSE(seen.report("7", 13s).is_repeat);
}

TEST_CASE("the webhook of the settings becomes a target, follows them, and rests without them", "[app]") {
    Seen seen;
    CHECK(seen.report("1").at("webhook").state == State::off);
    auto const target = seen.set_webhook("http://192.0.2.1/a", 5, "token");
    REQUIRE(target);
    CHECK(target->name == "webhook");
    CHECK(target->format == "attendance");
    CHECK(seen.key.open(target->bearer).or_throw() == "token");
    CHECK(seen.set_webhook("http://192.0.2.1/a", 5, "token")->updated_at == target->updated_at);
    CHECK(seen.set_webhook("http://192.0.2.1/b", 6, "other")->key == target->key);
    auto const queued = seen.report("7").at("webhook");
    CHECK(queued.state == State::queued);
    REQUIRE(queued.delivery);
    auto const cooling = seen.report("7", 2s).at("webhook");
    CHECK(cooling.state == State::cooldown);
    CHECK(cooling.left == 4s);
    CHECK(seen.report("8", 2s).at("webhook").state == State::queued);
    CHECK(seen.report("", 2s).at("webhook").state == State::off);  // faces that nobody knows are not sent
    CHECK_FALSE(apply_webhook_setting(seen.writer, seen.key, seen.clock, std::nullopt));
    CHECK(seen.report("7", 60s).at("webhook").state == State::off);
    CHECK(seen.set_webhook("http://192.0.2.1/b")->bearer.empty());
}

TEST_CASE("the webhook of the settings touches no target of the user, and comes back when it was removed", "[app]") {
    Seen seen;
    auto const with_outbox = [&](std::function<void(store::Outbox)> const& work) {
        seen.writer.write([&](store::Store& store) { work(store.outbox()); });
    };
    seen.set_webhook("http://192.0.2.1/a");
    with_outbox([](store::Outbox outbox) { outbox.remove_target("webhook"); });
    // The user's own gets the key of the one that was removed.
    with_outbox(
        [&](store::Outbox outbox) { outbox.add_target({.name = "webhook", .url = "http://192.0.2.9/"}, seen.clock.now()); });
    CHECK(error_of([&] { seen.set_webhook("http://192.0.2.1/a"); }).kind() == Kind::config);
    CHECK_FALSE(apply_webhook_setting(seen.writer, seen.key, seen.clock, std::nullopt));
    with_outbox([](store::Outbox outbox) {
        CHECK(outbox.target("webhook")->enabled);
        outbox.remove_target("webhook");
    });
    CHECK(seen.set_webhook("http://192.0.2.1/a"));
    CHECK(error_of([&] { seen.set_webhook("gopher://192.0.2.1/"); }).kind() == Kind::config);
}

TEST_CASE("an unknown face is sent when whoever posted it asks for that", "[app]") {
    Seen seen;
    seen.set_webhook("http://192.0.2.1/a", 5);
    auto sighting = seen.sighting("", seen.clock.now());
    sighting.is_unknown_told = true;
    auto const queued = seen.sightings.report(sighting).at("webhook");
    CHECK(queued.state == State::queued);
    CHECK(queued.delivery);
}

TEST_CASE("a dispatch sends at once what the old service sent, and tells the answer", "[app]") {
    Seen seen;
    RawServer server{[](RawRequest const&) { return closing(reply(200, R"({"ok":true,"token":"ATT-1-7"})")); }};
    seen.set_webhook(server.url("/hook"), 5, "secret");
    Dispatcher dispatcher{seen.delivery()};
    auto const reported = seen.report("7");
    auto const sent = dispatcher.dispatch(reported.at("webhook"));
    CHECK(sent.status == Dispatch::Status::sent);
    CHECK(sent.http_status == 200);
    CHECK(sent.reason == "ok");
    CHECK(sent.message == R"({"ok":true,"token":"ATT-1-7"})");
    REQUIRE(server.requests().size() == 1);
    auto const request = server.requests().front();
    CHECK(request.header("authorization") == "Bearer secret");
    auto const body = nlohmann::json::parse(request.body);
    CHECK(body["event"] == "attendance.recognized");
    CHECK(body["student_id"] == "7");
    CHECK(body["distance"] == 0.3812);
    CHECK(body["ts"] == to_ms(seen.clock.now()) / 1000);
    CHECK(body["frame_info"] == nlohmann::json::parse(R"({"w":640,"h":480})"));
    CHECK(body["box"] == nlohmann::json::parse(R"({"top":10,"right":110,"bottom":130,"left":20})"));
    CHECK(seen.event(reported.event).delivery == "sent");
    // Once more is once too often.
    CHECK(dispatcher.dispatch(reported.at("webhook")).status == Dispatch::Status::failed);
    CHECK(server.requests().size() == 1);
    auto const skipped = dispatcher.dispatch(seen.report("7", 1s).at("webhook"));
    CHECK(skipped.status == Dispatch::Status::skipped);
    CHECK(skipped.reason == "cooldown_active (4s left)");
    CHECK(dispatcher.dispatch({}).reason == "off");
}

TEST_CASE("a dispatch that fails stays in the outbox, and later ones of the person wait for it", "[app]") {
    Seen seen;
    RawServer server{[](RawRequest const&) { return closing(reply(500, "sick")); }};
    seen.set_webhook(server.url("/hook"));
    Dispatcher dispatcher{seen.delivery()};
    auto const first = seen.report("7");
    auto const failed = dispatcher.dispatch(first.at("webhook"));
    CHECK(failed.status == Dispatch::Status::failed);
    CHECK(failed.http_status == 500);
    CHECK(failed.message == "sick");
    CHECK(failed.reason == "pending");
    CHECK(seen.event(first.event).delivery == "pending");
    CHECK(dispatcher.dispatch(seen.report("7", 1s).at("webhook")).reason == "pending");
    CHECK(server.requests().size() == 1);
    CHECK(dispatcher.dispatch(seen.report("8", 1s).at("webhook")).http_status == 500);
}

TEST_CASE("a webhook that does not answer costs one dispatch its time, not each", "[app]") {
    Seen seen;
    seen.set_webhook("http://127.0.0.1:1/hook");
    Dispatcher dispatcher{seen.delivery()};
    auto const first = dispatcher.dispatch(seen.report("7").at("webhook"));
    CHECK(first.status == Dispatch::Status::failed);
    CHECK(first.http_status == 0);
    CHECK_FALSE(first.message.empty());
    auto const second = seen.report("8");
    CHECK(dispatcher.dispatch(second.at("webhook")).message == "it has not answered before; it is tried again later");
    CHECK(seen.event(second.event).attempts == 0);
}

TEST_CASE("dispatches and a courier never send one delivery twice", "[app]") {
    Seen seen;
    RawServer server{[](RawRequest const&) {
        std::this_thread::sleep_for(2ms);
        return closing(reply(200, "{}"));
    }};
    seen.set_webhook(server.url("/hook"));
    constexpr int k_people = 40;
    std::vector<QueuedDelivery> queued;
    for (int i = 0; i < k_people; ++i)
        queued.push_back(seen.report(std::to_string(100 + i)).at("webhook"));
    std::thread courier{[&] {
        Deliverer deliverer{seen.delivery(), [](DeliveryTry const&) {}};
        deliverer.run(5s, Drain::wholly);
    }};
    std::thread others{[&] {
        Dispatcher dispatcher{seen.delivery()};
        for (auto const& delivery : queued)
            dispatcher.dispatch(delivery);
    }};
    courier.join();
    others.join();
    CHECK(server.requests().size() == k_people);
    seen.writer.write([](store::Store& store) { CHECK(store.outbox().pending() == 0); });
}
