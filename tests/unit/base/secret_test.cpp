#include "lib/base/secret.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace bioctl;

TEST_CASE("a hash that is damaged, empty or too long matches nothing", "[secret]") {
    auto const hash = argon2id().hash("correct horse battery");
    CHECK_FALSE(argon2id().matches(hash.substr(0, hash.size() - 1), "correct horse battery"));
    CHECK_FALSE(argon2id().matches(hash + std::string(200, 'A'), "correct horse battery"));
    for (auto const* const broken :
         {"", "$argon2id$", "correct horse battery", "$argon2id$v=19$m=4294967295,t=4294967295,p=1$x$y"})
        CHECK_FALSE(argon2id().matches(broken, "correct horse battery"));
}

TEST_CASE("a password matches its own hash, and each hash has its own salt", "[secret]") {
    std::string const password{"with a NUL\0 inside", 18};
    auto const hash = argon2id().hash(password);
    CHECK(argon2id().matches(hash, password));
    CHECK_FALSE(argon2id().matches(hash, "with a NUL"));
    CHECK(argon2id().hash(password) != hash);
}

TEST_CASE("asking for nobody costs what asking for somebody costs, and never succeeds", "[secret]") {
    auto const cost_of = [](std::string_view hash) { return std::string{hash.substr(0, hash.find("p=1$"))}; };
    auto const hash = argon2id().hash("correct horse battery");
    CHECK(cost_of(hash) == "$argon2id$v=19$m=65536,t=2,");
    CHECK(cost_of(argon2id().nobody()) == cost_of(hash));
    CHECK(argon2id().nobody().size() == hash.size());
    CHECK_FALSE(argon2id().matches(argon2id().nobody(), ""));
}

TEST_CASE("texts are equal only if all of them is", "[secret]") {
    CHECK(constant_time_equal("", ""));
    CHECK(constant_time_equal("abc", "abc"));
    CHECK_FALSE(constant_time_equal("abc", "abd"));
    CHECK_FALSE(constant_time_equal("abc", "ab"));
    CHECK_FALSE(constant_time_equal("", "a"));
}

TEST_CASE("tokens are base64url, ids are base32, and none comes twice", "[secret]") {
    constexpr auto* k_base64url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::set<std::string> seen;
    for (int i = 0; i < 500; ++i) {
        auto const token = random_token();
        CHECK(token.size() == 43);
        CHECK(token.find_first_not_of(k_base64url) == std::string::npos);
        CHECK(seen.insert(token).second);
        auto const id = random_id(8);
        CHECK(id.size() == 8);
        CHECK(id.find_first_not_of("abcdefghijklmnopqrstuvwxyz234567") == std::string::npos);
        CHECK(seen.insert(id).second);
    }
}

TEST_CASE("a wiped text is empty", "[secret]") {
    std::string secret = "correct horse battery";
    wipe(secret);
    CHECK(secret.empty());
}
