#pragma once
// The ISAPI client of one face terminal: one request in flight, at most one more try of a login that had worked.

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "lib/base/bytes.hpp"
#include "lib/base/error.hpp"
#include "lib/base/result.hpp"
#include "lib/hikvision/documents.hpp"
#include "lib/hikvision/push_host.hpp"
#include "lib/net/exchange.hpp"

namespace bioctl::hikvision {

/// How the search window is written. `device` (in the device's own offset) is right for most; a wrong offset finds nothing,
/// silently.
enum class WindowStyle { device, none, utc };

struct TerminalAddress {
    std::string base_url;  ///< "http://192.0.2.10" or "https://192.0.2.10:8443", without a path
    net::Login login;
    net::Tls tls{};
    net::NonceUse nonce_use = net::NonceUse::once;
    std::chrono::milliseconds timeout{30'000};  ///< of one request; polls of 3 s are normal
};

/// Why a request did not give what was asked for.
struct Trouble {
    enum class What {
        unreachable,  ///< no connection, time-out, connection lost: says nothing about the login
        refused,      ///< the device answered and said no: see status
        nonsense,     ///< an answer that we cannot read
    };
    What what = What::unreachable;
    Status status{};
    Error error;  ///< for people: the thing, the cause, the next step
};

template <class Value>
using Outcome = tl::expected<Value, Trouble>;

/// Which rows: (5, 75), (5, 0) or (0, 0); 0 = all.
struct EventFilter {
    int major = 5, minor = 0;
    friend bool operator==(EventFilter const&, EventFilter const&) = default;
};

struct EventQuery {
    std::string search_id;  ///< the same for all pages of a search, another for the next search
    std::int64_t position = 0;
    int max_results = 30;
    EventFilter filter{};
    /// By time, [from, to], seconds. Both or none.
    std::optional<Timestamp> from{}, to{};
    WindowStyle style = WindowStyle::device;
    std::chrono::minutes utc_offset{};
    /// By serial, [first, last]. Without a last one the end is 999999999, which all firmware takes.
    std::optional<std::int64_t> first_serial{}, last_serial{};
    bool newest_first = false;
};

/// What is sent for a query: public for tests and `-v`.
[[nodiscard]] std::string to_json(EventQuery const& query);

/// Not locked, and some tries are left for the people at the door and for the vendor's software.
[[nodiscard]] bool leaves_room_for_logins(Status const& status);

/// One thread at a time. A login that is refused although this object had logged in before is tried once more, over a new
/// connection with a challenge of its own: some firmware refuses a good one now and then, or a nonce it has seen too often. A
/// first login is never repeated, nor one after which the terminal may lock. After a refused login every call fails at once, with
/// the same Trouble, and sends nothing: only a new object tries again.
class Terminal {
public:
    explicit Terminal(TerminalAddress address);
    Terminal(Terminal&&) noexcept;
    Terminal& operator=(Terminal&&) noexcept;
    ~Terminal();

    /// Without a login: is anybody there that speaks HTTP? Costs no login attempt.
    [[nodiscard]] Outcome<void> probe();

    [[nodiscard]] Outcome<DeviceInfo> device_info();
    [[nodiscard]] Outcome<DeviceTime> time();
    [[nodiscard]] Outcome<SearchLimits> search_limits();
    [[nodiscard]] Outcome<LockPolicy> lock_policy();
    [[nodiscard]] Outcome<PictureSettings> picture_settings();

    [[nodiscard]] Outcome<EventPage> search(EventQuery const& query);
    /// A whole JPEG (magic bytes and end of image checked), at most max_bytes. Refused with Refusal::not_there: gone for good.
    /// What::nonsense: truncated, or not a JPEG; may be tried again.
    [[nodiscard]] Outcome<Bytes> picture(std::string const& path_and_query, std::uint64_t max_bytes);

    /// Whom it pushes its events to.
    [[nodiscard]] Outcome<std::vector<PushHost>> push_hosts();
    [[nodiscard]] Outcome<void> set_push_host(PushHost const& host);

    /// Any other call of ISAPI; the answer has been judged (Refusal::none). path from "/ISAPI/" on.
    [[nodiscard]] Outcome<net::Answer> call(net::Method method, std::string const& path, std::string body,
                                            std::string const& content_type);
    [[nodiscard]] Outcome<net::Answer> call_form(net::Method method, std::string const& path, std::vector<net::FormPart> form);

    /// Requests sent so far, challenge legs not counted, and how long they were waited for.
    [[nodiscard]] std::uint64_t requests() const;
    [[nodiscard]] std::chrono::nanoseconds waited() const;

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace bioctl::hikvision
