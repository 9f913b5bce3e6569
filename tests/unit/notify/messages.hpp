#pragma once

#include "lib/notify/payload.hpp"

namespace bioctl::test {

inline notify::EventMessage message() {
    notify::EventMessage m;
    m.id = 12;
    m.idempotency_key = "k1";
    m.device = "Gerbang \"Utara\" é";
    m.serial = 3'000'000'000;
    m.time = from_ms(1'790'000'000'000);
    m.received_at = from_ms(1'790'000'001'500);
    m.local_time = "2026-09-21T20:13:20+07:00";
    m.kind = "recognized";
    m.major = 5;
    m.minor = 75;
    m.minor_name = "face_passed";
    m.employee_no = "0042";
    m.name = "Ana";
    m.picture = Bytes{std::byte{0xFF}, std::byte{0xD8}, std::byte{0xFF}};
    return m;
}

}  // namespace bioctl::test
