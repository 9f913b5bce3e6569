#include "lib/net/mail.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>

#include <fmt/format.h>

#include "lib/base/text.hpp"
#include "lib/net/easy.hpp"

namespace bioctl::net {

namespace {

constexpr std::size_t k_most_said = 4096;
constexpr std::size_t k_most_refusals = 20;
constexpr int k_farewell = 221;                  // the answer to QUIT, after what matters
constexpr std::size_t k_max_heard = 256 * 1024;  // of all lines of one conversation

/// Nothing that would end a command of SMTP, or the address in it.
bool is_sendable(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7F' && c != '<' && c != '>'; });
}

void require_sendable(MailServer const& server, Mail const& mail) {
    if (!is_sendable(server.host)) throw Error{Kind::usage, fmt::format("'{}' is no mail server", printable(server.host))};
    auto const require = [](std::string const& address) {
        if (!is_sendable(address) || address.find('@') == std::string::npos)
            throw Error{Kind::usage,
                        fmt::format("'{}' is no mail address; it has the form name@example.org", printable(address))};
    };
    require(mail.from);
    std::ranges::for_each(mail.to, require);
    if (mail.to.empty()) throw Error{Kind::usage, "a mail goes to somebody"};
    auto const is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7F'; };
    if (std::ranges::any_of(server.user, is_control) || std::ranges::any_of(server.password, is_control))
        throw Error{Kind::usage, "the login of a mail server has no control characters"};
}

std::string_view next_step(CURLcode code) {
    switch (code) {
        case CURLE_COULDNT_RESOLVE_HOST: return "check the name and the DNS of this machine";
        case CURLE_COULDNT_CONNECT: return "check its address and port, and that this network lets mail out";
        case CURLE_OPERATION_TIMEDOUT: return "try again later";
        case CURLE_USE_SSL_FAILED: return "the server offers no STARTTLS; smtps:// may work, or tls=off within a net of your own";
        case CURLE_SSL_CONNECT_ERROR: return "a server that speaks TLS from the start wants smtps://";
        case CURLE_PEER_FAILED_VERIFICATION: return "pin the key of a server that signs its own certificate: pin=sha256//BASE64";
        case CURLE_SSL_PINNEDPUBKEYNOTMATCH: return "pin its new key if it was replaced; else somebody is in between";
        default: return "try again; if it stays so, check what listens at that address";
    }
}

/// The code in front of a line of SMTP, 0 if it has none.
int code_of(std::string_view line) {
    int code = 0;
    auto const [end, error] = std::from_chars(line.data(), line.data() + std::min<std::size_t>(line.size(), 3), code);
    return error == std::errc{} && end == line.data() + 3 ? code : 0;
}

/// What the server says, line by line.
class Ear {
public:
    void attach_to(Easy& easy) {
        easy.set(CURLOPT_HEADERFUNCTION, &Ear::on_line);
        easy.set(CURLOPT_HEADERDATA, this);
        easy.set(CURLOPT_WRITEFUNCTION, &Ear::on_line);
        easy.set(CURLOPT_WRITEDATA, this);
    }
    [[nodiscard]] std::string const& last_said() const { return m_said; }
    [[nodiscard]] std::vector<std::string> const& refusals() const { return m_refusals; }

private:
    bool take(std::string_view line) {
        m_heard += line.size();
        if (m_heard > k_max_heard) return false;
        line = trim(line);
        auto const code = code_of(line);
        if (code == k_farewell) return true;
        if (code != m_code) m_said.clear();  // an answer of several lines repeats its code
        m_code = code;
        if (m_said.size() + line.size() < k_most_said) m_said += fmt::format("{}{}", m_said.empty() ? "" : "\n", line);
        if (code >= 400 && m_refusals.size() < k_most_refusals) m_refusals.emplace_back(line.substr(0, k_most_said));
        return true;
    }
    static std::size_t on_line(char const* data, std::size_t size, std::size_t count, void* self) try {
        return static_cast<Ear*>(self)->take({data, size * count}) ? size * count : std::size_t{CURL_WRITEFUNC_ERROR};
    } catch (std::exception const&) {  // exceptions must not cross libcurl
        return CURL_WRITEFUNC_ERROR;
    }

    int m_code = 0;
    std::size_t m_heard = 0;
    std::string m_said;
    std::vector<std::string> m_refusals;
};

/// Feeds the text of the message to libcurl.
class Mouth {
public:
    explicit Mouth(std::string_view text) : m_left(text) {}
    void attach_to(Easy& easy) {
        easy.set(CURLOPT_UPLOAD, 1L);
        easy.set(CURLOPT_READFUNCTION, &Mouth::on_read);
        easy.set(CURLOPT_READDATA, this);
        easy.set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(m_left.size()));
    }

private:
    static std::size_t on_read(char* buffer, std::size_t size, std::size_t count, void* self) {
        auto& left = static_cast<Mouth*>(self)->m_left;
        auto const taken = std::min(size * count, left.size());
        std::memcpy(buffer, left.data(), taken);
        left.remove_prefix(taken);
        return taken;
    }
    std::string_view m_left;
};

class Recipients {
public:
    explicit Recipients(std::vector<std::string> const& addresses) {
        for (auto const& address : addresses) {
            auto* const longer = curl_slist_append(m_list, fmt::format("<{}>", address).c_str());
            if (longer == nullptr) {
                curl_slist_free_all(m_list);
                throw std::bad_alloc{};
            }
            m_list = longer;
        }
    }
    ~Recipients() { curl_slist_free_all(m_list); }
    Recipients(Recipients const&) = delete;
    Recipients& operator=(Recipients const&) = delete;
    [[nodiscard]] curl_slist* get() const { return m_list; }

private:
    curl_slist* m_list = nullptr;
};

enum class Partly { no, yes };

}  // namespace

