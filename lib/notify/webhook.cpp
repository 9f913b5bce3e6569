#include "lib/notify/webhook.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "lib/base/brief.hpp"
#include "lib/base/seal.hpp"
#include "lib/base/text.hpp"
#include "lib/notify/retry.hpp"

namespace bioctl::notify {

namespace {

constexpr std::size_t k_longest_status = 100;
constexpr std::uint64_t k_largest_answer = 1'000'000;

Verdict verdict_of(int status) {
    if (status >= 200 && status < 300) return Verdict::delivered;
    bool const is_passing = status == 408 || status == 425 || status == 429 || status >= 500;
    return is_passing ? Verdict::later : Verdict::refused;
}

/// The reply of a presence API: {"status": ..., "attendance": {...}}.
std::string remote_status(std::string_view body) {
    auto const json = nlohmann::json::parse(body, nullptr, false);
    if (!json.is_object() || !json.contains("status")) return {};
    auto const& status = json["status"];
    // Nothing nested: to write it down would recurse as deeply as a stranger likes.
    if (status.is_structured()) return {};
    auto const text = status.is_string() ? status.get<std::string>() : status.dump();
    return to_valid_utf8(text.substr(0, k_longest_status));
}

/// A form is signed by its parts, since its boundary is made on the way.
std::string signed_text(Rendered const& rendered) {
    if (rendered.form.empty()) return rendered.body;
    std::string text;
    for (auto const& part : rendered.form)
        text += part.content;
    return text;
}

net::Request request_for(WebhookTarget const& target, Rendered const& rendered, Timestamp now) {
    net::Request request;
    request.method = net::Method::post;
    request.url = target.url;
    request.content_type = rendered.content_type;
    request.body = rendered.body;
    request.form = rendered.form;
    request.max_answer_bytes = k_largest_answer;
    request.is_answer_cut = true;  // what was understood may be answered at any length
    request.timeout = target.timeout;
    if (!target.bearer.empty()) request.headers.push_back("Authorization: Bearer " + target.bearer);
    if (!target.hmac_key.empty()) {
        auto const stamp = to_ms(now) / 1000;
        request.headers.push_back(fmt::format("X-Bioctl-Timestamp: {}", stamp));
        request.headers.push_back("X-Bioctl-Signature: sha256=" +
                                  hmac_sha256_hex(target.hmac_key, fmt::format("{}.{}", stamp, signed_text(rendered))));
    }
    return request;
}

class Webhook final : public Channel {
public:
    Webhook(ChannelConfig const& config, net::HttpOptions const& http)
        : m_session(http, {}),
          m_target{.url = config.url, .bearer = config.secret, .hmac_key = config.hmac_key, .timeout = config.timeout} {}

    Reply send(Parcel const& parcel) override {
        return deliver(m_session, m_target, parcel.rendered, parcel.idempotency_key, parcel.event, parcel.attempt, parcel.now);
    }

private:
    net::Session m_session;
    WebhookTarget m_target;
};

}  // namespace

Reply deliver(net::Session& session, WebhookTarget const& target, Rendered const& rendered, std::string const& idempotency_key,
              std::int64_t event, int attempt, Timestamp now) {
    auto request = request_for(target, rendered, now);
    request.headers.push_back("Idempotency-Key: " + idempotency_key);
    if (event != 0) request.headers.push_back(fmt::format("X-Bioctl-Event: {}", event));
    request.headers.push_back(fmt::format("X-Bioctl-Attempt: {}", attempt));
    Reply reply;
    auto const answer = session.exchange(request);
    if (!answer) {
        reply.reason = without_paths(answer.error().message());  // the path of many a webhook is its secret
        if (answer.error().kind() == Kind::usage) reply.verdict = Verdict::refused;
        return reply;
    }
    reply.http_status = answer->status;
    reply.verdict = verdict_of(answer->status);
    reply.is_answered = true;
    reply.body = start_of_reply(answer->body);
    reply.remote_status = remote_status(answer->body);
    if (reply.verdict != Verdict::delivered) reply.reason = fmt::format("HTTP {}", answer->status);
    if (auto const after = answer->header("retry-after"); !after.empty()) reply.retry_after = parse_retry_after(after, now);
    return reply;
}

std::unique_ptr<Channel> make_webhook(ChannelConfig const& config, net::HttpOptions const& http) {
    return std::make_unique<Webhook>(config, http);
}

}  // namespace bioctl::notify
