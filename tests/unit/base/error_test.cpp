#include "lib/base/error.hpp"

#include <cerrno>

#include <catch2/catch.hpp>

#include "lib/base/result.hpp"

using namespace bioctl;

TEST_CASE("errno values become the kind the caller reacts to", "[base]") {
    CHECK(errno_error("x", ENOSPC, Kind::bug).kind() == Kind::io);
    CHECK(errno_error("x", EIO, Kind::bug).kind() == Kind::io);
    CHECK(errno_error("x", EDQUOT, Kind::bug).kind() == Kind::io);
    CHECK(errno_error("x", EACCES, Kind::bug).kind() == Kind::permission);
    CHECK(errno_error("x", EPERM, Kind::bug).kind() == Kind::permission);
    CHECK(errno_error("x", ENOENT, Kind::bug).kind() == Kind::no_input);
    CHECK(errno_error("x", ENOTDIR, Kind::bug).kind() == Kind::no_input);
    CHECK(errno_error("x", EROFS, Kind::bug).kind() == Kind::cannot_create);
    CHECK(errno_error("x", EISDIR, Kind::config).kind() == Kind::config);
}

TEST_CASE("an errno error names the thing and the cause", "[base]") {
    CHECK(errno_error("a.jpg", ENOENT, Kind::bug).message() == "a.jpg: No such file or directory");
    CHECK_THROWS_AS(throw_errno("a.jpg", ENOENT, Kind::bug), Error);
}

TEST_CASE("an error seen from one level up keeps its kind and its cause", "[base]") {
    auto const error = Error{Kind::busy, "locked"}.within("bioctl.db");
    CHECK(error.kind() == Kind::busy);
    CHECK(error.message() == "bioctl.db: locked");
}

TEST_CASE("a result either gives its value or throws its error", "[base]") {
    Result<int> bad = failure(Kind::data, "no number");
    CHECK_THROWS_WITH(std::move(bad).or_throw(), "no number");
    Result<int> good = 7;
    CHECK(std::move(good).or_throw() == 7);
    Result<void> nothing;
    CHECK_NOTHROW(std::move(nothing).or_throw());
}
