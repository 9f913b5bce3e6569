#include "lib/notify/telegram.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "lib/base/text.hpp"
#include "lib/net/query.hpp"
#include "lib/net/url.hpp"
#include "lib/notify/fields.hpp"
#include "lib/notify/notification.hpp"

namespace bioctl::notify {

namespace {

constexpr std::size_t k_most_units = 4096;  // UTF-16 units of a message
constexpr std::uint64_t k_largest_answer = 64 * 1024;
constexpr std::size_t k_longest_description = 300;

bool is_digits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_word(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
    });
}

bool is_chat_id(std::string_view text) {
    constexpr std::size_t k_longest = 33;
    if (text.size() > k_longest) return false;
    if (text.starts_with('@')) return is_word(text.substr(1));
    if (text.starts_with('-')) text.remove_prefix(1);
    return is_digits(text);
}

tl::unexpected<Error> bad_address(std::string_view url, std::string_view cause) {
    return failure(Kind::usage,
                   fmt::format("'{}': {}; write it as https://api.telegram.org?chat_id=-100123", printable(url), cause));
}

Json number_or_text(std::string const& text) {
    std::int64_t number = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size() ? Json(number) : Json(text);
}

std::string message_of(TelegramAddress const& address, Notification const& notification) {
    // A text of blanks alone would be refused for ever.
    auto text = to_text(notification, k_most_units);
    if (trim(text).empty()) text = notification.level;
    Json json{{"chat_id", number_or_text(address.chat_id)}, {"text", text}};
    if (!address.thread.empty()) json["message_thread_id"] = number_or_text(address.thread);
    json["disable_web_page_preview"] = true;
    return dumped(json);
}

std::string without(std::string text, std::string const& secret) {
    for (auto at = text.find(secret); !secret.empty() && at != std::string::npos; at = text.find(secret, at))
        text.replace(at, secret.size(), "***");
    return text;
}

/// {"ok": false, "error_code", "description", "parameters": {"retry_after", "migrate_to_chat_id"}}
struct ApiAnswer {
    bool is_ok = false;
    std::string description{};
    std::optional<std::chrono::seconds> retry_after{};
    std::optional<std::int64_t> new_chat{};
};

std::optional<std::int64_t> integer_at(nlohmann::json const& object, char const* key) {
    auto const found = object.find(key);
    if (found == object.end() || !found->is_number_integer()) return std::nullopt;
    return found->get<std::int64_t>();
}

ApiAnswer read_answer(std::string_view body) {
    ApiAnswer answer;
    auto const json = nlohmann::json::parse(body, nullptr, false);
    if (!json.is_object()) return answer;
    auto const ok = json.find("ok");
    answer.is_ok = ok != json.end() && ok->is_boolean() && ok->get<bool>();
    auto const description = json.find("description");
    if (description != json.end() && description->is_string())
        answer.description = printable(description->get_ref<std::string const&>().substr(0, k_longest_description));
    auto const parameters = json.find("parameters");
    if (parameters == json.end() || !parameters->is_object()) return answer;
    if (auto const wait = integer_at(*parameters, "retry_after")) answer.retry_after = within_a_day(std::chrono::seconds{*wait});
    answer.new_chat = integer_at(*parameters, "migrate_to_chat_id");
    return answer;
}

Verdict verdict_of(int status, bool is_ok) {
    if (status == 200 && is_ok) return Verdict::delivered;
    bool const is_api_refusal = status >= 300 && status < 500 && status != 408 && status != 425 && status != 429;
    if (is_api_refusal) return Verdict::refused;
    // 2xx without "ok": something else than the API answers, a captive portal as a rule, and may stop doing so.
    return status < 300 ? Verdict::doubtful : Verdict::later;
}

