#include <catch2/catch.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include "lib/base/claims.hpp"
#include "tests/support/temp_dir.hpp"

using namespace bioctl;

TEST_CASE("a number is claimed once, whoever asks, until it is let go", "[base]") {
    test::TempDir const dir;
    Claims ours{dir / "folder/claims"};
    Claims others{dir / "folder/claims"};
    {
        auto const claim = ours.try_claim(7);
        REQUIRE(claim);
        CHECK_FALSE(ours.try_claim(7));
        CHECK_FALSE(others.try_claim(7));
        CHECK(others.try_claim(8));
    }
    CHECK(others.try_claim(7));
    CHECK(ours.try_claim(std::int64_t{1} << 60));
}

TEST_CASE("a claim outlives the object it came from, and moves", "[base]") {
    test::TempDir const dir;
    Claims others{dir / "claims"};
    std::optional<Claims::Claim> kept;
    {
        Claims ours{dir / "claims"};
        auto claim = ours.try_claim(1);
        REQUIRE(claim);
        kept = std::move(claim);
    }
    CHECK_FALSE(others.try_claim(1));
    kept.reset();
    CHECK(others.try_claim(1));
}

TEST_CASE("the claims of a process that is killed are free", "[base]") {
    test::TempDir const dir;
    int ready[2];
    REQUIRE(::pipe(ready) == 0);
    auto const child = ::fork();
    if (child == 0) {
        Claims claims{dir / "claims"};
        auto const claim = claims.try_claim(3);
        char const byte = claim ? 'y' : 'n';
        if (::write(ready[1], &byte, 1) != 1) ::_exit(1);
        for (;;)
            ::pause();
    }
    char answer = 0;
    REQUIRE(::read(ready[0], &answer, 1) == 1);
    CHECK(answer == 'y');
    Claims claims{dir / "claims"};
    CHECK_FALSE(claims.try_claim(3));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    CHECK(claims.try_claim(3));
    ::close(ready[0]);
    ::close(ready[1]);
}
