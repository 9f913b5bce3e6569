#include "lib/hikvision/terminal.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "lib/base/text.hpp"

namespace bioctl::hikvision {

using namespace std::chrono;

namespace {

constexpr milliseconds k_probe_timeout{10'000};
constexpr std::uint64_t k_max_probe_bytes = 100'000;
constexpr int k_tries_to_leave = 2;

/// What a refusal is called, what helps, and how it counts for an exit code.
struct Meaning {
    Kind kind;
    std::string_view what, next_step;
};

Meaning meaning_of(Refusal refusal) {
    switch (refusal) {
        case Refusal::none: break;
        case Refusal::unsupported: return {Kind::unavailable, "the terminal does not know this call", "check its firmware"};
        case Refusal::bad_request: return {Kind::protocol, "the terminal does not take this request", "see what it names"};
        case Refusal::busy: return {Kind::busy, "the terminal is busy", "try again later"};
        case Refusal::wrong_login: return {Kind::permission, "wrong user or password", "correct it before the terminal locks"};
        case Refusal::locked: return {Kind::busy, "locked after too many wrong logins", "correct the password meanwhile"};
        case Refusal::no_permission:
            return {Kind::permission, "the terminal forbids it",
                    "check the rights of the user and that the terminal is activated"};
        case Refusal::search_lost: return {Kind::busy, "the terminal has forgotten the search", "start it again"};
        case Refusal::already_there: return {Kind::data, "it is there already", "change it instead"};
        case Refusal::not_there: return {Kind::no_input, "it is not there", "it may have been overwritten"};
        case Refusal::full: return {Kind::unavailable, "the terminal is full", "remove people from it"};
        case Refusal::bad_photo: return {Kind::data, "the terminal refuses the photo", "take one of one face, from the front"};
        case Refusal::other: return {Kind::protocol, "the terminal reports an error", "look at it, or try again later"};
    }
    return {Kind::bug, "no refusal", "report it"};
}

/// ": MessageParametersLack, major", or nothing.
std::string own_words(Status const& status) {
    auto words = status.sub_status;
    if (!words.empty() && !status.detail.empty()) words += ", ";
    words += status.detail;
    return words.empty() ? "" : ": " + printable(words);
}

std::string lock_words(Status const& status) {
    if (status.is_locked && status.unlock_after) return fmt::format(" (unlocks in {} s)", status.unlock_after->count());
    if (!status.is_locked && status.tries_left)
        return fmt::format(" ({} left)", counted(static_cast<std::uint64_t>(*status.tries_left), "try", "tries"));
    return "";
}

Trouble refused(std::string const& url, int http_status, Status const& status) {
    auto const meaning = meaning_of(status.refusal);
    return {Trouble::What::refused, status,
            Error{meaning.kind, fmt::format("{}: HTTP {}: {}{}{}; {}", printable(url), http_status, meaning.what,
                                            lock_words(status), own_words(status), meaning.next_step)}};
}

Trouble nonsense(Error const& error) {
    return {Trouble::What::nonsense, {}, error};
}

Trouble nonsense(std::string const& url, std::string_view cause) {
    return nonsense(Error{Kind::protocol, fmt::format("{}: {}", printable(url), cause)});
}

/// More bytes than allowed and what is not HTTP are answers, if unusable ones.
Trouble failed(Error const& error) {
    bool const has_answered = error.kind() == Kind::data || error.kind() == Kind::protocol;
    return {has_answered ? Trouble::What::nonsense : Trouble::What::unreachable, {}, error};
}

bool is_login_trouble(Status const& status) {
    return status.refusal == Refusal::wrong_login || status.refusal == Refusal::locked;
}

/// Some cameras pad the file behind the end of the image.
bool is_whole_jpeg(std::string_view body) {
    auto const end = body.find_last_not_of(std::string_view{"\0\r\n", 3});
    return body.starts_with("\xFF\xD8\xFF") && end != std::string_view::npos && body.substr(0, end + 1).ends_with("\xFF\xD9");
}

}  // namespace

class Terminal::Impl {
public:
    explicit Impl(TerminalAddress address) : m_address(std::move(address)), m_session({}, m_address.tls) {
        while (m_address.base_url.ends_with('/'))
            m_address.base_url.pop_back();
        m_session.set_login(m_address.login, m_address.nonce_use);
    }

