#include "lib/net/exchange.hpp"

#include <algorithm>
#include <new>

#include <fmt/format.h>

#include "lib/base/text.hpp"
#include "lib/net/easy.hpp"
#include "lib/net/url.hpp"

namespace bioctl::net {

namespace {

constexpr std::size_t k_max_header_bytes = 64 * 1024;  // of all legs together

// A request may go out unsigned, signed, and signed again because the nonce was stale.
constexpr long k_more_legs = 2;

bool has_control_characters(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7F'; });
}

void require_sendable(Request const& request, Tls const& tls) {
    static_cast<void>(parse_url(request.url).or_throw());
    auto const bad_header = std::any_of(request.headers.begin(), request.headers.end(), has_control_characters);
    if (bad_header || has_control_characters(request.content_type))
        throw Error{Kind::usage, fmt::format("{}: a header holds control characters", printable(request.url))};
    // libcurl would take anything else for the name of a file with a key.
    if (tls.trust == TlsTrust::pin && !tls.pin.starts_with("sha256//"))
        throw Error{Kind::usage,
                    fmt::format("{}: '{}' is no pin; write it as sha256//BASE64", printable(request.url), printable(tls.pin))};
}

std::string_view next_step(CURLcode code) {
    switch (code) {
        case CURLE_COULDNT_RESOLVE_HOST: return "check the name and the DNS of this machine";
        case CURLE_COULDNT_RESOLVE_PROXY: return "check the proxy settings";
        case CURLE_COULDNT_CONNECT: return "check that it is on, its address and its port";
        case CURLE_OPERATION_TIMEDOUT: return "try again later";
        case CURLE_SSL_CONNECT_ERROR: return "its TLS may be too old; try http";
        case CURLE_PEER_FAILED_VERIFICATION: return "pin the key of a device that signs its own certificate";
        case CURLE_SSL_PINNEDPUBKEYNOTMATCH: return "pin its new key if it was replaced; else somebody is in between";
        case CURLE_TOO_MANY_REDIRECTS: return "it calls each of its own nonces stale";
        default: return "try again; if it stays so, check what listens at that address";
    }
}

/// Takes what arrives, leg by leg; the last leg is the answer.
class Inbox {
public:
    Inbox(Request const& request, bool is_first_leg_signed) : m_request(request), m_is_next_signed(is_first_leg_signed) {}

    void attach_to(Easy& easy) {
        easy.set(CURLOPT_HEADERFUNCTION, &Inbox::on_header);
        easy.set(CURLOPT_HEADERDATA, this);
        easy.set(CURLOPT_WRITEFUNCTION, &Inbox::on_body);
        easy.set(CURLOPT_WRITEDATA, this);
    }

    void throw_any_error() const {
        if (m_error) throw *m_error;
    }
    Answer take_answer(long status) {
        m_answer.status = static_cast<int>(status);
        m_answer.is_login_refused = status == 401 && m_is_signed;
        return std::move(m_answer);
    }
    [[nodiscard]] bool is_cut() const { return m_is_cut; }
    [[nodiscard]] bool was_signed() const { return m_is_signed; }

private:
    void take_header(std::string_view line) {
        m_header_bytes += line.size();
        if (m_header_bytes > k_max_header_bytes)
            throw Error{Kind::protocol, fmt::format("{}: its headers have no end", printable(m_request.url))};
        if (line.starts_with("HTTP/")) return begin_leg(line);
        auto const colon = line.find(':');
        if (colon == std::string_view::npos) return;
        auto name = to_lower_ascii(trim(line.substr(0, colon)));
        auto const value = trim(line.substr(colon + 1));
        // If another leg follows a challenge, it is the signed one.
        if (name == "www-authenticate" && to_lower_ascii(value).find("digest") != std::string::npos) m_is_next_signed = true;
        m_answer.headers.emplace_back(std::move(name), value);
    }

    void begin_leg(std::string_view status_line) {
        if (status_line.find(" 1") == status_line.find(' ')) return;  // 100 Continue: the answer is still to come
        m_answer = {};
        m_is_signed = std::exchange(m_is_next_signed, false);
    }

    void take_body(std::string_view bytes) {
        auto const room = m_request.max_answer_bytes - m_answer.body.size();
        if (bytes.size() > room && m_request.is_answer_cut) {
            m_answer.body += bytes.substr(0, room);
            m_is_cut = true;
            return;
        }
        if (bytes.size() > room)
            throw Error{Kind::data, fmt::format("{}: answers more than {}, the most that is expected there",
                                                printable(m_request.url), human_size(m_request.max_answer_bytes))};
        m_answer.body += bytes;
    }

    /// Exceptions must not cross libcurl.
    std::size_t guarded(void (Inbox::*take)(std::string_view), std::string_view bytes) {
        try {
            (this->*take)(bytes);
            return m_is_cut ? std::size_t{CURL_WRITEFUNC_ERROR} : bytes.size();
        } catch (Error const& error) {
            m_error = error;
        } catch (std::exception const& error) {
            m_error = Error{Kind::bug, error.what()};
        }
        return CURL_WRITEFUNC_ERROR;
    }
    static std::size_t on_header(char const* data, std::size_t size, std::size_t count, void* self) {
        return static_cast<Inbox*>(self)->guarded(&Inbox::take_header, {data, size * count});
    }
    static std::size_t on_body(char const* data, std::size_t size, std::size_t count, void* self) {
        return static_cast<Inbox*>(self)->guarded(&Inbox::take_body, {data, size * count});
    }

