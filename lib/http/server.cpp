#include "lib/http/server.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "lib/base/text.hpp"
#include "lib/http/core.hpp"

namespace bioctl::http {

namespace {

std::string shown(tcp::endpoint const& endpoint) {
    auto const address = endpoint.address().to_string();
    return endpoint.address().is_v6() ? fmt::format("[{}]:{}", address, endpoint.port())
                                      : fmt::format("{}:{}", address, endpoint.port());
}

tcp::acceptor listen_on(asio::io_context& io, ListenAddress const& wanted) {
    boost::system::error_code error;
    auto const address = asio::ip::make_address(wanted.host, error);
    if (error) throw Error{Kind::usage, fmt::format("'{}' is no numeric address to listen on", printable(wanted.host))};
    tcp::endpoint const endpoint{address, wanted.port};
    tcp::acceptor acceptor{io};
    acceptor.open(endpoint.protocol(), error);
    if (!error) acceptor.set_option(tcp::acceptor::reuse_address{true}, error);
    // Several sockets for one port are the administrator's wish, not ours: [::] takes no IPv4 then.
    if (!error && address.is_v6()) acceptor.set_option(asio::ip::v6_only{true}, error);
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(SOMAXCONN, error);
    if (!error) return acceptor;
    auto const what = fmt::format("cannot listen on {}", shown(endpoint));
    if (error == asio::error::address_in_use)
        throw Error{Kind::busy, fmt::format("{}: another program does already; stop it, or choose another port", what)};
    if (error == asio::error::access_denied)
        throw Error{Kind::permission,
                    fmt::format("{}: ports below 1024 are for root; choose another, or let systemd hand the socket "
                                "over",
                                what)};
    throw Error{Kind::unavailable, fmt::format("{}: {}", what, error.message())};
}

tcp::acceptor take_over(asio::io_context& io, int socket) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    if (::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0)
        throw_errno("the socket handed over", errno, Kind::config);
    if (address.ss_family != AF_INET && address.ss_family != AF_INET6)
        throw Error{Kind::config, "the socket handed over is none of TCP; the unit's ListenStream= wants a port"};
    tcp::acceptor acceptor{io};
    boost::system::error_code error;
    acceptor.assign(address.ss_family == AF_INET ? tcp::v4() : tcp::v6(), socket, error);
    if (error) throw Error{Kind::config, fmt::format("the socket handed over cannot be used: {}", error.message())};
    return acceptor;
}

}  // namespace

Result<ListenAddress> listen_address_from(std::string_view text) {
    auto const broken = [&] {
        return failure(
            Kind::usage,
            fmt::format("'{}' is no address to listen on; write 127.0.0.1:8080, [::1]:8080, or :8080 for all addresses",
                        printable(text)));
    };
    ListenAddress address;
    auto const colon = text.rfind(':');
    auto const port = colon == std::string_view::npos ? text : text.substr(colon + 1);
    auto const [end, error] = std::from_chars(port.data(), port.data() + port.size(), address.port);
    if (error != std::errc{} || end != port.data() + port.size()) return broken();
    if (colon == std::string_view::npos) return address;
    auto host = text.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    if (host == "localhost") host = "127.0.0.1";
    address.host = host.empty() || host == "*" ? "0.0.0.0" : host;
    boost::system::error_code not_numeric;
    asio::ip::make_address(address.host, not_numeric);
    if (not_numeric) return broken();
    return address;
}

std::optional<BodyShare> BodyShare::take(Server::Core& core, std::size_t bytes) {
    if (bytes > core.options.limits.body_memory - core.body_memory) return std::nullopt;
    core.body_memory += bytes;
    return BodyShare{core, bytes};
}

BodyShare::BodyShare(BodyShare&& other) noexcept : m_core(std::exchange(other.m_core, nullptr)), m_bytes(other.m_bytes) {}

BodyShare& BodyShare::operator=(BodyShare&& other) noexcept {
    std::swap(m_core, other.m_core);
    std::swap(m_bytes, other.m_bytes);
    return *this;
}

BodyShare::~BodyShare() {
    if (m_core) m_core->body_memory -= m_bytes;
}

