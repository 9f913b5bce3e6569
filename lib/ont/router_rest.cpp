#include "lib/ont/router_rest.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "lib/base/bytes.hpp"
#include "lib/base/text.hpp"
#include "lib/ont/address.hpp"
#include "lib/ont/routeros_session.hpp"

namespace bioctl::ont {

namespace {

using Json = nlohmann::json;
using std::chrono::steady_clock;

constexpr std::uint64_t k_longest_answer = 64U << 20U;
constexpr int k_deepest = 16;  // rows are flat

net::HttpOptions options_of(RouterTimes const& times) {
    net::HttpOptions options;
    options.connect_timeout = std::max(std::chrono::ceil<std::chrono::seconds>(times.connect), std::chrono::seconds{1});
    options.stall_timeout = std::max(std::chrono::ceil<std::chrono::seconds>(times.command), std::chrono::seconds{1});
    return options;
}

net::Tls tls_of(RouterAccess const& access) {
    return {access.tls == RouterTls::pin ? net::TlsTrust::pin : net::TlsTrust::authority, access.pin};
}

std::string base_of(RouterAccess const& access) {
    auto const address = parse_address(access.host);
    bool const is_v6 = address && address->family == Family::v6;
    return fmt::format("{}://{}{}{}:{}/rest", access.tls == RouterTls::off ? "http" : "https", is_v6 ? "[" : "", access.host,
                       is_v6 ? "]" : "", access.port);
}

/// {"error":400,"message":"Bad Request","detail":"no such command"}, if it is that.
std::string reason_in(std::string const& body) {
    constexpr std::size_t k_longest_reason = 300;
    auto const json = Json::parse(body, nullptr, false);
    if (!json.is_object()) return "no reason given";
    for (auto const* key : {"detail", "message"}) {
        auto const found = json.find(key);
        if (found != json.end() && found->is_string()) return printable(router_text(found->get<std::string>(), k_longest_reason));
    }
    return "no reason given";
}

void check_status(net::Answer const& answer, std::string_view menu) {
    if (answer.status >= 200 && answer.status < 300) return;
    if (answer.status == 401)
        throw Error{Kind::permission, "the login was refused: HTTP 401; check user and password, and the policy `rest-api`"};
    if (answer.status == 404 && menu == "/system/identity")
        throw Error{Kind::protocol, "it has no REST interface (RouterOS before 7.1?); set --via api"};
    auto const message = fmt::format("it refuses {}: HTTP {}, {}", menu, answer.status, reason_in(answer.body));
    throw Error{answer.status >= 500 ? Kind::unavailable : Kind::data, message};
}

/// To write a value as text takes a piece of the stack for each of its levels, so nothing deep gets that far; nor does more than so
/// many rows can hold.
Json parse_rows(std::string const& body, std::string_view menu, std::size_t most_rows) {
    constexpr std::size_t k_most_values_of_row = 64;
    std::size_t values = 0;
    auto const check = [&](int depth, Json::parse_event_t event, Json const&) {
        if (depth > k_deepest)
            throw Error{Kind::protocol, fmt::format("{} is answered with JSON that is nested too deeply", menu)};
        bool const is_value = event == Json::parse_event_t::value || event == Json::parse_event_t::array_start ||
                              event == Json::parse_event_t::object_start;
        if (is_value && ++values / k_most_values_of_row > most_rows)
            throw Error{Kind::protocol, fmt::format("it sends more than {} rows", most_rows)};
        return true;
    };
    auto json = Json::parse(body, check, false);
    if (!json.is_array() && !json.is_object())
        throw Error{Kind::protocol, fmt::format("{} is answered with something that is not JSON; is it a MikroTik?", menu)};
    return json;
}

RouterReply row_of(Json const& object) {
    RouterReply row;
    row.type = RouterReply::Type::row;
    for (auto const& [name, value] : object.items())
        row.attributes.emplace_back(name, value.is_string() ? value.get<std::string>() : value.dump());
    return row;
}

}  // namespace

RouterRest::RouterRest(RouterAccess const& access, RouterTimes const& times, steady_clock::time_point deadline)
    : m_times(times),
      m_base(base_of(access)),
      m_authorization(
          fmt::format("Authorization: Basic {}", to_base64(as_bytes(fmt::format("{}:{}", access.user, access.password))))),
      m_session(options_of(times), tls_of(access)) {
    print("/system/identity", {"name"}, std::min(deadline, steady_clock::now() + times.connect + times.login), {});
}

void RouterRest::print(std::string_view menu, std::vector<std::string> const& fields, steady_clock::time_point deadline,
                       RowTaker const& take) {
    if (!m_is_open) throw Error{Kind::unavailable, "the connection was dropped after an earlier failure"};
    m_is_open = false;  // until all has gone well
    net::Request request;
    request.url = fmt::format("{}{}", m_base, menu);
    if (!fields.empty()) request.url += fmt::format("?.proplist={}", fmt::join(fields, ","));
    request.headers.push_back(m_authorization);
    request.max_answer_bytes = k_longest_answer;
    auto const left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - steady_clock::now());
    request.timeout = std::min(left, m_times.command);
    if (request.timeout.count() <= 0) throw Error{Kind::unavailable, "no time was left to ask it"};
    auto answer = m_session.exchange(request);
    if (!answer && answer.error().kind() == Kind::busy) throw Error{Kind::unavailable, answer.error().message()};
    if (!answer) throw answer.error();
    if (answer->status >= 400 && answer->status < 500 && answer->status != 401) m_is_open = true;
    check_status(*answer, menu);
    auto const json = parse_rows(answer->body, menu, m_times.most_rows);
    answer->body = {};
    if (json.size() > m_times.most_rows)
        throw Error{Kind::protocol, fmt::format("it sends more than {} rows", m_times.most_rows)};
    if (json.is_object() && take) take(row_of(json));
    for (auto const& object : json) {
        if (json.is_array() && object.is_object() && take) take(row_of(object));
    }
    m_is_open = true;
}

std::unique_ptr<RouterLink> open_router(RouterAccess const& access, RouterTimes const& times, steady_clock::time_point deadline) {
    if (access.via == RouterVia::rest) return std::make_unique<RouterRest>(access, times, deadline);
    return std::make_unique<RouterOsSession>(access, times, deadline);
}

}  // namespace bioctl::ont
