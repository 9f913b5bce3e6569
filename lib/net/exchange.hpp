#pragma once
// One HTTP exchange held in memory: a request out, an answer in, both bounded. For peers that answer little and often: terminals,
// webhooks. Large files have download.hpp.

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/net/http.hpp"

namespace bioctl::net {

enum class Method { get, post, put, remove };

/// Whom we believe to be the peer over https.
enum class TlsTrust {
    authority,  ///< a certificate of a known authority for this host name
    pin,        ///< this public key, whatever the certificate says: for self-signed devices
    none,       ///< anybody: the line is encrypted, the peer unknown
};

struct Tls {
    TlsTrust trust = TlsTrust::authority;
    std::string pin{};  ///< "sha256//<base64 of the SHA-256 of the public key (SPKI)>", as curl(1) --pinnedpubkey takes it
};

/// For HTTP Digest (RFC 2617, 7616). Basic is never tried: it would show the password to whoever listens.
struct Login {
    std::string user, password;
};

enum class NonceUse {
    once,    ///< a new challenge for each request: two exchanges, but understood by every firmware
    reused,  ///< as long as the peer takes it; when it has had enough, that looks like a refused login
};

struct FormPart {
    std::string name;
    std::string file_name{};     ///< "" = a field, not a file
    std::string content_type{};  ///< "" = none
    std::string content;
};

struct Request {
    Method method = Method::get;
    std::string url{};                   ///< absolute; sent as it is, nothing in it is re-encoded
    std::vector<std::string> headers{};  ///< "Name: value"
    std::string content_type{};
    std::string body{};
    std::vector<FormPart> form{};  ///< not empty: multipart/form-data in this order, instead of body
    std::uint64_t max_answer_bytes = 4'000'000;
    bool is_answer_cut = false;                 ///< a longer answer is cut off there, instead of being a failure
    std::chrono::milliseconds timeout{30'000};  ///< for everything: connect, login, answer
};

struct Answer {
    int status = 0;
    std::vector<std::pair<std::string, std::string>> headers{};  ///< names in lower case
    std::string body{};
    bool is_login_refused = false;  ///< 401 although a signed request was sent (and not because its nonce was stale)

    /// The first header of this name (lower case), "" if there is none.
    [[nodiscard]] std::string_view header(std::string_view name) const;
};

/// Talks to one peer, one request at a time, over a connection that is kept while the peer keeps it. One thread.
class Session {
public:
    Session(HttpOptions const& options, Tls const& tls);
    Session(Session&&) noexcept;
    Session& operator=(Session&&) noexcept;
    ~Session();

    /// Without a login, 401 is an answer like any other.
    void set_login(Login login, NonceUse use);

    /// Every status is an answer. Failure: usage (URL), no_host, unavailable (refused, reset, unreachable, TLS that fails with
    /// this peer), busy (time-out), data (more than max_answer_bytes), protocol (not HTTP). No redirect is followed. With a login
    /// the first leg carries no credentials and no body.
    Result<Answer> exchange(Request const& request);

    /// The next request opens a new connection and asks for a new challenge.
    void start_afresh();

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace bioctl::net
