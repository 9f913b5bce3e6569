#include "tests/support/api_sim/target.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "lib/base/bytes.hpp"
#include "lib/base/clock.hpp"
#include "lib/base/error.hpp"
#include "lib/base/text.hpp"

namespace bioctl::api_sim {

namespace {

using Json = nlohmann::ordered_json;
using sim_http::Ending;
using sim_http::Reply;
using sim_http::Request;

constexpr std::size_t k_max_body_kept = 64 * 1024, k_max_bodies_kept = 256 * 1024 * 1024;
constexpr std::uint64_t k_million = 1000000;

std::string dump(Json const& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Failure parse_failure(std::string const& word) {
    if (word == "timeout") return {.how = Failure::How::timeout};
    if (word == "close") return {.how = Failure::How::close};
    int status = 0;
    auto const [end, error] = std::from_chars(word.data(), word.data() + word.size(), status);
    if (error != std::errc{} || end != word.data() + word.size() || status < 300 || status > 599)
        throw Error{Kind::usage, fmt::format("'{}' is no way to fail; write a status, timeout or close", printable(word))};
    return {.status = status};
}

std::string name_of(Failure const& failure) {
    switch (failure.how) {
        case Failure::How::timeout: return "timeout";
        case Failure::How::close: return "close";
        case Failure::How::status: break;
    }
    return std::to_string(failure.status);
}

/// What the old presence API said to {"device", "authId", "date", "picture"}.
std::string presence_reply(std::string const& body) {
    auto const event = Json::parse(body, nullptr, false);
    auto const member = [&](char const* name) { return event.is_object() ? event.value(name, Json{}) : Json{}; };
    return dump({{"status", "success"},
                 {"attendance", {{"student_id", member("authId")}, {"device", member("device")}, {"date", member("date")}}}});
}

}  // namespace

std::vector<Failure> parse_failures(std::string_view text) {
    std::vector<Failure> failures;
    for (auto const& word : split(text, ','))
        failures.push_back(parse_failure(word));
    return failures;
}

Target::Target(TargetOptions options)
    : m_options(std::move(options)), m_telegram(m_options.telegram_token), m_random(m_options.seed) {}

Reply Target::take(Request const& request) {
    ++m_requests;
    m_max_in_flight = std::max(m_max_in_flight, ++*m_in_flight);
    std::shared_ptr<void> const until_sent{nullptr, [count = m_in_flight](void*) { --*count; }};
    bool const fails = static_cast<double>(roll(k_million)) < m_options.fail_rate * static_cast<double>(k_million);
    auto reply = fails ? fail(request) : accept(request);
    reply.delay = m_options.latency;
    reply.until_sent = until_sent;
    return reply;
}

Reply Target::accept(Request const& request) {
    ++m_accepted;
    if (!m_options.telegram_token.empty()) {
        auto answer = m_telegram.take(request, std::chrono::steady_clock::now());
        record(request, std::to_string(answer.status));
        return answer;
    }
    Reply reply{.status = roll(2) == 0 ? 200 : 201};
    reply.body = m_options.has_presence_reply ? presence_reply(request.body) : R"({"ok":true})";
    record(request, std::to_string(reply.status));
    return reply;
}

Reply Target::fail(Request const& request) {
    auto const& failure = m_options.failures[roll(m_options.failures.size())];
    ++m_failed;
    if (roll(2) == 0) {  // it did the work and failed to say so
        ++m_failed_recorded;
        record(request, name_of(failure));
    }
    switch (failure.how) {
        case Failure::How::timeout: return {.ending = Ending::silent};
        case Failure::How::close: return {.ending = Ending::drop};
        case Failure::How::status: break;
    }
    if (!m_options.telegram_token.empty()) return telegram_refusal(failure.status, "told to fail", m_options.retry_after_s);
    Reply reply{.status = failure.status, .body = R"({"error":"told to fail"})"};
    if (m_options.retry_after_s > 0 && (failure.status == 429 || failure.status == 503))
        reply.headers.push_back({"Retry-After", std::to_string(m_options.retry_after_s)});
    return reply;
}

void Target::record(Request const& request, std::string const& answered) {
    Json headers = Json::object();
    for (auto const& header : request.headers)
        headers[to_lower_ascii(header.name)] = header.value;
    Record record{.line = dump({{"type", "received"},
                                {"at", to_rfc3339(SystemClock{}.now())},
                                {"method", request.method},
                                {"target", request.target},
                                {"headers", std::move(headers)},
                                {"answered", answered},
                                {"body_sha256", to_hex(sha256(as_bytes(request.body)))},
                                {"body_bytes", request.body.size()}})};
    record.has_body = request.body.size() <= k_max_body_kept && m_body_bytes + request.body.size() <= k_max_bodies_kept;
    if (record.has_body) record.body = request.body;
    m_body_bytes += record.body.size();
    m_records.push_back(std::move(record));
}

std::string Target::received() const {
    std::string lines;
    for (auto const& record : m_records) {
        lines.append(record.line, 0, record.line.size() - 1);
        lines += R"(,"body":)" + (record.has_body ? dump(Json(record.body)) : "null") + "}\n";
    }
    return lines;
}

std::string Target::stats() const {
    return dump({{"type", "stats"},
                 {"requests", m_requests},
                 {"accepted", m_accepted},
                 {"failed", m_failed},
                 {"failed_recorded", m_failed_recorded},
                 {"recorded", m_records.size()},
                 {"max_in_flight", m_max_in_flight}}) +
           '\n';
}

}  // namespace bioctl::api_sim
