#pragma once
// Lets a bioctl server look at frames: POST /recognize/realtime, as the clients of the old service did.

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "lib/app/photos.hpp"
#include "lib/base/result.hpp"
#include "lib/net/exchange.hpp"

namespace bioctl::app {

struct RealtimeFace {
    Box box{};
    std::string label{};  ///< "Unknown" of nobody known
    std::optional<double> distance{};
    std::string dispatch{};         ///< sent, failed, skipped; "" if the server did not say
    std::string dispatch_reason{};  ///< "ok", "cooldown_active (4s left)", ...
};

struct RealtimeReply {
    std::vector<RealtimeFace> faces{};
    bool is_webhook_enabled = false;
};

struct RealtimeTrouble {
    Error error;
    bool is_final = false;                              ///< it would be refused again: wrong key, no such path
    std::optional<std::chrono::seconds> retry_after{};  ///< what the server asked for, at most a minute
};

/// One request at a time, over a connection that is kept. One thread.
class RealtimeClient {
public:
    /// `server`: "http://host:port[/base]". `key` "" = none; else it goes along as X-API-Key. Throws Error{usage} for an address
    /// that cannot be one.
    RealtimeClient(std::string const& server, std::string key, bool sends_unknown);

    /// What the server saw on this JPEG.
    tl::expected<RealtimeReply, RealtimeTrouble> post(std::string jpeg);

private:
    std::string m_url, m_key;
    net::Session m_session;
};

/// Of the server's answer. Kind::protocol if it is no such answer.
[[nodiscard]] Result<RealtimeReply> parse_realtime_reply(std::string_view body);

}  // namespace bioctl::app
