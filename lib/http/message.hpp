#pragma once
// A request and the reply to it, as handlers see them: plain data, whatever library speaks HTTP underneath.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/result.hpp"

namespace bioctl::app {
class Desk;
}

namespace bioctl::http {

struct Header {
    std::string name, value;
};

/// Names are compared without regard to case; a name may come several times.
class Headers {
public:
    void add(std::string name, std::string value);
    /// Replaces what is there under this name.
    void set(std::string_view name, std::string value);
    /// The first one, "" if there is none.
    [[nodiscard]] std::string_view get(std::string_view name) const;
    [[nodiscard]] bool has(std::string_view name) const;
    [[nodiscard]] std::vector<Header> const& all() const { return m_headers; }

private:
    std::vector<Header> m_headers;
};

/// Where the path and the query of a request lead.
struct Target {
    std::vector<std::string> segments;  ///< percent-decoded, valid UTF-8, none of them "." or ".."; "/a/b/" ends in ""
    std::vector<std::pair<std::string, std::string>> query;

    /// The last one of this name, as the old services took it.
    [[nodiscard]] std::optional<std::string> parameter(std::string_view name) const;
    [[nodiscard]] std::vector<std::string> parameters(std::string_view name) const;
};

/// From the request line. Kind::data for what no client of good will sends: no leading slash, broken escapes, doubled escapes of
/// dots and slashes, NUL and other control characters, bytes that are no UTF-8, steps upwards, a slash within a segment.
[[nodiscard]] Result<Target> target_from(std::string_view text);

struct Request {
    std::string id;      ///< for replies and logs
    std::string method;  ///< "GET"
    std::string text;    ///< the target as it was sent
    Target target;       ///< without the base path
    Headers headers;
    std::string body;
    std::string client;     ///< numeric address of the client, behind trusted proxies too
    bool is_tls = false;    ///< between the client and us, or the trusted proxy
    bool is_local = false;  ///< the client is this machine, and no proxy stands between

    /// "path" without the query, for logs and messages.
    [[nodiscard]] std::string_view path() const;
    /// A cookie, "" if there is none.
    [[nodiscard]] std::string cookie(std::string_view name) const;
    /// The media type in lower case without parameters: "multipart/form-data".
    [[nodiscard]] std::string media_type() const;
    /// "gzip" among the encodings that the client takes; "gzip;q=0" is a refusal.
    [[nodiscard]] bool takes_gzip() const;
};

struct Reply;

/// What is left to do before there is a reply, on a thread that may wait for another machine: a worker with an engine is too
/// precious for that. Set by handlers of Work::inference. The call lives until then.
using Rest = std::function<Reply(app::Desk&)>;

struct Reply {
    int status = 200;
    std::string content_type = "application/json";
    std::string body{};
    Headers headers{};
    bool is_closing = false;  ///< the connection is of no further use
    Rest rest{};              ///< set: this is no reply yet
};

/// "Not Found"; "Unknown" for a number that nobody knows.
[[nodiscard]] std::string_view reason_of(int status);

}  // namespace bioctl::http
