#include <set>

#include <catch2/catch.hpp>

#include "cmd/exit_codes.hpp"

namespace bioctl::cmd {

TEST_CASE("every kind of failure has the exit code of sysexits and a name of its own", "[cmd]") {
    std::pair<Kind, int> const expected[]{{Kind::usage, 64},         {Kind::data, 65},        {Kind::no_input, 66},
                                          {Kind::no_host, 68},       {Kind::unavailable, 69}, {Kind::bug, 70},
                                          {Kind::cannot_create, 73}, {Kind::io, 74},          {Kind::busy, 75},
                                          {Kind::protocol, 76},      {Kind::permission, 77},  {Kind::config, 78}};
    std::set<std::string_view> names;
    for (auto const& [kind, code] : expected) {
        CHECK(exit_code(kind) == code);
        CHECK(names.insert(name_of(kind)).second);
    }
    CHECK(name_of(Kind::no_input) == "no_input");
}

}  // namespace bioctl::cmd
