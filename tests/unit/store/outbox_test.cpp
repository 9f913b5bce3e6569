#include <catch2/catch.hpp>

#include "tests/unit/store/device_support.hpp"

using namespace bioctl;
using namespace bioctl::test;

namespace {

struct OutboxFixture : DeviceFixture {
    store::Target target(std::string const& name) {
        store::Target target;
        target.name = name;
        target.url = "https://example.org/" + name;
        return target;
    }
    void add_target(store::Target const& wanted) {
        store.write([&] { outbox.add_target(wanted, at(1)); });
    }
    int queue(std::int64_t event) {
        int pending = 0;
        store.write([&] { pending = outbox.queue_event(event, at(2)); });
        return pending;
    }
    std::vector<std::int64_t> due(std::int64_t ms) {
        std::vector<std::int64_t> events_due;
        for (auto const& delivery : outbox.due(outbox.target("api")->key, at(ms), 100))
            events_due.push_back(delivery.event);
        return events_due;
    }
    void record(std::int64_t id, std::string const& state, std::int64_t not_before = 0) {
        store::Attempt attempt;
        attempt.state = state;
        attempt.not_before = at(not_before);
        store.write([&] { outbox.record(id, attempt, at(9)); });
    }
};

using Ids = std::vector<std::int64_t>;

}  // namespace

TEST_CASE_METHOD(OutboxFixture, "a name is taken once, secrets and lists come back", "[store]") {
    auto wanted = target("api");
    wanted.bearer = Bytes{std::byte{7}};
    wanted.devices = {"gate", "door"};
    add_target(wanted);
    CHECK(kind_of([&] { add_target(wanted); }) == Kind::data);
    auto const stored = *outbox.target("api");
    CHECK(stored.bearer == wanted.bearer);
    CHECK(stored.devices == wanted.devices);
    CHECK(stored.kinds == std::vector<std::string>{"recognized"});
    CHECK_FALSE(outbox.target("apj"));
}

TEST_CASE_METHOD(OutboxFixture, "an event is queued once for each target that takes it", "[store]") {
    add_target(target("a"));
    auto elsewhere = target("b");
    elsewhere.devices = {"door"};
    add_target(elsewhere);
    auto off = target("c");
    off.enabled = false;
    add_target(off);
    auto const id = add(event_row(1, 10)).id;
    CHECK(queue(id) == 1);
    CHECK(queue(id) == 0);
    auto other = event_row(2, 10);
    other.is_recognized = false;
    CHECK(queue(add(other).id) == 0);
    CHECK(events.get(id)->delivery == "pending");
}

TEST_CASE_METHOD(OutboxFixture, "events of one person go out in the order of their time, others do not wait", "[store]") {
    add_target(target("api"));
    auto const late = add(event_row(1, 30)).id;
    auto const early = add(event_row(2, 20)).id;
    auto const stranger = add(event_row(3, 40, "8")).id;
    for (auto const id : {late, early, stranger})
        queue(id);
    CHECK(due(100) == Ids{early, stranger});
    auto const first = outbox.due(outbox.target("api")->key, at(100), 1)[0].id;
    record(first, "pending", 5000);
    CHECK(due(100) == Ids{stranger});
    CHECK(outbox.next_due(outbox.target("api")->key) == Timestamp{});
    CHECK(due(5000) == Ids{early, stranger});
    record(first, "failed");
    CHECK(due(5000) == Ids{late, stranger});
}

TEST_CASE_METHOD(OutboxFixture, "within the cooldown a person is left out, whichever event was first", "[store]") {
    auto wanted = target("api");
    wanted.cooldown_s = 60;
    add_target(wanted);
    CHECK(queue(add(event_row(1, 1000)).id) == 1);
    CHECK(queue(add(event_row(2, 1059)).id) == 0);
    CHECK(queue(add(event_row(3, 1060)).id) == 1);
    CHECK(queue(add(event_row(4, 1010, "8")).id) == 1);
    CHECK(queue(add(event_row(5, 1011, "")).id) == 1);
    CHECK(events.get(2)->delivery == "skipped");
}

TEST_CASE_METHOD(OutboxFixture, "the idempotency key is the event's, for every try and every store, and the target's",
                 "[store]") {
    store.write([&] { devices.set_identity(gate, {"SN1", "", "", ""}, at(1)); });
    add_target(target("a"));
    add_target(target("b"));
    auto const id = add(event_row(1, 10)).id;
    queue(id);
    auto const first = outbox.of_event(id);
    REQUIRE(first.size() == 2);
    CHECK(first[0].idempotency_key != first[1].idempotency_key);
    record(first[0].id, "sent");
    store.write([&] { CHECK(outbox.resend(id, "a", at(3)) == 1); });
    CHECK(outbox.of_event(id)[0].idempotency_key == first[0].idempotency_key);
    CHECK(outbox.of_event(id)[0].state == "pending");
    OutboxFixture rebuilt;
    rebuilt.store.write([&] { rebuilt.devices.set_identity(rebuilt.gate, {"SN1", "", "", ""}, at(1)); });
    rebuilt.add_target(target("a"));
    rebuilt.add(event_row(99, 1));
    auto const again = rebuilt.add(event_row(1, 10)).id;
    rebuilt.queue(again);
    CHECK(rebuilt.outbox.of_event(again)[0].idempotency_key == first[0].idempotency_key);
}

