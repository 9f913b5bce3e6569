#pragma once
// One ICMP socket of a family: raw where that is allowed (CAP_NET_RAW), else the kernel's unprivileged "ping socket".

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "lib/base/bytes.hpp"
#include "lib/base/result.hpp"
#include "lib/ont/address.hpp"

namespace bioctl::ont {

struct IcmpOptions {
    int ttl = 0;                      ///< 0 = the system's
    std::optional<Address> source{};  ///< to send from
    int receive_buffer = 8 << 20;     ///< bytes; the kernel may give less to those without CAP_NET_ADMIN
    bool only_sends = false;          ///< a raw socket that is given nothing of what arrives: another one hears the answers
    bool may_fragment = true;         ///< v4: false sets "don't fragment", which spares the kernel an identification per packet
};

struct Datagram {
    Address from{};
    ByteView bytes{};         ///< valid until the next receive
    std::int64_t age_ns = 0;  ///< how long it has lain in the kernel, by the kernel's own clock; never negative
    bool is_error = false;    ///< of the error queue: `bytes` is our own request, `from` whom it was for
    std::uint8_t error_type = 0, error_code = 0;
};

/// Sending may be done in several threads at once, beside the one that receives. All else: one thread.
class IcmpSocket {
public:
    /// Kind::permission names both remedies. Kind::unavailable: this machine has no such family.
    static Result<IcmpSocket> open(Family family, IcmpOptions const& options);
    IcmpSocket(IcmpSocket&&) noexcept;
    IcmpSocket& operator=(IcmpSocket&&) noexcept;
    ~IcmpSocket();

    [[nodiscard]] int descriptor() const;
    [[nodiscard]] bool is_raw() const;
    [[nodiscard]] bool has_ip_header() const;  ///< of what is received

    /// 0, or errno. ENOBUFS and EAGAIN: the machine's own queues are full, nothing is wrong with the target.
    [[nodiscard]] int send(Address const& to, ByteView packet);
    /// `packets`: one for each address, of the same length, one after the other. What send() would give for each; all from the
    /// first full queue on have its code and were not tried.
    [[nodiscard]] std::vector<int> send_many(std::span<Address const> to, ByteView packets);
    /// What is there now, without waiting, at most 64. Errors of the socket are not told: they concern single packets.
    [[nodiscard]] std::vector<Datagram> const& receive();
    /// Of the error queue (unprivileged sockets see unreachable hosts only there).
    [[nodiscard]] std::vector<Datagram> const& receive_errors();

    /// Packets that the kernel had to throw away because we did not read them in time, so far.
    [[nodiscard]] std::uint32_t dropped() const;

private:
    class Impl;
    explicit IcmpSocket(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

}  // namespace bioctl::ont
