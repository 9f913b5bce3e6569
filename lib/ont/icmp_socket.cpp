#include "lib/ont/icmp_socket.hpp"

#include <arpa/inet.h>
#include <linux/errqueue.h>
#include <linux/icmp.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>

#include <fmt/format.h>

#include "lib/base/descriptor.hpp"
#include "lib/base/error.hpp"

namespace bioctl::ont {

namespace {

constexpr std::size_t k_at_once = 64, k_packet_bytes = 2048, k_control_bytes = 512;
constexpr std::int64_t k_second_ns = 1'000'000'000;

struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t size = 0;
    [[nodiscard]] sockaddr const* get() const { return reinterpret_cast<sockaddr const*>(&storage); }
};

SocketAddress to_sockaddr(Address const& address) {
    SocketAddress result;
    if (address.family == Family::v4) {
        auto& v4 = reinterpret_cast<sockaddr_in&>(result.storage);
        v4.sin_family = AF_INET;
        std::memcpy(&v4.sin_addr, address.bytes.data(), sizeof v4.sin_addr);
        result.size = sizeof v4;
    } else {
        auto& v6 = reinterpret_cast<sockaddr_in6&>(result.storage);
        v6.sin6_family = AF_INET6;
        v6.sin6_scope_id = address.scope;
        std::memcpy(&v6.sin6_addr, address.bytes.data(), sizeof v6.sin6_addr);
        result.size = sizeof v6;
    }
    return result;
}

Address to_address(sockaddr_storage const& raw) {
    Address address;
    if (raw.ss_family == AF_INET6) {
        auto const& v6 = reinterpret_cast<sockaddr_in6 const&>(raw);
        address.family = Family::v6;
        std::memcpy(address.bytes.data(), &v6.sin6_addr, sizeof v6.sin6_addr);
        address.scope = v6.sin6_scope_id;
    } else {
        std::memcpy(address.bytes.data(), &reinterpret_cast<sockaddr_in const&>(raw).sin_addr, sizeof(in_addr));
    }
    return address;
}

std::int64_t realtime_ns() {
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * k_second_ns + now.tv_nsec;
}

/// Options that only make things better: a kernel without one still pings.
template <class Value>
void prefer(int fd, int level, int option, Value const& value) {
    static_cast<void>(::setsockopt(fd, level, option, &value, sizeof value));
}

Error not_permitted(Family family) {
    return {
        Kind::permission,
        fmt::format("may not send ICMP{}: give the program the right with `sudo setcap cap_net_raw+ep $(command -v bioctl)`, or "
                    "every user with `sudo sysctl -w net.ipv4.ping_group_range=\"0 2147483647\"`",
                    family == Family::v4 ? "" : "v6")};
}

Result<int> open_socket(Family family) {
    int const domain = family == Family::v4 ? AF_INET : AF_INET6;
    int const protocol = family == Family::v4 ? static_cast<int>(IPPROTO_ICMP) : static_cast<int>(IPPROTO_ICMPV6);
    for (int const type : {SOCK_RAW, SOCK_DGRAM}) {
        int const fd = ::socket(domain, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
        if (fd >= 0) return fd;
        if (errno == EAFNOSUPPORT)
            return failure(Kind::unavailable, fmt::format("this machine has no {}", family == Family::v4 ? "IPv4" : "IPv6"));
        if (errno != EPERM && errno != EACCES && errno != EPROTONOSUPPORT)
            return failure(errno_error("ICMP socket", errno, Kind::io));
    }
    return failure(not_permitted(family));
}

}  // namespace

class IcmpSocket::Impl {
public:
    Impl(int fd, Family family) : m_fd(fd), m_family(family) {
        int type = 0;
        socklen_t size = sizeof type;
        ::getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size);
        m_is_raw = type == SOCK_RAW;
        for (std::size_t i = 0; i < k_at_once; ++i) {
            m_parts[i] = {m_packets[i].data(), m_packets[i].size()};
            auto& header = m_messages[i].msg_hdr;
            header.msg_iov = &m_parts[i];
            header.msg_iovlen = 1;
        }
        m_datagrams.reserve(k_at_once);
    }