    Request const& m_request;
    Answer m_answer;
    std::size_t m_header_bytes = 0;
    bool m_is_cut = false;     ///< the rest of the answer is not wanted
    bool m_is_signed = false;  ///< the request that is being answered
    bool m_is_next_signed;
    std::optional<Error> m_error;
};

}  // namespace

std::string_view Answer::header(std::string_view name) const {
    auto const found = std::find_if(headers.begin(), headers.end(), [&](auto const& header) { return header.first == name; });
    return found == headers.end() ? std::string_view{} : found->second;
}

class Session::Impl {
public:
    Impl(HttpOptions options, Tls tls) : m_options(std::move(options)), m_tls(std::move(tls)) {}

    void set_login(Login login, NonceUse use) {
        m_login = std::move(login);
        m_nonce_use = use;
        m_has_nonce = false;
    }
    void start_afresh() {
        m_easy.reset();
        m_has_nonce = false;
    }

    Answer exchange(Request const& request) {
        require_sendable(request, m_tls);
        if (!m_easy) m_easy.emplace(request.url, m_options);
        bool const begins_signed = std::exchange(m_has_nonce, false);
        if (!begins_signed) begin_anew();
        m_easy->set(CURLOPT_MAXREDIRS, begins_signed ? k_more_legs - 1 : k_more_legs);  // libcurl counts legs as redirects
        m_easy->set_url(request.url);
        m_easy->set(CURLOPT_TIMEOUT_MS, std::max(1L, static_cast<long>(request.timeout.count())));  // 0 = for ever
        set_headers(request);
        auto const form = set_method(request);
        Inbox inbox{request, begins_signed};
        inbox.attach_to(*m_easy);

        auto const code = m_easy->perform();
        inbox.throw_any_error();
        if (code != CURLE_OK && !inbox.is_cut()) throw m_easy->error(code, next_step(code));
        auto answer = inbox.take_answer(m_easy->status());
        m_has_nonce = m_nonce_use == NonceUse::reused && inbox.was_signed() && !answer.is_login_refused;
        return answer;
    }

private:
    /// Without the nonce of the last request, over its connection.
    void begin_anew() {
        m_easy->reset();
        m_easy->set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
        m_easy->set(CURLOPT_PATH_AS_IS, 1L);
        m_easy->set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);  // a proxy's answer is not the peer's
        m_easy->set(CURLOPT_MAXCONNECTS, 1L);               // a terminal has room for two, all clients together
        if (m_tls.trust != TlsTrust::authority) {
            m_easy->set(CURLOPT_SSL_VERIFYPEER, 0L);
            m_easy->set(CURLOPT_SSL_VERIFYHOST, 0L);
        }
        if (m_tls.trust == TlsTrust::pin) m_easy->set(CURLOPT_PINNEDPUBLICKEY, m_tls.pin.c_str());
        if (!m_login) return;
        m_easy->set(CURLOPT_HTTPAUTH, CURLAUTH_DIGEST);
        m_easy->set(CURLOPT_USERNAME, m_login->user.c_str());
        m_easy->set(CURLOPT_PASSWORD, m_login->password.c_str());
    }

    void set_headers(Request const& request) {
        m_easy->remove_headers();
        m_easy->add_header("Expect:");  // small servers never answer "100-continue"
        if (request.form.empty()) m_easy->add_header("Content-Type: " + request.content_type);
        for (auto const& line : request.headers)
            m_easy->add_header(line);
    }

    /// The form has to live until the exchange is over.
    [[nodiscard]] Easy::Form set_method(Request const& request) {
        m_easy->set(CURLOPT_HTTPGET, 1L);
        m_easy->set(CURLOPT_CUSTOMREQUEST, nullptr);
        if (request.method == Method::get) return {};
        if (request.method == Method::put) m_easy->set(CURLOPT_CUSTOMREQUEST, "PUT");
        if (request.method == Method::remove) m_easy->set(CURLOPT_CUSTOMREQUEST, "DELETE");
        if (!request.form.empty()) return set_form(request.form);
        m_easy->set(CURLOPT_POST, 1L);
        m_easy->set(CURLOPT_POSTFIELDS, request.body.data());
        m_easy->set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
        return {};
    }

    Easy::Form set_form(std::vector<FormPart> const& parts) {
        auto form = m_easy->make_form();
        for (auto const& part : parts) {
            auto* const added = curl_mime_addpart(form.get());
            if (added == nullptr) throw std::bad_alloc{};
            curl_mime_name(added, part.name.c_str());
            curl_mime_data(added, part.content.data(), part.content.size());
            if (!part.file_name.empty()) curl_mime_filename(added, part.file_name.c_str());
            if (!part.content_type.empty()) curl_mime_type(added, part.content_type.c_str());
        }
        m_easy->set(CURLOPT_MIMEPOST, form.get());
        return form;
    }

    HttpOptions m_options;
    Tls m_tls;
    std::optional<Login> m_login;
    NonceUse m_nonce_use = NonceUse::once;
    bool m_has_nonce = false;  ///< libcurl holds one that the peer has taken, and will sign with it
    std::optional<Easy> m_easy;
};

Session::Session(HttpOptions const& options, Tls const& tls) : m_impl(std::make_unique<Impl>(options, tls)) {}
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;
Session::~Session() = default;

void Session::set_login(Login login, NonceUse use) {
    m_impl->set_login(std::move(login), use);
}

Result<Answer> Session::exchange(Request const& request) try { return m_impl->exchange(request); } catch (Error const& error) {
    return failure(error);
}

void Session::start_afresh() {
    m_impl->start_afresh();
}

}  // namespace bioctl::net