Server::Core::Core(Site& the_site, Routes const& the_routes, ServerOptions wanted)
    : site(the_site),
      routes(the_routes),
      options(std::move(wanted)),
      gate(site, site.office().setup().clock,
           store::Store::open(site.office().setup().store_file,
                              {.access = store::Access::read_write, .busy_timeout = std::chrono::milliseconds{50}}),
           options.gate),
      store_pool(site.office(), {.name = "store", .workers = options.store_workers, .queue = options.store_queue}),
      peer_pool(site.office(), {.name = "peer", .workers = options.peer_workers, .queue = options.store_queue}),
      inference_pool(site.office(), {.name = "inference",
                                     .workers = options.inference_workers,
                                     .queue = options.inference_queue,
                                     .nice = 5,
                                     .is_warm = true}) {
    if (options.tls) tls = make_tls(*options.tls);
    for (int const socket : options.inherited)
        acceptors.push_back(take_over(io, socket));
    for (auto const& address : options.listen)
        acceptors.push_back(listen_on(io, address));
}

bool Server::Core::evict_one() {
    auto const oldest = std::ranges::find_if(visitors, [](Visitor const* visitor) { return visitor->is_idle(); });
    if (oldest == visitors.end()) return false;
    (*oldest)->abort();
    return true;
}

void Server::Core::accept_on(tcp::acceptor& acceptor) {
    acceptor.async_accept([this, &acceptor](boost::system::error_code error, tcp::socket socket) {
        if (is_stopping || error == asio::error::operation_aborted) return;
        if (error) {
            // No descriptor is left, most likely: the connection waits in the kernel until there is one.
            static_cast<void>(evict_one());
            auto const pause = std::make_shared<asio::steady_timer>(io, std::chrono::milliseconds{50});
            pause->async_wait([this, &acceptor, pause](boost::system::error_code) { accept_on(acceptor); });
            return;
        }
        admit(std::move(socket));
        accept_on(acceptor);
    });
}

void Server::Core::admit(tcp::socket socket) {
    boost::system::error_code error;
    auto const peer = socket.remote_endpoint(error).address().to_string();
    if (error) return;
    auto const of_peer = visitors_of.find(peer);
    if (!is_loopback(peer) && of_peer != visitors_of.end() && of_peer->second >= options.limits.connections_of_client) return;
    if (visitors.size() >= options.limits.connections && !evict_one()) return;
    socket.set_option(tcp::no_delay{true}, error);
    if (tls) {
        serve_tls(*this, std::move(socket));
    } else {
        serve_plain(*this, std::move(socket));
    }
}

void Server::Core::begin_stop() {
    if (is_stopping) return;
    is_stopping = true;
    boost::system::error_code ignored;
    for (auto& acceptor : acceptors)
        acceptor.close(ignored);
    for (auto* const visitor : visitors)
        visitor->leave();
    // run() returns by itself when the last connection is gone.
    deadline.expires_after(options.limits.grace);
    deadline.async_wait([this](boost::system::error_code error) {
        if (!error) io.stop();
    });
    watch_the_last();
}

void Server::Core::watch_the_last() {
    if (visitors.empty()) {
        deadline.cancel();
        return;
    }
    tick.expires_after(std::chrono::milliseconds{20});
    tick.async_wait([this](boost::system::error_code) { watch_the_last(); });
}

Server::Server(Site& site, Routes const& routes, ServerOptions options)
    : m_core(std::make_unique<Core>(site, routes, std::move(options))) {
    site.base_path = m_core->options.base_path;
    site.load = [core = m_core.get()] {
        return Site::Load{.inference_waiting = core->inference_pool.waiting(),
                          .store_waiting = core->store_pool.waiting(),
                          .inference_busy = core->inference_pool.busy(),
                          .inference_workers = core->inference_pool.rules().workers,
                          .store_busy = core->store_pool.busy()};
    };
}

Server::~Server() {
    m_core->site.load = nullptr;
}

std::vector<std::string> Server::addresses() const {
    std::vector<std::string> addresses;
    for (auto const& acceptor : m_core->acceptors)
        addresses.push_back(fmt::format("{}://{}", m_core->tls ? "https" : "http", shown(acceptor.local_endpoint())));
    return addresses;
}

void Server::run() {
    for (auto& acceptor : m_core->acceptors)
        m_core->accept_on(acceptor);
    m_core->io.run();
}

void Server::stop() {
    asio::post(m_core->io, [core = m_core.get()] { core->begin_stop(); });
}

void Server::reload_tls() {
    if (!m_core->options.tls) return;
    auto fresh = make_tls(*m_core->options.tls);
    asio::post(m_core->io, [core = m_core.get(), fresh = std::move(fresh)] { core->tls = fresh; });
}

}  // namespace bioctl::http
