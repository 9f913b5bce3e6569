#include "lib/net/mail.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <memory>
#include <new>

#include <fmt/format.h>

#include "lib/base/text.hpp"
#include "lib/net/easy.hpp"

namespace bioctl::net {

namespace {

constexpr std::size_t k_longest_line = 512;
constexpr std::size_t k_most_bytes = 256 * 1024;  // of all replies of one connection
constexpr std::size_t k_most_refusals = 20;

struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using List = std::unique_ptr<curl_slist, FreeList>;

List recipients_of(Envelope const& envelope) {
    List list;
    for (auto const& address : envelope.to) {
        auto* const longer = curl_slist_append(list.get(), fmt::format("<{}>", address).c_str());
        if (longer == nullptr) throw std::bad_alloc{};
        static_cast<void>(list.release());
        list.reset(longer);
    }
    return list;
}

int status_of(std::string_view line) {
    int status = 0;
    if (line.size() >= 3) std::from_chars(line.data(), line.data() + 3, status);
    return status;
}

/// What the server says, reply by reply; what is sent, piece by piece.
class Talk {
public:
    explicit Talk(std::string const& message) : m_message(message) {}

    void attach_to(Easy& easy) {
        easy.set(CURLOPT_HEADERFUNCTION, &Talk::on_line);
        easy.set(CURLOPT_HEADERDATA, this);
        easy.set(CURLOPT_WRITEFUNCTION, &Talk::on_line);  // nothing comes this way; the default would be stdout
        easy.set(CURLOPT_WRITEDATA, this);
        easy.set(CURLOPT_READFUNCTION, &Talk::on_read);
        easy.set(CURLOPT_READDATA, this);
        easy.set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(m_message.size()));
    }

    [[nodiscard]] std::string const& last() const { return m_last; }
    [[nodiscard]] std::vector<std::string> const& refusals() const { return m_refusals; }
    [[nodiscard]] bool is_endless() const { return m_bytes > k_most_bytes; }

private:
    static std::size_t on_line(char const* data, std::size_t size, std::size_t count, void* self) {
        try {
            auto& talk = *static_cast<Talk*>(self);
            talk.take({data, size * count});
            return talk.is_endless() ? 0 : size * count;
        } catch (std::exception const&) {  // must not cross libcurl
            return 0;
        }
    }
    static std::size_t on_read(char* into, std::size_t size, std::size_t count, void* self) {
        auto& talk = *static_cast<Talk*>(self);
        auto const bytes = std::min(size * count, talk.m_message.size() - talk.m_sent);
        std::memcpy(into, talk.m_message.data() + talk.m_sent, bytes);
        talk.m_sent += bytes;
        return bytes;
    }

    void take(std::string_view line) {
        m_bytes += line.size();
        m_last = printable(trim(line.substr(0, k_longest_line)));
        if (status_of(m_last) >= 400 && m_refusals.size() < k_most_refusals) m_refusals.push_back(m_last);
    }