std::string reason_of(int status, ApiAnswer const& answer) {
    if (status == 200) return "HTTP 200, but not from the Bot API; check the address and any proxy";
    auto reason =
        answer.description.empty() ? fmt::format("HTTP {}", status) : fmt::format("HTTP {}: {}", status, answer.description);
    if (answer.new_chat)
        reason += fmt::format("; the group has the new chat_id {}: set it with `bioctl targets edit --url`", *answer.new_chat);
    if (status == 401 || status == 404) reason += "; check the token (--token-file)";
    return reason;
}

}  // namespace

Result<TelegramAddress> parse_telegram_address(std::string const& url) {
    if (auto const secure = net::require_secure(url); !secure) return failure(secure.error());
    TelegramAddress address{.base = std::string{net::without_query(url)}};
    while (address.base.ends_with('/'))
        address.base.pop_back();
    auto const query = net::query_of(url);
    if (!query) return failure(query.error());
    for (auto const& [name, value] : *query) {
        if (name == "chat_id") {
            address.chat_id = value;
        } else if (name == "message_thread_id") {
            if (!is_digits(value) || value.size() > 18) return bad_address(url, "message_thread_id is a number");
            address.thread = value;
        } else {
            return bad_address(url, fmt::format("'{}' is neither chat_id nor message_thread_id", printable(name)));
        }
    }
    if (!is_chat_id(address.chat_id)) return bad_address(url, "chat_id is missing, or neither a number nor @channel");
    if (net::parse_url(url)->path.find("/bot") != std::string::npos)
        return bad_address(net::parse_url(url)->host, "the token does not belong into the address, but into --token-file");
    return address;
}

bool is_bot_token(std::string_view text) {
    constexpr std::size_t k_longest = 256;
    auto const colon = text.find(':');
    return colon != std::string_view::npos && text.size() <= k_longest && is_digits(text.substr(0, colon)) &&
           is_word(text.substr(colon + 1));
}

std::vector<Pace> telegram_paces(TelegramAddress const& address) {
    constexpr Pace k_chat{.most = 1, .span = std::chrono::seconds{1}};
    constexpr Pace k_group{.most = 20, .span = std::chrono::minutes{1}};
    return address.is_group() ? std::vector<Pace>{k_chat, k_group} : std::vector<Pace>{k_chat};
}

TelegramChannel::TelegramChannel(ChannelSetup setup) : m_setup(std::move(setup)), m_session(m_setup.http, {}) {}

Reply TelegramChannel::send(Parcel const& parcel) {
    auto const address = parse_telegram_address(m_setup.url);
    auto const notification = parse_notification(parcel.rendered.body);
    if (!address) return {.verdict = Verdict::refused, .reason = address.error().message()};
    if (!is_bot_token(m_setup.secret)) return {.verdict = Verdict::refused, .reason = "no bot token; set it with --token-file"};
    if (!notification) return {.verdict = Verdict::refused, .reason = notification.error().message()};
    net::Request request;
    request.method = net::Method::post;
    request.url = fmt::format("{}/bot{}/sendMessage", address->base, m_setup.secret);
    request.content_type = "application/json";
    request.body = message_of(*address, *notification);
    request.max_answer_bytes = k_largest_answer;
    request.is_answer_cut = true;
    request.timeout = m_setup.timeout;
    auto const answer = m_session.exchange(request);
    // libcurl names the address, and so the token, in what it says; a peer may repeat it.
    if (!answer) return {.reason = without(answer.error().message(), m_setup.secret)};
    auto const body = without(answer->body, m_setup.secret);
    auto const said = read_answer(body);
    Reply reply;
    reply.has_answer = true;
    reply.status = answer->status;
    reply.verdict = verdict_of(answer->status, said.is_ok);
    reply.body = start_of_reply(body);
    if (reply.verdict == Verdict::delivered) return reply;
    reply.reason = reason_of(answer->status, said);
    reply.retry_after = retry_after_of(answer->header("retry-after"), parcel.now);
    if (said.retry_after) reply.retry_after = std::max(*said.retry_after, reply.retry_after.value_or(std::chrono::seconds{0}));
    return reply;
}

}  // namespace bioctl::notify
