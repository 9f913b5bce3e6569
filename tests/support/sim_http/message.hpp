#pragma once
// HTTP/1.1 messages as the simulators see them, and the pure half of reading them.

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace bioctl::sim_http {

struct Header {
    std::string name;
    std::string value;
};

struct Request {
    std::string method;
    std::string target;                        ///< as sent: path and query
    std::string path;                          ///< the target up to '?', as sent
    std::map<std::string, std::string> query;  ///< percent-decoded; the last of two equal names counts
    std::vector<Header> headers;               ///< in the order sent
    std::string body{};

    /// The first header of that name, whatever its case; "" if there is none.
    [[nodiscard]] std::string_view header(std::string_view name) const;
    /// The parameter, or `otherwise`.
    [[nodiscard]] std::string parameter(std::string const& name, std::string const& otherwise = "") const;
};

/// What becomes of the connection, and so of the answer.
enum class Ending {
    keep,    ///< complete; the next request may follow
    close,   ///< complete, announced by "Connection: close"
    cut,     ///< half of the body, then the connection is closed
    stall,   ///< half of the body, then nothing until the client gives up
    silent,  ///< nothing at all until the client gives up
    drop,    ///< closed without an answer
};

struct Reply {
    int status = 200;
    std::string content_type = "application/json";
    std::string body{};
    std::vector<Header> headers{};  ///< besides Content-Type, Content-Length and Connection
    Ending ending = Ending::keep;
    std::chrono::milliseconds delay{0};  ///< before the first byte
    std::shared_ptr<void> until_sent{};  ///< released when the answer is out, or the client gone
};

/// A request that is not answered by the handler but with this status, and the connection closed.
struct BadRequest : std::runtime_error {
    BadRequest(int code, char const* what) : std::runtime_error(what), status(code) {}
    int status;
};

/// Caps of what a client may send.
struct Limits {
    std::size_t head_bytes = 16 * 1024;
    std::size_t headers = 64;
    std::size_t body_bytes = 8 * 1024 * 1024;
    std::size_t connections = 256;
};

/// The request up to the empty line, which may be missing. Throws BadRequest.
[[nodiscard]] Request parse_head(std::string_view head, Limits const& limits = {});

/// Bytes of body that Content-Length announces, 0 without; std::nullopt if the body comes in chunks. Throws BadRequest.
[[nodiscard]] std::optional<std::size_t> announced_body(Request const& request, Limits const& limits = {});

/// The size in front of a chunk ("1a;name=value"). Throws BadRequest.
[[nodiscard]] std::size_t chunk_size(std::string_view line, Limits const& limits = {});

/// Status line and headers, the empty line included.
[[nodiscard]] std::string render_head(Reply const& reply);

/// "%41" becomes 'A'. Broken escapes stay, and so does '+': it stands in time zones here, not for a blank.
[[nodiscard]] std::string percent_decoded(std::string_view text);

}  // namespace bioctl::sim_http