    [[nodiscard]] std::string url_of(std::string_view path) const { return fmt::format("{}{}", m_address.base_url, path); }

    /// Any answer but a refused login. `request.url` is a path.
    Outcome<net::Answer> send(net::Request request) {
        if (m_login_trouble) return tl::unexpected(*m_login_trouble);
        // Anything else could make the host name longer.
        if (!request.url.starts_with('/')) return tl::unexpected(nonsense(url_of("/"), "a path begins with a slash"));
        request.url = url_of(request.url);
        request.timeout = m_address.timeout;
        auto answer = exchange(request);
        if (answer && answer->is_login_refused && may_try_again(judge(answer->status, answer->body))) {
            m_session.start_afresh();
            m_session.set_login(m_address.login, net::NonceUse::once);
            m_has_logged_in = false;
            answer = exchange(request);
        }
        if (!answer) return tl::unexpected(failed(answer.error()));
        if (auto trouble = login_trouble_of(request.url, *answer)) {
            m_login_trouble = std::move(*trouble);
            return tl::unexpected(*m_login_trouble);
        }
        if (answer->status >= 200 && answer->status < 300) m_has_logged_in = true;
        return std::move(*answer);
    }

    /// Only an answer that says yes.
    Outcome<net::Answer> call(net::Request request) {
        auto const path = request.url;
        auto answer = send(std::move(request));
        if (!answer) return answer;
        auto const status = judge(answer->status, answer->body);
        if (status.refusal == Refusal::none) return answer;
        return tl::unexpected(refused(url_of(path), answer->status, status));
    }

    template <class Parse>
    auto read(net::Request request, Parse parse) -> Outcome<typename decltype(parse(std::string_view{}))::value_type> {
        auto const path = request.url;
        auto const answer = call(std::move(request));
        if (!answer) return tl::unexpected(answer.error());
        auto document = parse(std::string_view{answer->body});
        if (!document) return tl::unexpected(nonsense(document.error().within(printable(url_of(path)))));
        return std::move(*document);
    }

    [[nodiscard]] Outcome<void> probe() const {
        net::Session stranger{{}, m_address.tls};
        auto const url = url_of("/ISAPI/Security/userCheck");
        auto const answer = stranger.exchange(
            {.url = url, .max_answer_bytes = k_max_probe_bytes, .timeout = std::min(m_address.timeout, k_probe_timeout)});
        if (!answer) return tl::unexpected(failed(answer.error()));
        auto const status = judge(answer->status, answer->body);
        if (status.is_locked) return tl::unexpected(refused(url, answer->status, status));
        return {};
    }

    [[nodiscard]] std::uint64_t requests() const { return m_requests; }
    [[nodiscard]] nanoseconds waited() const { return m_waited; }

private:
    Result<net::Answer> exchange(net::Request const& request) {
        ++m_requests;
        auto const began = steady_clock::now();
        auto answer = m_session.exchange(request);
        m_waited += steady_clock::now() - began;
        return answer;
    }

    /// Terminals refuse a good login now and then, and a nonce they have seen often enough.
    [[nodiscard]] bool may_try_again(Status const& status) const { return m_has_logged_in && leaves_room_for_logins(status); }

    [[nodiscard]] static std::optional<Trouble> login_trouble_of(std::string const& url, net::Answer const& answer) {
        auto status = judge(answer.status, answer.body);
        if (answer.status != 401)
            return is_login_trouble(status) ? std::optional{refused(url, answer.status, status)} : std::nullopt;
        if (answer.is_login_refused || status.is_locked) {
            // Whatever it calls it (badAuthorization, notActivated, ...): a signed request was refused, and the terminal may
            // count.
            if (!is_login_trouble(status)) status.refusal = Refusal::wrong_login;
            return refused(url, answer.status, status);
        }
        // No login was tried, so none can be wrong.
        status.refusal = Refusal::no_permission;
        auto trouble = refused(url, answer.status, status);
        trouble.error = Error{Kind::permission, fmt::format("{}: HTTP 401 without a Digest challenge; set its authentication to "
                                                            "digest on the page of the terminal",
                                                            printable(url))};
        return trouble;
    }

