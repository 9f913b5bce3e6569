#include "lib/http/exchange.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <boost/asio/post.hpp>

#include "lib/base/deflate.hpp"
#include "lib/base/random.hpp"
#include "lib/base/text.hpp"

namespace bioctl::http {

namespace {

constexpr std::size_t k_worth_compressing = 1024;

bool is_request_id(std::string_view text) {
    constexpr std::size_t k_longest = 64;
    auto const fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    };
    return !text.empty() && text.size() <= k_longest && std::ranges::all_of(text, fits);
}

bool is_text(std::string_view content_type) {
    return content_type.starts_with("text/") || content_type.find("json") != std::string_view::npos ||
           content_type.find("javascript") != std::string_view::npos || content_type.find("svg") != std::string_view::npos;
}

void compress(Request const& request, Reply& reply) {
    if (reply.body.size() < k_worth_compressing || !is_text(reply.content_type) || reply.headers.has("vary")) return;
    reply.headers.add("Vary", "Accept-Encoding");
    if (!request.takes_gzip()) return;
    auto const small = gzip(as_bytes(reply.body));
    if (small.size() >= reply.body.size()) return;
    reply.body.assign(as_text(small));
    reply.headers.set("Content-Encoding", "gzip");
}

/// What a header may not hold: it would end it, and begin another.
std::string one_line(std::string_view text) {
    std::string line{text};
    std::erase_if(line, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
    return line;
}

}  // namespace

Reply plain_refusal(int status, std::string const& detail) {
    Reply reply;
    reply.status = status;
    reply.content_type = "text/plain; charset=utf-8";
    reply.body = detail + "\n";
    reply.is_closing = true;
    return reply;
}

std::chrono::milliseconds body_time(ServerLimits const& limits, std::uint64_t bytes) {
    constexpr std::uint64_t k_bytes_a_second = 16 * 1024;
    constexpr std::chrono::milliseconds k_longest = std::chrono::minutes{5};
    return std::min(limits.body + std::chrono::seconds{bytes / k_bytes_a_second}, k_longest);
}

std::string too_large_detail(std::size_t most) {
    return fmt::format("the body of the request is too large; the limit is {}", human_size(most));
}

void Exchange::begin(std::string method, std::string target, std::vector<Header> fields, Moment began) {
    m_began = began;
    m_request.method = std::move(method);
    m_request.text = std::move(target);
    for (auto& field : fields)
        m_request.headers.add(std::move(field.name), std::move(field.value));
    auto const id = m_request.headers.get("x-request-id");
    m_request.id = is_request_id(id) ? std::string{id} : random_uuid();
    find_client(m_request, m_peer, m_is_tls, m_core.options.trusted_proxies);
}

void Exchange::begin_without_request(Moment began) {
    begin("-", "-", {}, began);
}

std::optional<Reply> Exchange::find_route() {
    std::string_view text = m_request.text;
    auto const& base = m_core.options.base_path;
    if (!base.empty()) {
        if (!text.starts_with(base) || (text.size() > base.size() && text[base.size()] != '/' && text[base.size()] != '?'))
            return refuse({Refusal::not_found, fmt::format("the server answers below {}", base)});
        text.remove_prefix(base.size());
    }
    auto target = target_from(text.empty() ? "/" : text);
    if (!target) return refuse({Refusal::bad_request, target.error().message()});
    m_request.target = std::move(*target);
    m_match = m_core.routes.match(m_request.method, m_request.target.segments);
    if (m_match.route) return std::nullopt;
    return answer_without_route();
}

Reply Exchange::answer_without_route() {
    if (m_match.allowed.empty()) return refuse({Refusal::not_found, "nothing is here"});
    if (auto reply = m_core.gate.preflight(m_request, m_match.allowed)) return std::move(*reply);
    auto methods = m_match.allowed;
    // The framework of the old monitor answered these by itself.
    bool const is_of_monitor = m_match.family == Family::monitor;
    if (is_of_monitor) {
        if (std::ranges::find(methods, "GET") != methods.end()) methods.push_back("HEAD");
        methods.push_back("OPTIONS");
    }
    Reply reply;
    if (!is_of_monitor || m_request.method != "OPTIONS")
        reply = refuse({Refusal::method_not_allowed, fmt::format("{} is not possible here", printable(m_request.method))});
    reply.headers.set("Allow", fmt::format("{}", fmt::join(methods, ", ")));
    return reply;
}

std::function<bool()> Exchange::review() const {
    return [&core = m_core, request = m_request, route = m_match.route] {
        try {
            return std::holds_alternative<Admitted>(core.gate.judge(request, *route, app::Visit::is_watched));
        } catch (Error const&) {
            return true;  // the store is busy: the next time will tell
        }
    };
}

std::optional<Reply> Exchange::judge(bool has_body, std::optional<std::uint64_t> length) {
    if (int const wait = m_core.gate.hold_back(m_request.client, m_request.is_local); wait > 0) {
        ++m_core.site.figures().refused_rate;
        return refuse({Refusal::too_many_requests, "too many requests; slow down", wait});
    }
    if (auto reply = find_route()) return reply;
    try {
        auto verdict = m_core.gate.judge(m_request, *m_match.route);
        if (auto const* trouble = std::get_if<Trouble>(&verdict)) return refuse(*trouble);
        m_admitted = std::get<Admitted>(std::move(verdict));
    } catch (Error const& error) {
        m_core.tell(error.message());
        return refuse({Refusal::busy, "the store cannot be had at the moment", 1});
    }
    if (is_live()) {
        auto topics = topics_of(*m_match.route, m_request.target);
        if (!topics) return refuse({Refusal::bad_request, topics.error().message()});
        m_topics = std::move(*topics);
    }
    if (has_body && length.value_or(0) > max_body()) return refuse({Refusal::too_large, too_large_detail(max_body())});
    return std::nullopt;
}

void Exchange::set_body(std::string body, BodyShare share) {
    m_bytes_in = body.size();
    m_request.body = std::move(body);
    m_share = std::move(share);
}

bool Exchange::expects_continue() const {
    return to_lower_ascii(m_request.headers.get("expect")) == "100-continue";
}

Pool& Exchange::pool() const {
    switch (m_match.route->work) {
        case Work::inference: return m_core.inference_pool;
        case Work::peer: return m_core.peer_pool;
        default: return m_core.store_pool;
    }
}

Reply Exchange::refuse(Trouble const& trouble) {
    return m_core.routes.refuse(m_match.family, trouble);
}

Reply Exchange::refuse_queue_full() {
    ++m_core.site.figures().refused_busy;
    return refuse({Refusal::busy, "all workers have their hands full; try again in a moment", 1});
}

Reply Exchange::refuse_plain_request() {
    auto reply = refuse({Refusal::bad_request, "this address wants a WebSocket"});
    reply.status = 426;
    reply.headers.set("Upgrade", "websocket");
    return reply;
}

Reply Exchange::refused(Error const& error) {
    auto trouble = trouble_of(error);
    if (trouble.refusal == Refusal::internal || trouble.refusal == Refusal::storage) report(error.message());
    // What is wrong with this machine is for its administrator.
    if (trouble.refusal == Refusal::internal) trouble.detail = internal_detail();
    return m_core.routes.refuse(m_match.family, trouble);
}

std::string Exchange::internal_detail() const {
    return fmt::format("something is wrong with the server; its log names request {}", m_request.id);
}

void Exchange::report(std::string const& text) {
    asio::post(m_core.io, [&core = m_core, line = fmt::format("request {}: {}", m_request.id, text)] { core.tell(line); });
}

Reply Exchange::guarded(std::function<Reply()> const& work) {
    Reply reply;
    try {
        reply = work();
    } catch (Error const& error) {
        reply = refused(error);
    } catch (std::exception const& error) {
        report(error.what());
        reply = m_core.routes.refuse(m_match.family, {Refusal::internal, internal_detail()});
    }
    if (!reply.rest) compress(m_request, reply);
    return reply;
}

Reply Exchange::handle(app::Desk* desk) {
    return guarded([&] {
        return m_match.route->handle({.request = m_request,
                                      .parameters = m_match.parameters,
                                      .who = m_admitted.who,
                                      .csrf_token = m_admitted.csrf_token,
                                      .site = m_core.site,
                                      .desk = desk});
    });
}

Reply Exchange::handle_rest(Rest const& rest, app::Desk& desk) {
    return guarded([&] { return rest(desk); });
}

void Exchange::finish(Reply& reply) {
    auto& headers = reply.headers;
    Headers clean;
    for (auto const& header : headers.all())
        clean.add(one_line(header.name), one_line(header.value));
    headers = std::move(clean);
    reply.content_type = one_line(reply.content_type);
    auto const otherwise = [&](std::string_view name, std::string_view value) {
        if (!headers.has(name)) headers.add(std::string{name}, std::string{value});
    };
    headers.set("X-Request-Id", m_request.id);
    headers.set("Server", "bioctl");
    otherwise("X-Content-Type-Options", "nosniff");
    otherwise("X-Frame-Options", "DENY");
    otherwise("Referrer-Policy", "no-referrer");
    otherwise("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    otherwise("Cache-Control", "no-store");
    if (m_request.is_tls) otherwise("Strict-Transport-Security", "max-age=31536000");
    if (!m_admitted.cors_origin.empty()) {
        headers.set("Access-Control-Allow-Origin", m_admitted.cors_origin);
        headers.add("Vary", "Origin");
        headers.set("Access-Control-Expose-Headers", "Link, Location, Retry-After, X-Request-Id");
    }
    m_status = reply.status;
}

void Exchange::log(std::uint64_t bytes) {
    if (m_is_logged) return;
    m_is_logged = true;
    auto const took = std::chrono::steady_clock::now() - m_began;
    ++m_core.site.figures().requests;
    auto const* route = m_match.route;  // what strangers make up is one row
    m_core.site.route_figures().count(route ? route->method : "other", route ? route->pattern : "none", m_status, took);
    if (!m_core.options.on_access) return;
    Access access;
    access.at = m_core.site.office().setup().clock.now();
    access.client = m_request.client;
    access.id = m_request.id;
    access.method = m_request.method;
    access.path = m_request.path();
    access.who = m_admitted.who.name;
    access.user_agent = m_request.headers.get("user-agent");
    access.status = m_status;
    access.bytes_in = m_bytes_in;
    access.bytes_out = bytes;
    access.took = took;
    m_core.options.on_access(access);
}

void Exchange::log_upgrade() {
    m_status = 101;
    log(0);
}

}  // namespace bioctl::http
