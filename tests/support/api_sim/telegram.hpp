#pragma once
// What Telegram's Bot API answers to sendMessage: its checks, its words, its limits.

#include <chrono>
#include <deque>
#include <map>
#include <string>

#include "tests/support/sim_http/message.hpp"

namespace bioctl::api_sim {

/// {"ok": false, "error_code", "description", "parameters": {"retry_after"}}; retry_after 0: without.
[[nodiscard]] sim_http::Reply telegram_refusal(int code, std::string const& description, long retry_after_s = 0);

class Telegram {
public:
    explicit Telegram(std::string token) : m_token(std::move(token)) {}

    /// 404 for another token, 400 for a text that is empty or longer than 4096 UTF-16 units, 429 for more than one message within
    /// a second to one chat, or twenty within a minute to a group.
    [[nodiscard]] sim_http::Reply take(sim_http::Request const& request, std::chrono::steady_clock::time_point now);

private:
    std::string m_token;
    std::map<std::string, std::deque<std::chrono::steady_clock::time_point>> m_sent;  // by chat
    int m_messages = 0;
};

}  // namespace bioctl::api_sim
