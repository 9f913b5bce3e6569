#include "lib/notify/telegram.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "lib/base/text.hpp"
#include "lib/net/url.hpp"
#include "lib/notify/address.hpp"
#include "lib/notify/fields.hpp"
#include "lib/notify/notification.hpp"
#include "lib/notify/retry.hpp"

namespace bioctl::notify {

namespace {

constexpr std::size_t k_longest_text = 4096;  // UTF-16 units
constexpr std::uint64_t k_largest_answer = 64 * 1024;
// A little more than the limits: the way to the receiver is not always equally long.
constexpr std::chrono::milliseconds k_gap{1100};
constexpr std::chrono::milliseconds k_window{61'000};
constexpr std::size_t k_most_to_group = 20;

bool is_digits(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_word(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
    });
}

bool is_token(std::string_view text) {
    auto const colon = text.find(':');
    return colon != std::string_view::npos && is_digits(text.substr(0, colon)) && is_word(text.substr(colon + 1));
}

bool is_chat(std::string_view id) {
    constexpr std::size_t k_longest = 64;
    if (id.size() > k_longest) return false;
    if (id.starts_with('@')) return is_word(id.substr(1));
    constexpr std::size_t k_most_digits = 18;  // of a signed 64-bit number, whatever they are
    auto const digits = id.substr(id.starts_with('-') ? 1 : 0);
    return is_digits(digits) && digits.size() <= k_most_digits;
}

/// What Telegram says: {"ok": false, "error_code": 429, "description": "...", "parameters": {"retry_after": 5}}.
class Said {
public:
    explicit Said(std::string_view body) : m_json(Json::parse(body, nullptr, false)) {}

    [[nodiscard]] bool is_telegram() const { return m_json.is_object() && m_json.contains("ok") && m_json["ok"].is_boolean(); }
    [[nodiscard]] bool is_ok() const { return m_json["ok"].get<bool>(); }
    [[nodiscard]] int code(int otherwise) const {
        auto const found = m_json.find("error_code");
        return found != m_json.end() && found->is_number_integer() ? static_cast<int>(found->get<std::int64_t>()) : otherwise;
    }
    [[nodiscard]] std::string description() const {
        auto const found = m_json.find("description");
        return found != m_json.end() && found->is_string() ? found->get<std::string>() : std::string{};
    }
    [[nodiscard]] std::optional<std::int64_t> parameter(char const* name) const {
        auto const found = m_json.find("parameters");
        if (found == m_json.end() || !found->is_object() || !found->contains(name)) return std::nullopt;
        auto const& value = (*found)[name];
        return value.is_number_integer() ? std::optional{value.get<std::int64_t>()} : std::nullopt;
    }

private:
    Json const m_json;
};

class Telegram final : public Channel {
public:
    Telegram(ChannelConfig const& config, net::HttpOptions const& http)
        : m_session(http, {}),
          m_address(parse_telegram(config.url).or_throw()),
          m_token(config.secret),
          m_timeout(config.timeout) {}

    Reply send(Parcel const& parcel) override {
        auto const notification = notification_from_json(parcel.rendered.body);
        if (!notification) return {.verdict = Verdict::refused, .reason = notification.error().message()};
        auto const answer = m_session.exchange(request_for(to_text(*notification, k_longest_text)));
        if (!answer) return {.reason = without_token(answer.error().message())};
        return judged(*answer, parcel.now);
    }

private:
    [[nodiscard]] net::Request request_for(std::string const& text) const {
        net::Request request;
        request.method = net::Method::post;
        request.url = fmt::format("{}/bot{}/sendMessage", m_address.base, m_token);
        request.content_type = "application/json";
        request.body = dumped({{"chat_id", m_address.chat_id}, {"text", text}});
        request.max_answer_bytes = k_largest_answer;
        request.is_answer_cut = true;  // a message that was taken must not be sent again because the answer is long
        request.timeout = m_timeout;
        return request;
    }

