#pragma once
// A clock that stands still until it is set.

#include "lib/base/clock.hpp"

namespace bioctl::test {

class StoppedClock final : public Clock {
public:
    [[nodiscard]] Timestamp now() const override { return m_now; }
    void set(Timestamp now) { m_now = now; }

private:
    Timestamp m_now = from_ms(1'900'000'000'000);
};

}  // namespace bioctl::test