    Result<void> set_up(IcmpOptions const& options) {
        int const fd = m_fd.get();
        // Beyond the system's limit for those who may; the plain one is cut silently.
        if (::setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &options.receive_buffer, sizeof options.receive_buffer) != 0)
            prefer(fd, SOL_SOCKET, SO_RCVBUF, options.receive_buffer);
        prefer(fd, SOL_SOCKET, SO_TIMESTAMPNS, 1);
        prefer(fd, SOL_SOCKET, SO_RXQ_OVFL, 1);
        if (m_family == Family::v4) {
            if (!m_is_raw) prefer(fd, SOL_IP, IP_RECVERR, 1);
            if (m_is_raw) filter_v4(options.only_sends);
            if (options.ttl > 0) prefer(fd, SOL_IP, IP_TTL, options.ttl);
            if (!options.may_fragment) prefer(fd, SOL_IP, IP_MTU_DISCOVER, IP_PMTUDISC_PROBE);
        } else {
            if (!m_is_raw) prefer(fd, SOL_IPV6, IPV6_RECVERR, 1);
            if (m_is_raw) filter_v6(options.only_sends);
            if (options.ttl > 0) prefer(fd, SOL_IPV6, IPV6_UNICAST_HOPS, options.ttl);
        }
        if (!options.source || options.source->family != m_family) return {};
        auto const address = to_sockaddr(*options.source);
        if (::bind(fd, address.get(), address.size) != 0)
            return failure(errno_error(fmt::format("cannot send from {}", to_text(*options.source)), errno, Kind::usage));
        return {};
    }

    int send(Address const& to, ByteView packet) const {
        auto const address = to_sockaddr(to);
        // A socket may fail with what another packet met, here or on its way, and sends nothing then. Asked again it does, unless
        // it is about this one.
        constexpr int k_tries = 4;
        int code = 0;
        for (int i = 0; i < k_tries; ++i) {
            auto const sent = ::sendto(m_fd.get(), packet.data(), packet.size(), MSG_NOSIGNAL, address.get(), address.size);
            code = sent < 0 ? errno : 0;
            if (code == 0 || is_full(code)) break;
        }
        return code;
    }

    std::vector<int> send_many(std::span<Address const> to, ByteView packets) const {
        std::vector<int> codes(to.size());
        auto const length = packets.size() / std::max<std::size_t>(to.size(), 1);
        for (std::size_t done = 0; done < to.size();) {
            if (auto const sent = send_at_once(to.subspan(done), packets.subspan(done * length), length); sent > 0) {
                done += sent;
                continue;
            }
            // Alone, the one that failed says why.
            codes[done] = send(to[done], packets.subspan(done * length, length));
            if (is_full(codes[done])) {
                std::fill(codes.begin() + static_cast<std::ptrdiff_t>(done), codes.end(), codes[done]);
                break;
            }
            ++done;
        }
        return codes;
    }

    std::vector<Datagram> const& receive(int flags) {
        m_datagrams.clear();
        for (std::size_t i = 0; i < k_at_once; ++i) {
            auto& header = m_messages[i].msg_hdr;
            header.msg_name = &m_names[i];
            header.msg_namelen = sizeof m_names[i];
            header.msg_control = m_controls[i].bytes.data();
            header.msg_controllen = m_controls[i].bytes.size();
            header.msg_flags = 0;
        }
        int const count = ::recvmmsg(m_fd.get(), m_messages.data(), k_at_once, MSG_DONTWAIT | flags, nullptr);
        auto const now = realtime_ns();
        for (int i = 0; i < count; ++i)
            take(static_cast<std::size_t>(i), now);
        return m_datagrams;
    }

    Descriptor m_fd;
    Family m_family;
    bool m_is_raw = false;
    std::uint32_t m_dropped = 0;

