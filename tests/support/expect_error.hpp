#pragma once
// What a piece of work throws, so that a test can look at kind and message together.

#include <functional>

#include <catch2/catch.hpp>

#include "lib/base/error.hpp"

namespace bioctl::test {

inline Error error_of(std::function<void()> const& work) {
    try {
        work();
    } catch (Error const& error) {
        return error;
    }
    FAIL("no Error was thrown");
    throw Error{Kind::bug, "unreachable: FAIL throws"};
}

}  // namespace bioctl::test
