#include "lib/net/http.hpp"

#include <mutex>
#include <new>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "lib/base/text.hpp"
#include "lib/net/easy.hpp"

namespace bioctl::net {

namespace {

void start_curl_once() {
    static std::once_flag started;
    std::call_once(started, [] {
        if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) throw Error{Kind::bug, "libcurl does not start"};
    });
}

Kind kind_of(CURLcode code) {
    switch (code) {
        case CURLE_COULDNT_RESOLVE_HOST:
        case CURLE_COULDNT_RESOLVE_PROXY: return Kind::no_host;
        case CURLE_COULDNT_CONNECT:
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
        case CURLE_PARTIAL_FILE:
        case CURLE_RECV_ERROR:
        case CURLE_SEND_ERROR:
        case CURLE_GOT_NOTHING: return Kind::unavailable;
        case CURLE_OPERATION_TIMEDOUT: return Kind::busy;
        case CURLE_LOGIN_DENIED:
        case CURLE_REMOTE_ACCESS_DENIED: return Kind::permission;
        case CURLE_URL_MALFORMAT: return Kind::usage;
        default: return Kind::protocol;
    }
}

}  // namespace

Error error_of_status(std::string const& url, long status) {
    auto const said = [&](std::string_view meaning) { return fmt::format("{}: HTTP {}: {}", printable(url), status, meaning); };
    switch (status) {
        case 404:
        case 410: return {Kind::no_input, said("no such file; it may have moved")};
        case 401:
        case 403: return {Kind::permission, said("access refused")};
        case 407: return {Kind::permission, said("the proxy wants a password")};
        case 429: return {Kind::busy, said("too many requests; try again later")};
        case 503: return {Kind::busy, said("the server is busy; try again later")};
        default: break;
    }
    if (status >= 500 && status < 600) return {Kind::unavailable, said("the server failed; try again later")};
    return {Kind::protocol, said("an unexpected answer")};
}

Easy::Easy(std::string const& url, HttpOptions options) : m_options(std::move(options)) {
    start_curl_once();
    m_handle.reset(curl_easy_init());
    if (m_handle == nullptr) throw Error{Kind::bug, "libcurl gives no handle"};
    apply_options();
    set_url(url);
}

void Easy::apply_options() {
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    // Both are set even when empty, or libcurl would look into the environment.
    set(CURLOPT_PROXY, m_options.proxy.c_str());
    set(CURLOPT_NOPROXY, m_options.no_proxy.c_str());
    set(CURLOPT_USERAGENT, m_options.user_agent.c_str());
    set(CURLOPT_CONNECTTIMEOUT, static_cast<long>(m_options.connect_timeout.count()));
    set(CURLOPT_LOW_SPEED_LIMIT, 1L);
    set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(m_options.stall_timeout.count()));
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_ERRORBUFFER, &m_detail[0]);
}

void Easy::set_url(std::string const& url) {
    m_url = url;
    set(CURLOPT_URL, url.c_str());
}

Easy::Form Easy::make_form() const {
    Form form{curl_mime_init(m_handle.get())};
    if (form == nullptr) throw std::bad_alloc{};
    return form;
}

void Easy::reset() {
    curl_easy_reset(m_handle.get());
    m_headers.reset();
    apply_options();
}

void Easy::add_header(std::string const& line) {
    auto* const longer = curl_slist_append(m_headers.get(), line.c_str());
    if (longer == nullptr) throw std::bad_alloc{};
    static_cast<void>(m_headers.release());
    m_headers.reset(longer);
    set(CURLOPT_HTTPHEADER, m_headers.get());
}

void Easy::remove_headers() {
    set(CURLOPT_HTTPHEADER, nullptr);
    m_headers.reset();
}

CURLcode Easy::perform() {
    return curl_easy_perform(m_handle.get());
}

long Easy::status() const {
    long status = 0;
    curl_easy_getinfo(m_handle.get(), CURLINFO_RESPONSE_CODE, &status);
    return status;
}

long Easy::proxy_status() const {
    long status = 0;
    curl_easy_getinfo(m_handle.get(), CURLINFO_HTTP_CONNECTCODE, &status);
    return status;
}

std::string Easy::redirect_target() const {
    char const* url = nullptr;
    curl_easy_getinfo(m_handle.get(), CURLINFO_REDIRECT_URL, &url);
    return url == nullptr ? "" : url;
}

std::string Easy::header(char const* name) const {
    curl_header* found = nullptr;
    auto const code = curl_easy_header(m_handle.get(), name, 0, CURLH_HEADER, -1, &found);
    return code == CURLHE_OK ? found->value : "";
}

std::int64_t Easy::announced_bytes() const {
    curl_off_t bytes = -1;
    curl_easy_getinfo(m_handle.get(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &bytes);
    return bytes;
}

Error Easy::error(CURLcode code, std::string_view next_step) const {
    if (proxy_status() == 407) return error_of_status(m_url, 407);
    auto const* const detail = m_detail[0] == '\0' ? curl_easy_strerror(code) : &m_detail[0];
    return {kind_of(code), fmt::format("{}: {}; {}", printable(m_url), printable(detail), next_step)};
}

}  // namespace bioctl::net