class MailSession::Impl {
public:
    explicit Impl(MailServer server) : m_server(std::move(server)) {}

    MailAnswer send(Mail const& mail, std::chrono::milliseconds timeout) {
        require_sendable(m_server, mail);
        auto const deadline = std::chrono::steady_clock::now() + timeout;
        auto answer = send_once(mail, timeout, Partly::no);
        bool const may_be_one_recipient = answer.code >= 500 && !answer.is_login_refused && mail.to.size() > 1;
        if (!may_be_one_recipient) return answer;
        auto const left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
        return send_once(mail, std::max(left, std::chrono::milliseconds{1}), Partly::yes);
    }

private:
    MailAnswer send_once(Mail const& mail, std::chrono::milliseconds timeout, Partly partly) {
        prepare();
        Recipients const recipients{mail.to};
        auto const from = fmt::format("<{}>", mail.from);
        m_easy->set(CURLOPT_MAIL_FROM, from.c_str());
        m_easy->set(CURLOPT_MAIL_RCPT, recipients.get());
        m_easy->set(CURLOPT_MAIL_RCPT_ALLLOWFAILS, partly == Partly::yes ? 1L : 0L);
        m_easy->set(CURLOPT_TIMEOUT_MS, std::max(1L, static_cast<long>(timeout.count())));
        m_easy->set(CURLOPT_SERVER_RESPONSE_TIMEOUT, std::max(1L, static_cast<long>(timeout.count() / 1000)));
        Mouth mouth{mail.text};
        mouth.attach_to(*m_easy);
        Ear ear;
        ear.attach_to(*m_easy);
        auto const code = m_easy->perform();
        auto const status = static_cast<int>(m_easy->status());
        if (code == CURLE_OK) return {.code = status, .said = ear.last_said(), .refused = ear.refusals()};
        bool const is_login_refused = code == CURLE_LOGIN_DENIED;
        // A server that breaks off, or has no TLS, after an answer that refuses nothing has not refused the message.
        bool const is_answer = status >= 400 && status < 600 && code != CURLE_USE_SSL_FAILED && code != CURLE_OPERATION_TIMEDOUT;
        if (!is_answer) throw m_easy->error(code, next_step(code));
        return {.code = status, .said = ear.last_said(), .is_login_refused = is_login_refused};
    }

    void prepare() {
        bool const is_bare_v6 = m_server.host.find(':') != std::string::npos;
        auto const url = fmt::format("{}://{}{}{}:{}", m_server.tls == MailTls::implicit ? "smtps" : "smtp",
                                     is_bare_v6 ? "[" : "", m_server.host, is_bare_v6 ? "]" : "", m_server.port);
        HttpOptions const options{.connect_timeout = m_server.connect_timeout};
        if (!m_easy) m_easy.emplace(url, options);
        m_easy->reset();
        m_easy->set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
        m_easy->set_url(url);
        m_easy->set(CURLOPT_LOW_SPEED_LIMIT, 0L);  // servers think long about the last dot
        if (m_server.tls == MailTls::starttls) m_easy->set(CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
        if (m_server.trust.trust != TlsTrust::authority) {
            m_easy->set(CURLOPT_SSL_VERIFYPEER, 0L);
            m_easy->set(CURLOPT_SSL_VERIFYHOST, 0L);
        }
        if (m_server.trust.trust == TlsTrust::pin) m_easy->set(CURLOPT_PINNEDPUBLICKEY, m_server.trust.pin.c_str());
        if (m_server.user.empty()) return;
        m_easy->set(CURLOPT_USERNAME, m_server.user.c_str());
        m_easy->set(CURLOPT_PASSWORD, m_server.password.c_str());
    }

    MailServer m_server;
    std::optional<Easy> m_easy;
};

MailSession::MailSession(MailServer server) : m_impl(std::make_unique<Impl>(std::move(server))) {}
MailSession::MailSession(MailSession&&) noexcept = default;
MailSession& MailSession::operator=(MailSession&&) noexcept = default;
MailSession::~MailSession() = default;

Result<MailAnswer> MailSession::send(Mail const& mail, std::chrono::milliseconds timeout) try {
    return m_impl->send(mail, timeout);
} catch (Error const& error) {
    return failure(error);
}

}  // namespace bioctl::net
