#pragma once
// One request and its reply, whatever carries them: which route, who may, who does the work, what the log says. Private to http/.

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "lib/http/core.hpp"

namespace bioctl::http {

class Exchange {
public:
    Exchange(Server::Core& core, std::string peer, bool is_tls) : m_core(core), m_peer(std::move(peer)), m_is_tls(is_tls) {}

    using Moment = std::chrono::steady_clock::time_point;
    void begin(std::string method, std::string target, std::vector<Header> fields, Moment began);
    /// For a request that could not be read.
    void begin_without_request(Moment began);

    /// Before the body: a reply if the request comes to nothing.
    [[nodiscard]] std::optional<Reply> judge(bool has_body, std::optional<std::uint64_t> length);
    void set_body(std::string body, BodyShare share);
    /// On the thread that does the work. Never throws.
    [[nodiscard]] Reply handle(app::Desk* desk);
    [[nodiscard]] Reply handle_rest(Rest const& rest, app::Desk& desk);
    /// Adds what every reply has.
    void finish(Reply& reply);
    void log(std::uint64_t bytes);

    [[nodiscard]] bool is_live() const { return m_match.route && m_match.route->work == Work::live; }
    [[nodiscard]] bool is_at_once() const { return m_match.route->work == Work::at_once; }
    [[nodiscard]] bool is_head() const { return m_request.method == "HEAD"; }
    [[nodiscard]] bool expects_continue() const;
    [[nodiscard]] std::size_t max_body() const { return m_match.route->max_body; }
    [[nodiscard]] Pool& pool() const;
    [[nodiscard]] std::vector<std::string_view> const& topics() const { return m_topics; }
    [[nodiscard]] Reply refuse(Trouble const& trouble);
    [[nodiscard]] Reply refuse_queue_full();
    /// A WebSocket was meant.
    [[nodiscard]] Reply refuse_plain_request();
    /// Whether whoever asked still may, asked later: a key may be revoked, a session may end. For as long as the server runs, on
    /// the thread of the network.
    [[nodiscard]] std::function<bool()> review() const;
    /// For a WebSocket: that it began.
    void log_upgrade();

private:
    [[nodiscard]] std::optional<Reply> find_route();
    [[nodiscard]] Reply answer_without_route();
    [[nodiscard]] Reply guarded(std::function<Reply()> const& work);
    [[nodiscard]] Reply refused(Error const& error);
    [[nodiscard]] std::string internal_detail() const;
    void report(std::string const& text);

    Server::Core& m_core;
    std::string m_peer;
    bool m_is_tls;
    Request m_request;
    Moment m_began{};
    Routes::Match m_match;
    Admitted m_admitted;
    std::vector<std::string_view> m_topics;  // of the route
    BodyShare m_share;
    int m_status = 0;
    std::uint64_t m_bytes_in = 0;
    bool m_is_logged = false;
};

/// A reply to what is no request: in plain text, for whoever debugs it by hand.
[[nodiscard]] Reply plain_refusal(int status, std::string const& detail);
[[nodiscard]] std::chrono::milliseconds body_time(ServerLimits const& limits, std::uint64_t bytes);
[[nodiscard]] std::string too_large_detail(std::size_t most);

}  // namespace bioctl::http