private:
    static bool is_full(int code) { return code == ENOBUFS || code == EAGAIN || code == EINTR; }

    /// How many went, from the first on, at most k_at_once; 0 = not even the first.
    std::size_t send_at_once(std::span<Address const> to, ByteView packets, std::size_t length) const {
        std::array<SocketAddress, k_at_once> addresses;
        std::array<iovec, k_at_once> parts{};
        std::array<mmsghdr, k_at_once> messages{};
        auto const count = std::min(to.size(), k_at_once);
        for (std::size_t i = 0; i < count; ++i) {
            addresses[i] = to_sockaddr(to[i]);
            parts[i] = {const_cast<std::byte*>(packets.data() + i * length), length};  // sending only reads
            auto& header = messages[i].msg_hdr;
            header.msg_name = &addresses[i].storage;
            header.msg_namelen = addresses[i].size;
            header.msg_iov = &parts[i];
            header.msg_iovlen = 1;
        }
        int const sent = ::sendmmsg(m_fd.get(), messages.data(), static_cast<unsigned>(count), MSG_NOSIGNAL);
        return sent > 0 ? static_cast<std::size_t>(sent) : 0;
    }

    void filter_v4(bool blocks_all) const {
        // A raw socket gets a copy of every ICMP packet of the machine, our own requests over loopback among them.
        icmp_filter filter{};
        filter.data = blocks_all ? ~0U : ~(1U << ICMP_ECHOREPLY | 1U << ICMP_DEST_UNREACH | 1U << ICMP_TIME_EXCEEDED);
        prefer(m_fd.get(), SOL_RAW, ICMP_FILTER, filter);
    }
    void filter_v6(bool blocks_all) const {
        icmp6_filter filter{};
        ICMP6_FILTER_SETBLOCKALL(&filter);
        if (!blocks_all) {
            ICMP6_FILTER_SETPASS(ICMP6_ECHO_REPLY, &filter);
            ICMP6_FILTER_SETPASS(ICMP6_DST_UNREACH, &filter);
            ICMP6_FILTER_SETPASS(ICMP6_TIME_EXCEEDED, &filter);
        }
        prefer(m_fd.get(), SOL_ICMPV6, ICMP6_FILTER, filter);
    }

    void take(std::size_t i, std::int64_t now) {
        auto& header = m_messages[i].msg_hdr;
        if ((header.msg_flags & MSG_CTRUNC) != 0 && header.msg_controllen == 0) return;
        Datagram datagram;
        datagram.from = to_address(m_names[i]);
        datagram.bytes = ByteView{m_packets[i]}.first(std::min<std::size_t>(m_messages[i].msg_len, m_packets[i].size()));
        for (auto* part = CMSG_FIRSTHDR(&header); part != nullptr; part = CMSG_NXTHDR(&header, part))
            take_control(*part, now, datagram);
        m_datagrams.push_back(datagram);
    }

    void take_control(cmsghdr const& part, std::int64_t now, Datagram& datagram) {
        auto const* const data = CMSG_DATA(&part);
        if (part.cmsg_level == SOL_SOCKET && part.cmsg_type == SCM_TIMESTAMPNS) {
            timespec stamp{};
            std::memcpy(&stamp, data, sizeof stamp);
            // Both readings are moments apart, so a step of the clock hardly falls between them; if it does, it costs one figure.
            datagram.age_ns = std::clamp<std::int64_t>(now - (stamp.tv_sec * k_second_ns + stamp.tv_nsec), 0, k_second_ns);
        } else if (part.cmsg_level == SOL_SOCKET && part.cmsg_type == SO_RXQ_OVFL) {
            std::memcpy(&m_dropped, data, sizeof m_dropped);
        } else if ((part.cmsg_level == SOL_IP && part.cmsg_type == IP_RECVERR) ||
                   (part.cmsg_level == SOL_IPV6 && part.cmsg_type == IPV6_RECVERR)) {
            sock_extended_err error{};
            std::memcpy(&error, data, sizeof error);
            datagram.is_error = true;
            datagram.error_type = error.ee_type;
            datagram.error_code = error.ee_code;
        }
    }

    std::array<std::array<std::byte, k_packet_bytes>, k_at_once> m_packets{};
    struct Control {
        alignas(cmsghdr) std::array<std::byte, k_control_bytes> bytes{};  // as CMSG_FIRSTHDR needs it
    };
    std::array<Control, k_at_once> m_controls{};
    std::array<sockaddr_storage, k_at_once> m_names{};
    std::array<iovec, k_at_once> m_parts{};
    std::array<mmsghdr, k_at_once> m_messages{};
    std::vector<Datagram> m_datagrams;
};

IcmpSocket::IcmpSocket(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
IcmpSocket::IcmpSocket(IcmpSocket&&) noexcept = default;
IcmpSocket& IcmpSocket::operator=(IcmpSocket&&) noexcept = default;
IcmpSocket::~IcmpSocket() = default;

Result<IcmpSocket> IcmpSocket::open(Family family, IcmpOptions const& options) {
    auto const fd = open_socket(family);
    if (!fd) return failure(fd.error());
    auto impl = std::make_unique<Impl>(*fd, family);
    if (auto const done = impl->set_up(options); !done) return failure(done.error());
    return IcmpSocket{std::move(impl)};
}

int IcmpSocket::descriptor() const {
    return m_impl->m_fd.get();
}

bool IcmpSocket::is_raw() const {
    return m_impl->m_is_raw;
}

bool IcmpSocket::has_ip_header() const {
    return m_impl->m_is_raw && m_impl->m_family == Family::v4;
}

int IcmpSocket::send(Address const& to, ByteView packet) {
    return m_impl->send(to, packet);
}

std::vector<int> IcmpSocket::send_many(std::span<Address const> to, ByteView packets) {
    return m_impl->send_many(to, packets);
}

std::vector<Datagram> const& IcmpSocket::receive() {
    return m_impl->receive(0);
}

std::vector<Datagram> const& IcmpSocket::receive_errors() {
    return m_impl->receive(MSG_ERRQUEUE);
}

std::uint32_t IcmpSocket::dropped() const {
    return m_impl->m_dropped;
}

}  // namespace bioctl::ont
