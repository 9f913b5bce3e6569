#pragma once
// Time as bioctl stores and prints it. Code that depends on "now" takes a Clock, so that tests can set it.

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "lib/base/result.hpp"

namespace bioctl {

/// UTC, milliseconds since 1970: the unit of every time column in the store.
using Timestamp = std::chrono::sys_time<std::chrono::milliseconds>;

class Clock {
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual Timestamp now() const = 0;
};

/// The wall clock of the machine. Thread-safe.
class SystemClock final : public Clock {
public:
    [[nodiscard]] Timestamp now() const override;
};

/// RFC 3339 in UTC, milliseconds only when they are not zero: "2030-01-02T03:04:05Z", "2030-01-02T03:04:05.678Z".
[[nodiscard]] std::string to_rfc3339(Timestamp time);

/// The inverse; also takes offsets ("+07:00") and a space for the T. Kind::data otherwise.
Result<Timestamp> from_rfc3339(std::string_view text);

[[nodiscard]] inline std::int64_t to_ms(Timestamp time) {
    return time.time_since_epoch().count();
}
[[nodiscard]] inline Timestamp from_ms(std::int64_t ms) {
    return Timestamp{std::chrono::milliseconds{ms}};
}

}  // namespace bioctl
