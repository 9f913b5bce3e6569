#pragma once
// What a terminal says, as values. Parsers take XML or JSON, whatever the label: the first byte decides (dossier: JSON end points
// answer XML labelled application/json on some firmware, and the other way round). Element names match without their namespace.
// Every parser is bounded (size by the caller, 64 levels, counts) and returns Kind::protocol for what it cannot use.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/clock.hpp"
#include "lib/base/result.hpp"

namespace bioctl::hikvision {

struct DeviceInfo {
    std::string name, model, serial_number, mac, firmware;  ///< mac in lower case with colons
};

struct DeviceTime {
    Timestamp now{};                    ///< the device's clock as UTC
    std::chrono::minutes utc_offset{};  ///< +420 for Jakarta; of localTime, else of timeZone (POSIX, whose sign is inverted)
    std::string mode{};                 ///< "NTP", "manual", ...
};

/// One row of the event log. Empty: the device did not say (also when it said "", 0, "invalid", "undefined" or "unknown").
struct EventRow {
    std::int64_t serial = 0;
    std::string time{};  ///< as the device wrote it: "2026-09-01T17:27:53-04:00"
    Timestamp at{};      ///< the same as UTC; a time without offset is taken in the device's own
    int major = 0, minor = 0;
    std::string employee_no{};  ///< text: leading zeros matter
    std::string name{}, card_no{}, user_type{}, verify_mode{}, attendance{}, mask{};
    int door = 0;
    std::string picture{};  ///< path and query of pictureURL, from its first '/'; its host is never used
    std::string raw{};      ///< the row as JSON, in valid UTF-8
};

enum class PageStatus { ok, more, no_match };

struct EventPage {
    PageStatus status = PageStatus::ok;
    std::int64_t total = 0;  ///< matches on the device, 0 if it did not say
    std::vector<EventRow> rows;
    int unusable = 0;  ///< rows without serial, time, major or minor
};

/// What a refusal means for us. The words of a device differ between firmware, so this is all the rest of the code asks for.
enum class Refusal {
    none,
    unsupported,    ///< notSupport, invalidOperation, methodNotAllowed, or the URL is not there
    bad_request,    ///< a parameter is refused: errorMsg names it; another filter or format may be taken
    busy,           ///< deviceBusy, serviceUnavailable, upgrading, searchTimeout: later
    wrong_login,    ///< user or password
    locked,         ///< too many wrong logins: not before unlock_after
    no_permission,  ///< lowPrivilege, badAuthorization, notActivated, forbiddenIP
    search_lost,    ///< noSearchIDResource, invalidSearchConditions: start the search again
    already_there,  ///< person or face exists
    not_there,      ///< person or face does not exist
    full,           ///< no room for another person or face
    bad_photo,      ///< the face picture is refused
    other,
};

struct Status {
    Refusal refusal = Refusal::none;
    int status_code = 0;       ///< 1 ok ... 7 reboot required, 0 if absent
    std::string sub_status{};  ///< "MessageParametersLack"
    std::string detail{};      ///< errorMsg or description: often the name of the offending field
    bool is_locked = false;
    std::optional<std::chrono::seconds> unlock_after{};
    std::optional<int> tries_left{};
};

struct LockPolicy {
    bool enabled = false;
    int max_tries = 0;
    std::chrono::seconds lock_time{};
};

/// Unknown flags stay empty: the device did not say.
struct PictureSettings {
    std::optional<bool> save_capture{}, upload_capture{}, save_verification{}, upload_verification{}, save_face{};
};

struct SearchLimits {
    int max_results = 30;
    bool has_serial_range = true;
};

[[nodiscard]] Result<DeviceInfo> parse_device_info(std::string_view body);
[[nodiscard]] Result<DeviceTime> parse_device_time(std::string_view body);
/// `offset` is for times that carry none.
[[nodiscard]] Result<EventPage> parse_event_page(std::string_view body, std::chrono::minutes offset);
/// What a terminal pushes (dossier, sections 6a and 6b): an event of its access log, or a sign of life without one. The names of its
/// members differ from those of the log; the row's raw JSON has those of the log. Kind::protocol for what is neither.
struct PushedEvent {
    std::optional<EventRow> row{};
    bool is_replay = false;  ///< of the log, not of this moment
};
[[nodiscard]] Result<PushedEvent> parse_pushed_event(std::string_view body, std::chrono::minutes offset);
[[nodiscard]] Result<SearchLimits> parse_search_limits(std::string_view body);
[[nodiscard]] Result<LockPolicy> parse_lock_policy(std::string_view body);
[[nodiscard]] Result<PictureSettings> parse_picture_settings(std::string_view body);
/// Never fails: a body that says nothing (HTML, empty) is judged by the HTTP status alone. HTTP 200 may carry an error.
[[nodiscard]] Status judge(int http_status, std::string_view body);

/// Path and query of an absolute or relative URL, "" if there is none or it holds spaces or control characters.
[[nodiscard]] std::string path_and_query(std::string_view url);

}  // namespace bioctl::hikvision
