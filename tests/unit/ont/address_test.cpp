#include <catch2/catch.hpp>

#include "lib/ont/address.hpp"

using namespace bioctl;
using namespace bioctl::ont;
using Catch::Contains;

namespace {

std::vector<std::string> texts(std::vector<Address> const& addresses) {
    std::vector<std::string> shown;
    for (auto const& address : addresses)
        shown.push_back(to_text(address));
    return shown;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("addresses come back as they were written, names are none", "[ont]") {
    for (auto const* text : {"192.0.2.1", "0.0.0.0", "2001:db8::1", "::", "fe80::1%lo"})
        CHECK(to_text(parse_address(text).or_throw()) == text);
    CHECK(parse_address("::ffff:192.0.2.1").or_throw().family == Family::v6);
    for (auto const* text : {"", "gate", "192.0.2", "192.0.2.256", "192.0.2.1%lo", "fe80::1%nosuch", "1.2.3.4/24", "12345::"})
        CHECK(parse_address(text).error().kind() == Kind::usage);
}

TEST_CASE("a network is its hosts, without the first and last address of IPv4", "[ont]") {
    CHECK(texts(hosts_of_network("192.0.2.77/30", 9).or_throw()) == Texts{"192.0.2.77", "192.0.2.78"});
    CHECK(texts(hosts_of_network("192.0.2.76/31", 9).or_throw()) == Texts{"192.0.2.76", "192.0.2.77"});
    CHECK(texts(hosts_of_network("192.0.2.77/32", 9).or_throw()) == Texts{"192.0.2.77"});
    CHECK(texts(hosts_of_network("2001:db8::ff/127", 9).or_throw()) == Texts{"2001:db8::fe", "2001:db8::ff"});
    CHECK(hosts_of_network("10.255.0.0/16", 100'000).or_throw().size() == 65'534);
    CHECK(to_text(hosts_of_network("10.255.0.0/16", 100'000).or_throw().back()) == "10.255.255.254");
    for (auto const* text : {"192.0.2.0", "192.0.2.0/33", "192.0.2.0/-1", "192.0.2.0/2x", "gate/24", "2001:db8::/129", "/24"})
        CHECK(hosts_of_network(text, 9).error().kind() == Kind::usage);
    CHECK_THAT(hosts_of_network("0.0.0.0/0", 1000).error().message(), Contains("more than 1000 hosts"));
    CHECK_THAT(hosts_of_network("2001:db8::/64", 1000).error().message(), Contains("more than 1000 hosts"));
    CHECK(hosts_of_network("192.0.2.0/24", 254).or_throw().size() == 254);
    CHECK_FALSE(hosts_of_network("192.0.2.0/24", 253));
}

TEST_CASE("a range has both ends", "[ont]") {
    CHECK(texts(hosts_between("192.0.2.254", "192.0.3.1", 9).or_throw()) ==
          Texts{"192.0.2.254", "192.0.2.255", "192.0.3.0", "192.0.3.1"});
    CHECK(texts(hosts_between("255.255.255.255", "255.255.255.255", 9).or_throw()) == Texts{"255.255.255.255"});
    CHECK_THAT(hosts_between("192.0.2.2", "192.0.2.1", 9).error().message(), Contains("before the first"));
    CHECK_THAT(hosts_between("192.0.2.2", "::1", 9).error().message(), Contains("another family"));
    CHECK_THAT(hosts_between("10.0.0.0", "10.0.0.9", 9).error().message(), Contains("more than 9"));
}

TEST_CASE("a name is looked up in the family that is wanted", "[ont]") {
    CHECK(to_text(resolve("localhost", Wanted::v4).or_throw()) == "127.0.0.1");
    CHECK(resolve("no-such-host.invalid", Wanted::any).error().kind() == Kind::no_host);
    CHECK(resolve("127.0.0.1", Wanted::v6).error().kind() == Kind::no_host);
}
