#include "lib/hikvision/health.hpp"

#include <catch2/catch.hpp>

using namespace bioctl;
using namespace bioctl::hikvision;
using namespace std::chrono_literals;

namespace {

constexpr HealthRules k_rules{};

Timestamp at(std::chrono::seconds seconds) {
    return from_ms(1'790'000'000'000) + seconds;
}

Trouble trouble(Trouble::What what, Refusal refusal = Refusal::none) {
    Trouble result{what, {}, Error{Kind::unavailable, "no answer"}};
    result.status.refusal = refusal;
    return result;
}

Health failed(int times, Health health = {}) {
    for (int i = 0; i < times; ++i)
        health = after_trouble(health, trouble(Trouble::What::unreachable), at(std::chrono::seconds{i}), k_rules);
    return health;
}

}  // namespace

TEST_CASE("failures in a row lead to warning and offline, one success ends it", "[hikvision][health]") {
    CHECK(failed(1).state == State::unknown);
    CHECK(failed(2).state == State::warning);
    CHECK(failed(2).since == at(1s));
    CHECK(failed(4).state == State::warning);
    CHECK(failed(4).since == at(1s));
    auto const offline = failed(5);
    CHECK(offline.state == State::offline);
    CHECK(offline.reason == "no answer");
    auto const back = after_success(offline, at(99s));
    CHECK(back.state == State::ok);
    CHECK(back.failures == 0);
    CHECK(back.reason.empty());
    CHECK(failed(1, back).state == State::ok);
}

TEST_CASE("what is offline is probed, ever more rarely", "[hikvision][health]") {
    auto const offline = failed(5);
    CHECK(offline.not_before == at(4s) + 15s);
    CHECK(next_move(offline, at(18s)) == Move::wait);
    CHECK(next_move(offline, at(19s)) == Move::probe);
    CHECK(failed(6).not_before == at(5s) + 30s);
    CHECK(failed(60).not_before == at(59s) + 300s);
}

TEST_CASE("a wrong password stops everything until somebody acts", "[hikvision][health]") {
    auto const refused = after_trouble({}, trouble(Trouble::What::refused, Refusal::wrong_login), at(0s), k_rules);
    CHECK(refused.state == State::refused);
    CHECK(next_move(refused, at(0s) + std::chrono::hours{24 * 365}) == Move::wait);
}

TEST_CASE("a wrong password stays wrong while the device is off", "[hikvision][health]") {
    auto const refused = after_trouble({}, trouble(Trouble::What::refused, Refusal::wrong_login), at(0s), k_rules);
    CHECK(failed(9, refused).state == State::refused);
    CHECK(next_move(failed(9, refused), at(99h)) == Move::wait);
}

TEST_CASE("a lock is waited for as long as the device says, else half an hour", "[hikvision][health]") {
    auto lock = trouble(Trouble::What::refused, Refusal::locked);
    auto const silent = after_trouble({}, lock, at(0s), k_rules);
    CHECK(silent.state == State::locked);
    CHECK(silent.not_before == at(1810s));
    lock.status.unlock_after = 111s;
    auto const told = after_trouble({}, lock, at(0s), k_rules);
    CHECK(told.not_before == at(121s));
    CHECK(next_move(told, at(120s)) == Move::wait);
    CHECK(next_move(told, at(121s)) == Move::sync);
    auto wrong = trouble(Trouble::What::refused, Refusal::wrong_login);
    wrong.status.is_locked = true;
    CHECK(after_trouble({}, wrong, at(0s), k_rules).state == State::locked);
}

TEST_CASE("after a lock a failure is a failure, not a lock", "[hikvision][health]") {
    auto const locked = after_trouble({}, trouble(Trouble::What::refused, Refusal::locked), at(0s), k_rules);
    CHECK(failed(1, locked).state == State::unknown);
}

TEST_CASE("names of states come back, others do not", "[hikvision][health]") {
    for (auto const state : {State::unknown, State::ok, State::warning, State::offline, State::locked, State::refused})
        CHECK(state_from(name_of(state)).or_throw() == state);
    CHECK_FALSE(state_from("online"));
}
