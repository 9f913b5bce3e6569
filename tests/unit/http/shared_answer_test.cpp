#include "lib/http/shared_answer.hpp"

#include <atomic>
#include <future>
#include <stdexcept>

#include <catch2/catch.hpp>

using namespace bioctl;
using namespace bioctl::http;
using namespace std::chrono_literals;

namespace {

Reply said(std::string body) {
    Reply reply;
    reply.body = std::move(body);
    return reply;
}

/// Somebody who asks, and gets his answer when we say so.
class Slow {
public:
    Slow(SharedAnswer& shared, std::string body) {
        m_asked = std::async(std::launch::async, [this, &shared, body = std::move(body)] {
            return shared
                .get([&] {
                    m_has_begun.set_value();
                    m_may_answer.get_future().wait();
                    return said(body);
                })
                .body;
        });
        m_has_begun.get_future().wait();
    }
    std::string finish() {
        m_may_answer.set_value();
        return m_asked.get();
    }

private:
    std::promise<void> m_has_begun, m_may_answer;
    std::future<std::string> m_asked;
};

struct Asked {
    std::atomic<int> seconds{0};
    SharedAnswer shared{[this] { return SharedAnswer::Moment{} + std::chrono::seconds{seconds.load()}; }};
    std::string ask(std::string const& body) {
        return shared.get([&] { return said(body); }).body;
    }
};

}  // namespace

TEST_CASE_METHOD(Asked, "who asks within five seconds is told the same", "[http]") {
    CHECK(ask("a") == "a");
    seconds = 4;
    CHECK(ask("b") == "a");
    seconds = 5;
    CHECK(ask("c") == "c");
}

TEST_CASE_METHOD(Asked, "while somebody asks, others are told what was true a moment ago", "[http]") {
    CHECK(ask("old") == "old");
    seconds = 29;
    Slow slow{shared, "new"};
    CHECK(ask("never") == "old");
    CHECK(slow.finish() == "new");
}

TEST_CASE_METHOD(Asked, "but nothing that is older than half a minute: they wait", "[http]") {
    CHECK(ask("old") == "old");
    seconds = 30;
    Slow slow{shared, "new"};
    auto waiting = std::async(std::launch::async, [&] { return ask("own"); });
    CHECK(waiting.wait_for(200ms) == std::future_status::timeout);
    CHECK(slow.finish() == "new");
    CHECK(waiting.get() == "new");
}

TEST_CASE_METHOD(Asked, "and not for ever", "[http]") {
    Slow slow{shared, "new"};
    CHECK_THROWS_AS(ask("own"), Error);
    CHECK(slow.finish() == "new");
}

TEST_CASE_METHOD(Asked, "what fails is not kept", "[http]") {
    CHECK_THROWS_AS(shared.get([]() -> Reply { throw std::runtime_error{"cut short"}; }), std::runtime_error);
    CHECK(ask("a") == "a");
}
