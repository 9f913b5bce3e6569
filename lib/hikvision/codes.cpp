#include "lib/hikvision/codes.hpp"

#include <algorithm>
#include <array>

namespace bioctl::hikvision {

namespace {

struct Code {
    int major, minor;
    std::string_view name;
};

// The same minor means different things per major.
constexpr std::array k_codes{
    Code{2, 39, "network_lost"},
    Code{2, 1024, "power_on"},
    Code{2, 1031, "network_restored"},
    Code{2, 1064, "local_login_locked"},
    Code{2, 1065, "local_login_unlocked"},
    Code{3, 112, "remote_login"},
    Code{3, 113, "remote_logout"},
    Code{3, 240, "device_activated_or_reset"},
    Code{3, 241, "device_activated_or_reset"},
    Code{3, 242, "device_activated_or_reset"},
    Code{3, 243, "device_activated_or_reset"},
    Code{3, 311, "remote_login_locked"},
    Code{3, 312, "remote_login_unlocked"},
    Code{3, 1024, "door_opened_remotely"},
    Code{3, 1028, "clock_set"},
    Code{3, 1029, "clock_synchronized"},
    Code{4, 1061, "isapi_session"},
    Code{4, 1062, "isapi_session"},
    Code{4, 1063, "isapi_session"},
    Code{4, 1064, "isapi_session"},
    Code{5, 1, "card_passed"},
    Code{5, 2, "card_pin_passed"},
    Code{5, 3, "card_pin_failed"},
    Code{5, 4, "card_pin_timeout"},
    Code{5, 5, "card_pin_timeout"},
    Code{5, 6, "no_permission"},
    Code{5, 7, "outside_schedule"},
    Code{5, 8, "card_expired"},
    Code{5, 9, "card_unknown"},
    Code{5, 10, "anti_passback"},
    Code{5, 21, "lock_opened"},
    Code{5, 22, "lock_closed"},
    Code{5, 23, "exit_button_pressed"},
    Code{5, 24, "exit_button_released"},
    Code{5, 25, "door_opened"},
    Code{5, 26, "door_closed"},
    Code{5, 27, "door_forced"},
    Code{5, 28, "door_open_too_long"},
    Code{5, 37, "doorbell"},
    Code{5, 38, "fingerprint_passed"},
    Code{5, 39, "fingerprint_failed"},
    Code{5, 49, "fingerprint_unknown"},
    Code{5, 54, "face_fingerprint_passed"},
    Code{5, 55, "face_fingerprint_failed"},
    Code{5, 56, "face_fingerprint_timeout"},
    Code{5, 57, "face_pin_passed"},
    Code{5, 58, "face_pin_failed"},
    Code{5, 59, "face_pin_timeout"},
    Code{5, 60, "face_card_passed"},
    Code{5, 61, "face_card_failed"},
    Code{5, 62, "face_card_timeout"},
    Code{5, 63, "face_pin_fingerprint_passed"},
    Code{5, 64, "face_pin_fingerprint_failed"},
    Code{5, 65, "face_pin_fingerprint_timeout"},
    Code{5, 66, "face_card_fingerprint_passed"},
    Code{5, 67, "face_card_fingerprint_failed"},
    Code{5, 68, "face_card_fingerprint_timeout"},
    Code{5, 75, "face_passed"},
    Code{5, 76, "face_failed"},
    Code{5, 77, "employee_no_face_passed"},
    Code{5, 78, "employee_no_face_failed"},
    Code{5, 79, "employee_no_face_timeout"},
    Code{5, 80, "face_not_found"},
    Code{5, 101, "employee_no_pin_passed"},
    Code{5, 104, "liveness_failed"},
    Code{5, 105, "id_card_matched"},
    Code{5, 112, "id_card_mismatched"},
    Code{5, 113, "blocklist"},
    Code{5, 117, "door_remains_closed"},
    Code{5, 118, "door_sleeps"},
    Code{5, 142, "face_model_update_failed"},
    Code{5, 146, "face_collected"},
    Code{5, 151, "pin_wrong"},
    Code{5, 152, "employee_no_unknown"},
    Code{5, 153, "combined_passed"},
    Code{5, 154, "combined_timeout"},
    Code{5, 155, "wrong_authentication_type"},
    Code{5, 156, "qr_passed"},
    Code{5, 157, "qr_failed"},
    Code{5, 181, "pin_passed"},
    Code{5, 203, "face_capture_disabled"},
    Code{5, 208, "mask_helmet_or_temperature"},
    Code{5, 212, "times_limit_reached"},
    Code{5, 214, "unlock_record_uploaded"},
    Code{5, 221, "wearing_mask"},
    Code{5, 223, "picture_too_small"},
};

}  // namespace

std::string_view name_of_event(int major, int minor) {
    auto const* const found = std::find_if(k_codes.begin(), k_codes.end(),
                                           [&](Code const& code) { return code.major == major && code.minor == minor; });
    return found == k_codes.end() ? "unknown" : found->name;
}

std::set<int> const& default_recognized_minors() {
    static std::set<int> const minors{54, 57, 60, 63, 66, 75, 77};
    return minors;
}

}  // namespace bioctl::hikvision
