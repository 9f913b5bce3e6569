// The limit that a sweep is held against: one thread that sends echo requests to 127.0.0.0/16 and takes the answers, in the
// largest portions the kernel takes, and does nothing else: no table of hosts, no times, no matching of answers.
//
//   packet_rate COUNT       prints the milliseconds that COUNT requests and their answers took

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

namespace {

constexpr unsigned k_portion = 64;
constexpr std::size_t k_packet = 8;
constexpr int k_buffer = 4 << 20;

struct Portion {
    std::array<mmsghdr, k_portion> headers{};
    std::array<iovec, k_portion> parts{};
    std::array<std::array<std::uint8_t, 128>, k_portion> bytes{};
    std::array<sockaddr_in, k_portion> hosts{};

    explicit Portion(std::size_t length) {
        for (unsigned i = 0; i < k_portion; ++i) {
            parts[i] = {bytes[i].data(), length};
            headers[i].msg_hdr.msg_iov = &parts[i];
            headers[i].msg_hdr.msg_iovlen = 1;
            hosts[i].sin_family = AF_INET;
        }
    }
};

/// Raw, as root has it, filtered to answers; else a ping socket. -1 if this user may have neither.
int open_socket() {
    constexpr int k_icmp_filter = 1;  // ICMP_FILTER of linux/icmp.h, which cannot be included beside netinet's
    constexpr std::uint32_t k_all_but_answers = ~(1U << ICMP_ECHOREPLY);
    int fd = ::socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP);
    if (fd >= 0) {
        ::setsockopt(fd, SOL_RAW, k_icmp_filter, &k_all_but_answers, sizeof k_all_but_answers);
    } else {
        fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, IPPROTO_ICMP);
    }
    if (fd >= 0) ::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &k_buffer, sizeof k_buffer);
    return fd;
}

/// Answers taken, or -1.
int sweep(int fd, std::uint32_t count) {
    int answers = 0;
    Portion out{k_packet}, in{sizeof in.bytes[0]};
    for (unsigned i = 0; i < k_portion; ++i) {
        out.bytes[i][0] = ICMP_ECHO;
        out.bytes[i][2] = 0xF7;  // the checksum of a request whose id and number are zero
        out.bytes[i][3] = 0xFF;
        out.headers[i].msg_hdr.msg_name = &out.hosts[i];
        out.headers[i].msg_hdr.msg_namelen = sizeof out.hosts[i];
    }
    for (std::uint32_t sent = 0; sent < count; sent += k_portion) {
        for (unsigned i = 0; i < k_portion; ++i)
            out.hosts[i].sin_addr.s_addr = htonl(0x7F000001U + (sent + i) % count);
        if (::sendmmsg(fd, out.headers.data(), k_portion, 0) != static_cast<int>(k_portion)) return -1;
        // Over loopback the answers are here before sendmmsg() returns.
        for (int taken = 0, all = 0; all < static_cast<int>(k_portion); all += taken) {
            taken = ::recvmmsg(fd, in.headers.data(), k_portion, MSG_DONTWAIT, nullptr);
            if (taken <= 0) break;
            answers += taken;
        }
    }
    return answers;
}

}  // namespace

int main(int argc, char** argv) {
    long const count = argc == 2 ? std::atol(argv[1]) : 0;
    if (count < 1 || count > 65534) {
        std::fputs("usage: packet_rate COUNT (1 to 65534)\n", stderr);
        return 64;
    }
    int const fd = open_socket();
    if (fd < 0) {
        std::perror("packet_rate: this user may not send ICMP (net.ipv4.ping_group_range)");
        return 77;
    }
    auto const start = std::chrono::steady_clock::now();
    int const answers = sweep(fd, static_cast<std::uint32_t>(count));
    double const ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
    if (answers < 0.99 * static_cast<double>(count)) {
        std::fprintf(stderr, "packet_rate: only %d of %ld answers; is loopback up, and net.ipv4.icmp_echo_ignore_all 0?\n",
                     answers, count);
        return 1;
    }
    std::printf("%.3f\n", ms);
    ::close(fd);
}