    std::string const& m_message;
    std::size_t m_sent = 0, m_bytes = 0;
    std::string m_last;
    std::vector<std::string> m_refusals;
};

std::string_view next_step(CURLcode code) {
    switch (code) {
        case CURLE_COULDNT_RESOLVE_HOST: return "check the name and the DNS of this machine";
        case CURLE_COULDNT_CONNECT: return "check the address and the port (587, 465 for smtps)";
        case CURLE_OPERATION_TIMEDOUT: return "it will be tried again";
        case CURLE_USE_SSL_FAILED: return "the server offers no STARTTLS; try smtps://, or tls=off if nobody is in between";
        case CURLE_PEER_FAILED_VERIFICATION: return "pin the key of a server that signs its own certificate";
        case CURLE_SSL_PINNEDPUBKEYNOTMATCH: return "pin its new key if it was replaced; else somebody is in between";
        case CURLE_LOGIN_DENIED: return "check the user and the password (--token-file)";
        default: return "check what listens at that address";
    }
}

std::string url_of(MailServer const& server) {
    auto const* const scheme = server.tls == MailTls::implicit ? "smtps" : "smtp";
    bool const is_v6 = server.host.find(':') != std::string::npos;
    return is_v6 ? fmt::format("{}://[{}]:{}", scheme, server.host, server.port)
                 : fmt::format("{}://{}:{}", scheme, server.host, server.port);
}

void set_security(Easy& easy, MailServer const& server) {
    easy.set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    easy.set(CURLOPT_USE_SSL, static_cast<long>(server.tls == MailTls::off ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    if (server.trust.trust != TlsTrust::authority) {
        easy.set(CURLOPT_SSL_VERIFYPEER, 0L);
        easy.set(CURLOPT_SSL_VERIFYHOST, 0L);
    }
    if (server.trust.trust == TlsTrust::pin) easy.set(CURLOPT_PINNEDPUBLICKEY, server.trust.pin.c_str());
    if (server.user.empty()) return;
    easy.set(CURLOPT_USERNAME, server.user.c_str());
    easy.set(CURLOPT_PASSWORD, server.password.c_str());
}

MailAnswer::Outcome outcome_of(CURLcode code, int status) {
    using Outcome = MailAnswer::Outcome;
    if (code == CURLE_OK) return Outcome::taken;
    // Before the line is encrypted anybody may have said it.
    if (code == CURLE_USE_SSL_FAILED || code == CURLE_OPERATION_TIMEDOUT) return Outcome::failed;
    if (status >= 500 && status < 600) return Outcome::refused;
    return status >= 400 && status < 500 ? Outcome::postponed : Outcome::failed;
}

}  // namespace

bool is_mail_address(std::string_view text) {
    constexpr std::size_t k_longest = 254;
    constexpr std::string_view k_unfit = "<>()[]\",;:\\";
    auto const at = text.find('@');
    bool const is_fit = std::all_of(text.begin(), text.end(),
                                    [&](char c) { return c > ' ' && c < '\x7F' && k_unfit.find(c) == std::string_view::npos; });
    return is_fit && text.size() <= k_longest && at != std::string_view::npos && at > 0 && at + 1 < text.size() &&
           text.find('@', at + 1) == std::string_view::npos;
}

MailAnswer send_mail(MailServer const& server, Envelope const& envelope, std::string const& message,
                     std::chrono::milliseconds timeout) {
    if (envelope.to.empty() || !is_mail_address(envelope.from) || !std::ranges::all_of(envelope.to, is_mail_address))
        throw Error{Kind::bug, "send_mail: an address was not checked"};
    Easy easy{url_of(server), {}};
    set_security(easy, server);
    easy.set(CURLOPT_TIMEOUT_MS, std::max(1L, static_cast<long>(timeout.count())));
    auto const sender = fmt::format("<{}>", envelope.from);
    auto const recipients = recipients_of(envelope);
    easy.set(CURLOPT_MAIL_FROM, sender.c_str());
    easy.set(CURLOPT_MAIL_RCPT, recipients.get());
    // One who has left must not keep the others from knowing.
    easy.set(CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);
    easy.set(CURLOPT_UPLOAD, 1L);
    Talk talk{message};
    talk.attach_to(easy);

    auto const code = easy.perform();
    MailAnswer answer;
    answer.has_answer = !talk.last().empty();
    answer.status = status_of(talk.last());
    answer.text = talk.last();
    answer.outcome = outcome_of(code, answer.status);
    if (answer.outcome == MailAnswer::Outcome::taken) {
        answer.refusals = talk.refusals();
        return answer;
    }
    bool const is_said = answer.outcome != MailAnswer::Outcome::failed;
    answer.reason = is_said ? fmt::format("the mail server said: {}", answer.text) : easy.error(code, next_step(code)).message();
    if (code == CURLE_LOGIN_DENIED && is_said) answer.reason += fmt::format("; {}", next_step(code));
    return answer;
}

}  // namespace bioctl::net
