#include "lib/ont/address.hpp"

#include <arpa/inet.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "lib/base/text.hpp"

namespace bioctl::ont {

namespace {

constexpr int k_v4_bits = 32, k_v6_bits = 128;

int bits_of(Family family) {
    return family == Family::v4 ? k_v4_bits : k_v6_bits;
}

std::size_t size_of(Family family) {
    return static_cast<std::size_t>(bits_of(family)) / 8;
}

tl::unexpected<Error> wrong(std::string_view text, std::string_view why) {
    return failure(Kind::usage, fmt::format("'{}' {}", printable(text), why));
}

/// The address after this one; of the last one the first.
void advance(Address& address) {
    for (auto i = size_of(address.family); i-- > 0;) {
        if (++address.bytes[i] != 0) return;
    }
}

std::optional<std::uint32_t> scope_from(std::string_view name) {
    std::uint32_t number = 0;
    auto const [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (error == std::errc{} && end == name.data() + name.size()) return number;
    number = ::if_nametoindex(std::string{name}.c_str());
    if (number == 0) return std::nullopt;
    return number;
}

Address from_sockaddr(sockaddr const& raw) {
    Address address;
    if (raw.sa_family == AF_INET) {
        auto const& v4 = reinterpret_cast<sockaddr_in const&>(raw);
        std::memcpy(address.bytes.data(), &v4.sin_addr, sizeof v4.sin_addr);
    } else {
        auto const& v6 = reinterpret_cast<sockaddr_in6 const&>(raw);
        address.family = Family::v6;
        std::memcpy(address.bytes.data(), &v6.sin6_addr, sizeof v6.sin6_addr);
        address.scope = v6.sin6_scope_id;
    }
    return address;
}

}  // namespace

Result<Address> parse_address(std::string_view text) {
    Address address;
    std::string const whole{text.substr(0, text.find('%'))};
    if (::inet_pton(AF_INET, whole.c_str(), address.bytes.data()) == 1 && whole.size() == text.size()) return address;
    address = {.family = Family::v6};
    if (::inet_pton(AF_INET6, whole.c_str(), address.bytes.data()) != 1) return wrong(text, "is no IP address");
    if (whole.size() == text.size()) return address;
    auto const scope = scope_from(text.substr(whole.size() + 1));
    if (!scope) return wrong(text, "names an interface that is not there");
    address.scope = *scope;
    return address;
}

std::string to_text(Address const& address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    auto const family = address.family == Family::v4 ? AF_INET : AF_INET6;
    ::inet_ntop(family, address.bytes.data(), text.data(), text.size());
    std::string shown{text.data()};
    if (address.scope == 0) return shown;
    std::array<char, IF_NAMESIZE> name{};
    if (::if_indextoname(address.scope, name.data()) == nullptr) return fmt::format("{}%{}", shown, address.scope);
    return fmt::format("{}%{}", shown, name.data());
}

Result<Address> resolve(std::string const& host, Wanted wanted) {
    auto const is_wanted = [&](Family family) {
        return wanted == Wanted::any || (wanted == Wanted::v4) == (family == Family::v4);
    };
    if (auto const address = parse_address(host)) {
        if (is_wanted(address->family)) return *address;
        return failure(Kind::no_host, fmt::format("{}: is an address of the other family", printable(host)));
    }
    addrinfo hints{};
    hints.ai_family = wanted == Wanted::any ? AF_UNSPEC : wanted == Wanted::v4 ? AF_INET : AF_INET6;
    hints.ai_socktype = SOCK_RAW;
    addrinfo* found = nullptr;
    int const code = ::getaddrinfo(host.c_str(), nullptr, &hints, &found);
    std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> const owner{found, &::freeaddrinfo};
    if (code != 0 || found == nullptr)
        return failure(Kind::no_host, fmt::format("{}: {}", printable(host), code != 0 ? ::gai_strerror(code) : "no address"));
    return from_sockaddr(*found->ai_addr);
}

Result<std::vector<Address>> hosts_of_network(std::string_view cidr, std::size_t most) {
    auto const slash = cidr.find('/');
    auto const base = parse_address(cidr.substr(0, slash));
    if (!base || slash == std::string_view::npos) return wrong(cidr, "is no network; write it as 192.0.2.0/24");
    int prefix = -1;
    auto const digits = cidr.substr(slash + 1);
    auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), prefix);
    int const bits = bits_of(base->family);
    if (error != std::errc{} || end != digits.data() + digits.size() || prefix < 0 || prefix > bits)
        return wrong(cidr, fmt::format("needs a length from 0 to {} behind the slash", bits));
    int const host_bits = bits - prefix;
    if (host_bits >= 63 || (std::uint64_t{1} << host_bits) > most + 2)
        return wrong(cidr, fmt::format("has more than {} hosts, the most that are taken at once", most));
    Address host = *base;
    for (int bit = prefix; bit < bits; ++bit)
        host.bytes[static_cast<std::size_t>(bit) / 8] &= static_cast<std::uint8_t>(~(0x80U >> (bit % 8)));
    auto left = std::uint64_t{1} << host_bits;
    if (base->family == Family::v4 && host_bits > 1) {
        advance(host);
        left -= 2;
    }
    std::vector<Address> hosts;
    hosts.reserve(left);
    for (; left > 0; --left, advance(host))
        hosts.push_back(host);
    return hosts;
}

Result<std::vector<Address>> hosts_between(std::string_view first, std::string_view last, std::size_t most) {
    auto const from = parse_address(first);
    auto const to = parse_address(last);
    if (!from) return failure(from.error());
    if (!to) return failure(to.error());
    if (from->family != to->family) return wrong(last, "is of another family than the first address");
    if (to->bytes < from->bytes) return wrong(last, "lies before the first address");
    std::vector<Address> hosts;
    for (auto host = *from;; advance(host)) {
        if (hosts.size() == most)
            return wrong(last, fmt::format("makes more than {} hosts, the most that are taken at once", most));
        hosts.push_back(host);
        if (host.bytes == to->bytes) return hosts;
    }
}

}  // namespace bioctl::ont
