#include "tests/support/api_sim/telegram.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace bioctl::api_sim {

namespace {

using Json = nlohmann::json;

std::size_t utf16_units(std::string_view utf8) {
    std::size_t units = 0;
    for (char const c : utf8) {
        auto const byte = static_cast<unsigned char>(c);
        units += (byte & 0xC0U) == 0x80U ? 0U : byte >= 0xF0U ? 2U : 1U;
    }
    return units;
}

}  // namespace

sim_http::Reply telegram_refusal(int code, std::string const& description, long retry_after_s) {
    Json json{{"ok", false}, {"error_code", code}, {"description", description}};
    if (retry_after_s > 0) json["parameters"]["retry_after"] = retry_after_s;
    return {.status = code, .body = json.dump()};
}

sim_http::Reply Telegram::take(sim_http::Request const& request, std::chrono::steady_clock::time_point now) {
    if (request.path != fmt::format("/bot{}/sendMessage", m_token)) return telegram_refusal(404, "Not Found");
    auto const json = Json::parse(request.body, nullptr, false);
    if (!json.is_object() || !json.contains("chat_id")) return telegram_refusal(400, "Bad Request: chat_id is empty");
    auto const text = json.value("text", "");
    if (text.empty()) return telegram_refusal(400, "Bad Request: message text is empty");
    if (utf16_units(text) > 4096) return telegram_refusal(400, "Bad Request: message is too long");
    auto const chat = json["chat_id"].is_string() ? json["chat_id"].get<std::string>() : json["chat_id"].dump();
    auto& sent = m_sent[chat];
    while (!sent.empty() && now - sent.front() > std::chrono::minutes{1})
        sent.pop_front();
    bool const is_too_fast = !sent.empty() && now - sent.back() < std::chrono::seconds{1};
    bool const is_too_much = chat.starts_with('-') && sent.size() >= 20;
    if (is_too_fast || is_too_much) {
        auto const wait = is_too_much ? 60 : 1;
        return telegram_refusal(429, fmt::format("Too Many Requests: retry after {}", wait), wait);
    }
    sent.push_back(now);
    return {.body = Json{{"ok", true}, {"result", {{"message_id", ++m_messages}, {"text", text}}}}.dump()};
}

}  // namespace bioctl::api_sim