TEST_CASE_METHOD(OutboxFixture, "waiting is no try, a reply is kept up to 4 kB", "[store]") {
    add_target(target("api"));
    auto const id = add(event_row(1, 10)).id;
    queue(id);
    auto const delivery = outbox.of_event(id)[0].id;
    store::Attempt attempt;
    attempt.state = "pending";
    attempt.is_counted = false;
    store.write([&] { outbox.record(delivery, attempt, at(3)); });
    CHECK(outbox.of_event(id)[0].attempts == 0);
    attempt = {};
    attempt.state = "failed";
    attempt.http_status = 422;
    attempt.reply = std::string(10'000, 'x');
    store.write([&] { outbox.record(delivery, attempt, at(4)); });
    CHECK(outbox.of_event(id)[0].attempts == 1);
    CHECK(outbox.of_event(id)[0].reply.size() == 4096);
    CHECK(events.get(id)->delivery == "failed");
}

TEST_CASE_METHOD(OutboxFixture, "failed ones are tried again, sent ones only by name; dropped ones stay dropped", "[store]") {
    add_target(target("api"));
    Ids ids;
    for (int i = 1; i <= 3; ++i) {
        auto const event = add(event_row(i, i, std::to_string(i))).id;
        queue(event);
        ids.push_back(outbox.of_event(event)[0].id);
    }
    record(ids[0], "sent");
    record(ids[1], "failed");
    std::int64_t changed = 0;
    store.write([&] { changed = outbox.drop({.ids = {ids[2]}}, at(5)); });
    CHECK(changed == 1);
    store.write([&] { changed = outbox.retry({}, at(6)); });
    CHECK(changed == 1);
    CHECK(due(6) == Ids{2});
    store.write([&] { changed = outbox.retry({.ids = {ids[0]}}, at(6)); });
    CHECK(changed == 1);
    store.write([&] { changed = outbox.drop({.states = {"sent"}}, at(7)); });
    CHECK(changed == 0);
    CHECK(outbox.stats().size() == 2);
    store.write([&] { CHECK(outbox.remove_target("api")); });
    CHECK(outbox.stats().empty());
}

TEST_CASE_METHOD(OutboxFixture, "each target has its own queue; what is dropped meanwhile stays dropped", "[store]") {
    add_target(target("api"));
    auto off = target("off");
    add_target(off);
    auto const id = add(event_row(1, 10)).id;
    CHECK(queue(id) == 2);
    CHECK(outbox.pending() == 2);
    off = *outbox.target("off");
    off.enabled = false;
    store.write([&] { outbox.set_target(off, at(3)); });
    CHECK(outbox.pending() == 1);
    CHECK(outbox.due(off.key, at(100), 9).empty());
    CHECK_FALSE(outbox.next_due(off.key));
    auto const delivery = outbox.due(outbox.target("api")->key, at(100), 9).at(0).id;
    store.write([&] { outbox.drop({.targets = {"api"}}, at(4)); });
    record(delivery, "pending", 5000);
    CHECK(due(9000).empty());
    CHECK(outbox.pending() == 0);
}

TEST_CASE_METHOD(OutboxFixture, "a message is no event: queued for the kind it is of, with a body and a key of its own",
                 "[store]") {
    add_target(target("api"));
    auto watch = target("watch");
    watch.kinds = {"device"};
    watch.devices = {"gate"};
    add_target(watch);
    store::Message const message{
        .kind = "device", .device = "gate", .identity = "1", .order_key = "device 1", .time = at(5), .body = "{}"};
    auto of_door = message;
    of_door.device = "door";
    store.write([&] {
        CHECK(outbox.queue_message(message, at(6)) == 1);
        CHECK(outbox.queue_message(of_door, at(6)) == 0);
    });
    auto const queued = outbox.due(outbox.target("watch")->key, at(100), 9);
    REQUIRE(queued.size() == 1);
    CHECK(queued[0].event == 0);
    CHECK(queued[0].body == "{}");
    CHECK(queued[0].idempotency_key.size() == 32);
    CHECK(due(100).empty());
}

TEST_CASE_METHOD(OutboxFixture, "what failed for want of its picture goes out when that has come", "[store]") {
    add_target(target("api"));
    auto const id = add(event_row(1, 10)).id;
    queue(id);
    auto const delivery = outbox.due(outbox.target("api")->key, at(100), 9).at(0).id;
    store::Attempt attempt;
    attempt.state = "failed";
    attempt.reason = "no_picture";
    store.write([&] { outbox.record(delivery, attempt, at(9)); });
    CHECK(due(100).empty());
    store.write([&] { events.set_picture(id, "events/1.jpg", 12); });
    CHECK(due(100) == Ids{id});
    CHECK(events.pictures_before(at(999'000), 0, 9).empty());  // a delivery waits for it
}