    TerminalAddress m_address;
    net::Session m_session;
    std::optional<Trouble> m_login_trouble;
    bool m_has_logged_in = false;
    std::uint64_t m_requests = 0;
    nanoseconds m_waited{0};
};

bool leaves_room_for_logins(Status const& status) {
    return !status.is_locked && status.tries_left.value_or(k_tries_to_leave + 1) > k_tries_to_leave;
}

Terminal::Terminal(TerminalAddress address) : m_impl(std::make_unique<Impl>(std::move(address))) {}
Terminal::Terminal(Terminal&&) noexcept = default;
Terminal& Terminal::operator=(Terminal&&) noexcept = default;
Terminal::~Terminal() = default;

Outcome<void> Terminal::probe() {
    return m_impl->probe();
}

Outcome<DeviceInfo> Terminal::device_info() {
    return m_impl->read({.url = "/ISAPI/System/deviceInfo"}, &parse_device_info);
}

Outcome<DeviceTime> Terminal::time() {
    return m_impl->read({.url = "/ISAPI/System/time"}, &parse_device_time);
}

Outcome<SearchLimits> Terminal::search_limits() {
    return m_impl->read({.url = "/ISAPI/AccessControl/AcsEvent/capabilities?format=json"}, &parse_search_limits);
}

Outcome<LockPolicy> Terminal::lock_policy() {
    return m_impl->read({.url = "/ISAPI/Security/illegalLoginLock"}, &parse_lock_policy);
}

Outcome<PictureSettings> Terminal::picture_settings() {
    return m_impl->read({.url = "/ISAPI/AccessControl/AcsCfg?format=json"}, &parse_picture_settings);
}

Outcome<EventPage> Terminal::search(EventQuery const& query) {
    return m_impl->read({.method = net::Method::post,
                         .url = "/ISAPI/AccessControl/AcsEvent?format=json",
                         .content_type = "application/json",
                         .body = to_json(query)},
                        [&](std::string_view body) { return parse_event_page(body, query.utc_offset); });
}

Outcome<Bytes> Terminal::picture(std::string const& path_and_query, std::uint64_t max_bytes) {
    auto const answer = m_impl->send({.url = path_and_query, .max_answer_bytes = max_bytes});
    if (!answer) return tl::unexpected(answer.error());
    auto const url = m_impl->url_of(path_and_query);
    if (answer->status == 200 && is_whole_jpeg(answer->body)) {
        auto const bytes = as_bytes(answer->body);
        return Bytes(bytes.begin(), bytes.end());
    }
    auto status = judge(answer->status, answer->body);
    if (answer->status == 404 || answer->status == 410) status.refusal = Refusal::not_there;
    if (status.refusal != Refusal::none) return tl::unexpected(refused(url, answer->status, status));
    bool const begins_well = answer->body.starts_with("\xFF\xD8\xFF");
    return tl::unexpected(nonsense(url, begins_well ? "the picture is cut off; try again" : "not a JPEG; try again"));
}

Outcome<std::vector<PushHost>> Terminal::push_hosts() {
    return m_impl->read({.url = "/ISAPI/Event/notification/httpHosts"}, &parse_push_hosts);
}

Outcome<void> Terminal::set_push_host(PushHost const& host) {
    auto const done = m_impl->call({.method = net::Method::put,
                                    .url = fmt::format("/ISAPI/Event/notification/httpHosts/{}", host.id),
                                    .content_type = "application/xml",
                                    .body = to_xml(host)});
    if (!done) return tl::unexpected{done.error()};
    return {};
}

Outcome<net::Answer> Terminal::call(net::Method method, std::string const& path, std::string body,
                                    std::string const& content_type) {
    return m_impl->call({.method = method, .url = path, .content_type = content_type, .body = std::move(body)});
}

Outcome<net::Answer> Terminal::call_form(net::Method method, std::string const& path, std::vector<net::FormPart> form) {
    return m_impl->call({.method = method, .url = path, .form = std::move(form)});
}

std::uint64_t Terminal::requests() const {
    return m_impl->requests();
}

std::chrono::nanoseconds Terminal::waited() const {
    return m_impl->waited();
}

}  // namespace bioctl::hikvision
