#include "cmd/live_feed.hpp"

#include <catch2/catch.hpp>

#include "lib/store/notifications.hpp"
#include "tests/support/temp_dir.hpp"

namespace bioctl::cmd {

namespace {

class Ear final : public http::Subscriber {
public:
    void take(std::shared_ptr<std::string const> const& message) override { heard.push_back(*message); }
    std::vector<std::string> heard;
};

}  // namespace

TEST_CASE("a store that cannot be had yet is tried again, and what is stored from then on is told", "[cmd]") {
    test::TempDir dir;
    auto const file = dir / "s.db";
    auto store = store::Store::open(file, {});
    int tries = 0;
    std::vector<std::string> warnings;
    LiveFeed feed{[&] {
                      if (++tries <= 2) throw Error{Kind::busy, "the store is locked"};
                      return store::Store::open(file, {.access = store::Access::read_only});
                  },
                  [&](std::string const& line) { warnings.push_back(line); }};
    http::Hub hub;
    auto const ear = std::make_shared<Ear>();
    hub.subscribe({"notifications"}, ear);
    for (int i = 0; i < 3; ++i)
        CHECK_NOTHROW(feed.look(hub));
    CHECK(tries == 3);
    CHECK(warnings == std::vector<std::string>{"live pages have to wait: the store is locked"});
    store.write([&] { store.notifications().add({.at = from_ms(1'763'700'000'000), .message = "hello"}); });
    feed.look(hub);
    REQUIRE(ear->heard.size() == 2);
    CHECK_THAT(ear->heard[0], Catch::Contains("hello"));
    CHECK(ear->heard[1] == R"({"type":"unread","number":1})");
}

}  // namespace bioctl::cmd
