#pragma once
// IPv4 and IPv6 addresses as values.

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.hpp"

namespace bioctl::ont {

enum class Family : std::uint8_t { v4, v6 };

struct Address {
    Family family = Family::v4;
    std::array<std::uint8_t, 16> bytes{};  ///< network order; of v4 the first four
    std::uint32_t scope = 0;               ///< interface of a link-local v6 address, 0 = none

    friend bool operator==(Address const&, Address const&) = default;
    friend std::strong_ordering operator<=>(Address const&, Address const&) = default;
};

/// "192.0.2.1", "2001:db8::1", "fe80::1%eth0". Kind::usage for anything else; names are not looked up, see resolve().
[[nodiscard]] Result<Address> parse_address(std::string_view text);
[[nodiscard]] std::string to_text(Address const& address);

/// Looks a name up, or reads an address. Blocks as long as the resolver does. Kind::no_host if there is none of this family.
enum class Wanted { any, v4, v6 };
[[nodiscard]] Result<Address> resolve(std::string const& host, Wanted wanted);

/// The hosts of a network: of an IPv4 network of more than two addresses without the first and the last.
/// Kind::usage if it is no "ADDRESS/BITS", or has more than `most` hosts.
[[nodiscard]] Result<std::vector<Address>> hosts_of_network(std::string_view cidr, std::size_t most);
/// Both ends included; of the same family, first <= last. Kind::usage otherwise, or for more than `most`.
[[nodiscard]] Result<std::vector<Address>> hosts_between(std::string_view first, std::string_view last, std::size_t most);

}  // namespace bioctl::ont
