#pragma once
// The table of routes: what the server answers, who may ask, where the work is done, and what /openapi.json says of it.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/app/desk.hpp"
#include "lib/app/principal.hpp"
#include "lib/http/message.hpp"

namespace bioctl::http {

class Site;

/// Who speaks: each of the replaced services has shapes and words of its own. Names: see name_of().
enum class Family { attendance, laravel, biometric, monitor, push, api, operations, pages };
/// "attendance", "laravel", ...: what configuration and access log call it.
[[nodiscard]] std::string_view name_of(Family family);

/// Where a handler runs.
enum class Work {
    at_once,    ///< on the thread of the network: microseconds, no store, no disk
    store,      ///< on a thread with a connection to the store
    peer,       ///< on a thread that may wait for another machine, with a connection to the store
    inference,  ///< on a thread with an engine; the queue is short, and 503 when it is full
    live,       ///< a WebSocket: `topics` are what the client then hears of, unless ?topics= chooses some of them
};

/// Why a request comes to nothing before, or instead of, its handler.
enum class Refusal {
    bad_request,
    no_credential,
    wrong_credential,
    forbidden,
    not_found,
    method_not_allowed,
    conflict,  ///< somebody or something of this name is there already
    too_large,
    unsupported_type,  ///< the body is of a media type that is not taken here
    too_many_requests,
    busy,          ///< queue full, store locked: later
    gateway,       ///< a peer of ours did not answer
    storage,       ///< the disk is full, or fails
    not_possible,  ///< not built, or not configured
    internal,
};
struct Trouble {
    Refusal refusal = Refusal::internal;
    std::string detail;  ///< one line for people
    int retry_after_s = 0;
};
[[nodiscard]] int status_of(Refusal refusal);

/// How a family words a refusal.
using Voice = std::function<Reply(Trouble const&)>;

/// What a handler gets. The request and the parameters live as long as the call.
struct Call {
    Request const& request;
    std::vector<std::pair<std::string, std::string>> const& parameters;  ///< of the pattern, decoded
    app::Principal const& who;
    std::string const& csrf_token;  ///< of the session that a cookie names, "" without one
    Site& site;
    app::Desk* desk;  ///< set for all but Work::at_once

    [[nodiscard]] std::string const& parameter(std::string_view name) const;  ///< of the pattern; Error{bug} if it has none
};
/// May throw Error; the family's voice words it then.
using Handler = std::function<Reply(Call const&)>;

/// For /openapi.json. Schemas are JSON texts, checked by a test.
struct Doc {
    struct Parameter {
        std::string_view name, in;  ///< in: query, path, header
        std::string_view schema = R"({"type":"string"})";
        std::string_view summary = "";
        bool is_required = false;
    };
    struct Body {
        std::string_view media_type = "application/json";
        std::string_view schema = "{}";
    };
    struct Answer {
        int status = 200;
        std::string_view summary;
        std::string_view media_type = "application/json";
        std::string_view schema = "{}";
    };
    std::string_view summary;
    std::vector<Parameter> parameters{};
    std::optional<Body> body{};
    std::vector<Answer> answers{};
};

inline constexpr std::size_t k_small_body = 64 * 1024;
inline constexpr std::size_t k_form_body = 1024 * 1024;

struct Route {
    Family family{};
    std::string_view method;   ///< "GET"; HEAD is answered by it, too
    std::string_view pattern;  ///< "/api/v1/biometric/{id}"; the last part "{path...}" takes all that follows
    Work work = Work::store;
    std::optional<app::Scope> scope{};    ///< none: anybody
    bool is_change = false;               ///< refused with --readonly, and wants a CSRF token when a cookie says who asks
    std::size_t max_body = k_small_body;  ///< bytes
    Handler handle{};
    Doc doc{};
    std::vector<std::string_view> topics{};  ///< of Work::live
    /// Any page of the web may call it from a browser: it changes nothing and shows nothing private. Others are for the same
    /// origin and those that are configured.
    bool is_public = false;
};

/// The topics of the route that ?topics=events,onts asks for; without it all of them. Kind::usage names what there is.
[[nodiscard]] Result<std::vector<std::string_view>> topics_of(Route const& route, Target const& target);

/// Filled before the server starts, constant afterwards; then any thread may ask.
class Routes {
public:
    /// Error{bug} for a pattern that is there already. A handler of Family::api is called with parameters of its Doc only; others
    /// are refused.
    void add(Route route);
    void set_voice(Family family, Voice voice);
    /// Below this path instead of the root: "/face".
    void mount(Family family, std::string_view prefix);
    void switch_off(Family family);

    struct Match {
        Route const* route = nullptr;  ///< none: see `allowed`
        std::vector<std::pair<std::string, std::string>> parameters{};
        std::vector<std::string_view> allowed{};  ///< methods that this path knows, when there is no route
        Family family = Family::operations;       ///< whose voice words a refusal
    };
    [[nodiscard]] Match match(std::string_view method, std::vector<std::string> const& segments) const;
    /// Worded by the family, with the status, Retry-After and WWW-Authenticate that belong to it.
    [[nodiscard]] Reply refuse(Family family, Trouble const& trouble) const;

    struct Entry {
        Route route;
        std::vector<std::string> parts;  ///< of the pattern, with the family's mount
    };
    [[nodiscard]] std::vector<Entry> const& entries() const { return m_entries; }
    /// "/face/recognize"
    [[nodiscard]] std::string path_of(Entry const& entry) const;

private:
    struct Mount {
        Family family{};
        std::vector<std::string> prefix;
    };
    [[nodiscard]] std::vector<std::string> prefix_of(Family family) const;

    std::vector<Entry> m_entries;
    std::vector<Mount> m_mounts;
    std::vector<Family> m_off;
    std::vector<std::pair<Family, Voice>> m_voices;
};

/// Error of a use case as a family hears it: no_input is not_found, usage and data are bad_request, busy is
/// busy, ...; what is known more exactly (lib/base/causes.hpp) beats the kind: damage is internal, a name that is taken a
/// conflict.
[[nodiscard]] Trouble trouble_of(Error const& error);

}  // namespace bioctl::http