    [[nodiscard]] Reply judged(net::Answer const& answer, Timestamp now) const {
        Reply reply{.is_answered = true, .http_status = answer.status, .body = start_of_reply(without_token(answer.body))};
        if (auto const after = answer.header("retry-after"); !after.empty()) reply.retry_after = parse_retry_after(after, now);
        Said const said{answer.body};
        if (!said.is_telegram()) {
            // A proxy or a log-in page of the network, whatever status it has.
            reply.reason = fmt::format("HTTP {}: not an answer of Telegram", answer.status);
            return reply;
        }
        if (said.is_ok()) {
            reply.verdict = Verdict::delivered;
            return reply;
        }
        auto const code = said.code(answer.status);
        bool const is_passing = code == 429 || code >= 500;
        reply.verdict = is_passing ? Verdict::later : Verdict::refused;
        // First without the token, then cut: half a token would not be found.
        constexpr std::size_t k_longest_description = 500;
        auto const description = without_token(said.description()).substr(0, k_longest_description);
        reply.reason = fmt::format("Telegram: {} {}", code, to_valid_utf8(description));
        if (auto const wait = said.parameter("retry_after")) {
            auto const bounded = bounded_wait(*wait);
            reply.retry_after = reply.retry_after ? std::max(*reply.retry_after, bounded) : bounded;
        }
        if (auto const moved = said.parameter("migrate_to_chat_id"))
            reply.reason += fmt::format("; set chat_id={} with `bioctl targets edit --url`", *moved);
        return reply;
    }

    [[nodiscard]] std::string without_token(std::string text) const {
        for (auto at = text.find(m_token); at != std::string::npos; at = text.find(m_token, at))
            text.replace(at, m_token.size(), "***");
        return text;
    }

    net::Session m_session;
    TelegramAddress m_address;
    std::string m_token;
    std::chrono::seconds m_timeout;
};

}  // namespace

Result<TelegramAddress> parse_telegram(std::string_view url) {
    if (url.find("/bot") != std::string_view::npos) {
        return failure(Kind::usage,
                       "a Telegram address is https://api.telegram.org?chat_id=NUMBER; the token goes into a file: --token-file");
    }
    auto const split = split_address(url, {"chat_id"});
    if (!split) return failure(split.error());
    if (auto const secure = net::require_secure(split->base); !secure) return failure(secure.error());
    if (split->parameters.size() != 1 || !is_chat(split->parameters.front().value)) {
        // Not shown: it may be the token, given in the wrong place.
        return failure(Kind::usage, "a Telegram address names one chat: ?chat_id=-100123, or ?chat_id=@channel");
    }
    TelegramAddress address{.base = std::string{split->base}, .chat_id = split->parameters.front().value};
    while (address.base.ends_with('/'))
        address.base.pop_back();
    return address;
}

Result<void> check_telegram(ChannelConfig const& config) {
    if (auto const address = parse_telegram(config.url); !address) return failure(address.error());
    if (config.secret.empty())
        return failure(Kind::usage, "Telegram wants the token that @BotFather gave; put it into a file: --token-file");
    if (!is_token(config.secret))
        return failure(Kind::usage,
                       "the token of a Telegram bot is digits, a colon, and letters and digits, as @BotFather gave it");
    return {};
}

std::optional<PaceRules> telegram_pace(std::string_view url) {
    auto const address = parse_telegram(url);
    if (!address) return std::nullopt;
    PaceRules rules{.key = fmt::format("telegram {} {}", address->base, address->chat_id), .gap = k_gap};
    if (!is_digits(address->chat_id)) {
        rules.most = k_most_to_group;
        rules.window = k_window;
    }
    return rules;
}

std::unique_ptr<Channel> make_telegram(ChannelConfig const& config, net::HttpOptions const& http) {
    return std::make_unique<Telegram>(config, http);
}

}  // namespace bioctl::notify
