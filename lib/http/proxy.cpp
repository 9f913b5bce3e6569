#include "lib/http/proxy.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <boost/asio/ip/address.hpp>

#include "lib/base/text.hpp"

namespace bioctl::http {

namespace {

namespace ip = boost::asio::ip;

std::optional<ip::address> address_from(std::string_view text) {
    boost::system::error_code error;
    auto const address = ip::make_address(std::string{text}, error);
    if (error) return std::nullopt;
    return address;
}

std::array<std::uint8_t, 16> mapped(ip::address const& address) {
    if (address.is_v6()) return address.to_v6().to_bytes();
    return ip::make_address_v6(ip::v4_mapped, address.to_v4()).to_bytes();
}

}  // namespace

Result<Network> Network::parse(std::string_view text) {
    constexpr int k_all = 128, k_before_ipv4 = 96;
    auto const slash = std::min(text.find('/'), text.size());
    auto const address = address_from(text.substr(0, slash));
    auto const broken = [&] {
        return tl::unexpected{
            Error{Kind::usage, fmt::format("'{}' is no network; write it as 10.0.0.0/8 or 2001:db8::/32", printable(text))}};
    };
    if (!address) return broken();
    Network network;
    network.m_bytes = mapped(*address);
    int const most = address->is_v4() ? k_all - k_before_ipv4 : k_all;
    int bits = most;
    if (slash < text.size()) {
        auto const digits = text.substr(slash + 1);
        auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
        if (error != std::errc{} || end != digits.data() + digits.size() || bits < 0 || bits > most) return broken();
    }
    network.m_bits = bits + k_all - most;
    return network;
}

bool Network::contains(std::string_view text) const {
    auto const address = address_from(text);
    if (!address) return false;
    auto const bytes = mapped(*address);
    for (int bit = 0; bit < m_bits; bit += 8) {
        auto const index = static_cast<std::size_t>(bit / 8);
        int const rest = std::min(8, m_bits - bit);
        auto const mask = static_cast<std::uint8_t>(0xff << (8 - rest));
        if ((bytes[index] & mask) != (m_bytes[index] & mask)) return false;
    }
    return true;
}

std::string plain_address(std::string_view text) {
    auto const address = address_from(text);
    if (!address) return std::string{text};
    if (address->is_v6() && address->to_v6().is_v4_mapped())
        return ip::make_address_v4(ip::v4_mapped, address->to_v6()).to_string();
    return address->to_string();
}

bool is_loopback(std::string_view text) {
    auto const address = address_from(plain_address(text));
    return address && address->is_loopback();
}

void find_client(Request& request, std::string_view peer, bool is_tls, std::vector<Network> const& trusted) {
    auto const is_trusted = [&](std::string_view address) {
        return std::ranges::any_of(trusted, [&](Network const& network) { return network.contains(address); });
    };
    request.client = plain_address(peer);
    request.is_tls = is_tls;
    request.is_local = is_loopback(peer);
    if (!is_trusted(peer)) return;
    std::vector<std::string> hops;
    for (auto const& header : request.headers.all()) {
        if (to_lower_ascii(header.name) != "x-forwarded-for") continue;
        for (auto const& hop : split(header.value, ','))
            hops.emplace_back(trim(hop));
    }
    for (auto hop = hops.rbegin(); hop != hops.rend(); ++hop) {
        if (!address_from(*hop)) break;  // whatever stands before it was written by nobody we know
        request.client = plain_address(*hop);
        request.is_local = false;
        if (!is_trusted(*hop)) break;
    }
    if (auto const scheme = to_lower_ascii(request.headers.get("x-forwarded-proto")); !scheme.empty())
        request.is_tls = scheme == "https";
    if (request.headers.has("x-forwarded-for") || request.headers.has("x-forwarded-proto")) request.is_local = false;
}

}  // namespace bioctl::http
