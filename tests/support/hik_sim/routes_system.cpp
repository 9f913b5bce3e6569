// Dossier section 2: who the terminal is, its clock, its settings.

#include <array>

#include "tests/support/hik_sim/replies.hpp"
#include "tests/support/hik_sim/routes.hpp"

namespace bioctl::hik_sim {

namespace {

using sim_http::Reply;
using sim_http::Request;

Reply device_info(Terminal& terminal, Request const&) {
    auto const& identity = terminal.identity;
    return xml_reply(terminal, "DeviceInfo",
                     {{"deviceName", identity.name},
                      {"deviceID", "255"},
                      {"model", identity.model},
                      {"serialNumber", identity.serial_number},
                      {"macAddress", identity.mac},
                      {"firmwareVersion", "V3.16.1"},
                      {"firmwareReleasedDate", "build 230602"},
                      {"deviceType", "ACS"},
                      {"subDeviceType", "accessControlTerminal"},
                      {"electroLockNum", 1},
                      {"RS485Num", 1},
                      {"manufacturer", "hikvision"}});
}

Reply time(Terminal& terminal, Request const&) {
    auto const& clock = terminal.clock;
    return xml_reply(terminal, "Time",
                     {{"timeMode", "manual"}, {"localTime", clock.format(clock.now())}, {"timeZone", clock.posix_zone()}});
}

Reply user_check(Terminal& terminal, Request const&) {
    return xml_reply(terminal, "userCheck", {{"statusValue", 200}, {"statusString", "OK"}, {"isDefaultPassword", false}});
}

Reply login_lock(Terminal& terminal, Request const&) {
    return xml_reply(terminal, "IllegalLoginLock",
                     {{"enabled", true}, {"maxIllegalLoginTimes", 5}, {"maxIllegalLoginLockTime", 1800}});
}

Reply system_capabilities(Terminal& terminal, Request const&) {
    return xml_reply(terminal, "DeviceCap", {{"SysCap", {{"isSupportSubscribeEvent", true}}}, {"isSupportAcs", true}});
}

Reply access_capabilities(Terminal& terminal, Request const&) {
    auto const& quirks = terminal.quirks;
    return settings_reply(terminal, {{"AccessControl",
                                      {{"isSupportAcsEvent", !quirks.has(Quirk::no_acs_event)},
                                       {"isSupportAcsEventTotalNum", !quirks.has(Quirk::no_acs_event)},
                                       {"isSupportUserInfo", true},
                                       {"isSupportFDLib", true},
                                       {"isSupportUserInfoDetailDelete", !quirks.has(Quirk::no_detail_delete)},
                                       {"isSupportAcsCfg", true},
                                       {"isSupportEventStorageCfg", true},
                                       {"EmployeeNoInfo", {{"employeeNo", {{"@min", 1}, {"@max", 32}}}}}}}});
}

Reply access_settings(Terminal& terminal, Request const&) {
    bool const is_saving = !terminal.quirks.has(Quirk::pictures_not_saved);
    return settings_reply(terminal, {{"AcsCfg",
                                      {{"RS485Backup", true},
                                       {"uploadCapPic", is_saving},
                                       {"saveCapPic", is_saving},
                                       {"uploadVerificationPic", is_saving},
                                       {"saveVerificationPic", is_saving},
                                       {"saveFacePic", true}}}});
}

Reply work_status(Terminal& terminal, Request const&) {
    return settings_reply(terminal, {{"AcsWorkStatus",
                                      {{"doorLockStatus", Json::array({0})},
                                       {"doorStatus", Json::array({4})},
                                       {"magneticStatus", Json::array({0})},
                                       {"antiSneakStatus", "close"},
                                       {"hostAntiDismantleStatus", "close"},
                                       {"cardReaderOnlineStatus", Json::array({1})},
                                       {"cardReaderVerifyMode", Json::array({4})},
                                       {"cardNum", 0}}}});
}

Reply storage_settings(Terminal& terminal, Request const&) {
    return settings_reply(terminal, {{"EventStorageCfg", {{"mode", "cycle"}}}});
}

constexpr auto k_routes = std::to_array<Route>({
    {"GET", "/ISAPI/System/deviceInfo", device_info},
    {"GET", "/ISAPI/System/time", time},
    {"GET", "/ISAPI/System/capabilities", system_capabilities},
    {"GET", "/ISAPI/Security/userCheck", user_check},
    {"GET", "/ISAPI/Security/illegalLoginLock", login_lock},
    {"GET", "/ISAPI/AccessControl/capabilities", access_capabilities},
    {"GET", "/ISAPI/AccessControl/AcsCfg", access_settings},
    {"GET", "/ISAPI/AccessControl/AcsWorkStatus", work_status},
    {"GET", "/ISAPI/AccessControl/AcsEvent/StorageCfg", storage_settings},
});

}  // namespace

std::span<Route const> system_routes() {
    return k_routes;
}

}  // namespace bioctl::hik_sim
