#include "lib/notify/webhook.hpp"

#include <algorithm>
#include <charconv>
#include <ctime>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "lib/base/random.hpp"
#include "lib/base/seal.hpp"
#include "lib/base/text.hpp"

namespace bioctl::notify {

namespace {

constexpr std::size_t k_longest_reply = 4096;
constexpr std::size_t k_longest_status = 100;
constexpr std::uint64_t k_largest_answer = 1'000'000;
constexpr std::chrono::hours k_longest_retry_after{24};

std::optional<std::chrono::seconds> retry_after(std::string_view text, Timestamp now) {
    text = trim(text);
    std::int64_t seconds = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc{} || end != text.data() + text.size()) {
        std::tm date{};
        if (::strptime(std::string{text}.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &date) == nullptr) return std::nullopt;
        seconds = ::timegm(&date) - to_ms(now) / 1000;
    }
    return std::clamp(std::chrono::seconds{seconds}, std::chrono::seconds{0}, std::chrono::seconds{k_longest_retry_after});
}

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

std::string start_of(std::string_view body) {
    auto text = to_valid_utf8(body.substr(0, k_longest_reply));
    while (text.size() > k_longest_reply)  // repaired bytes are longer
        text = to_valid_utf8(std::string_view{text}.substr(0, k_longest_reply - 3));
    return text;
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
        reply.reason = answer.error().message();
        if (answer.error().kind() == Kind::usage) reply.verdict = Verdict::refused;
        return reply;
    }
    reply.http_status = answer->status;
    reply.verdict = verdict_of(answer->status);
    reply.body = start_of(answer->body);
    reply.remote_status = remote_status(answer->body);
    if (reply.verdict != Verdict::delivered) reply.reason = fmt::format("HTTP {}", answer->status);
    if (auto const after = answer->header("retry-after"); !after.empty()) reply.retry_after = retry_after(after, now);
    return reply;
}

std::chrono::milliseconds wait_before(int attempts, std::optional<std::chrono::seconds> retry_after, RetryRules const& rules,
                                      double random) {
    constexpr int k_most_doublings = 20;
    auto const doubled = rules.first * (std::int64_t{1} << std::clamp(attempts - 1, 0, k_most_doublings));
    std::chrono::milliseconds const wait = std::min(doubled, rules.longest);
    std::chrono::milliseconds const spread{
        static_cast<std::int64_t>(static_cast<double>(wait.count()) * rules.jitter * (2 * random - 1))};
    return std::max<std::chrono::milliseconds>(wait + spread, retry_after.value_or(std::chrono::seconds{0}));
}

}  // namespace bioctl::notify
