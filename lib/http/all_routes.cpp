#include "lib/http/all_routes.hpp"

#include <array>

#include <fmt/format.h>

#include "lib/base/text.hpp"
#include "lib/http/families.hpp"

namespace bioctl::http {

void add_all_routes(Routes& routes) {
    add_attendance(routes);
    add_realtime(routes);
    add_laravel(routes);
    add_biometric(routes);
    add_monitor(routes);
    add_monitor_notifications(routes);
    add_monitor_hotspot(routes);
    add_live(routes);
    add_push(routes);
    add_metrics(routes);
    add_pages(routes);
    add_api_session(routes);
    add_api_overview(routes);
    add_api_people(routes);
    add_api_faces(routes);
    add_api_compare(routes);
    add_api_attendance(routes);
    add_api_events(routes);
    add_api_devices(routes);
    add_api_listener(routes);
    add_api_targets(routes);
    add_api_onts(routes);
    add_api_onts_import(routes);
    add_api_outages(routes);
    add_api_maintenance(routes);
    add_api_notifications(routes);
    add_api_routers(routes);
    add_api_hotspot(routes);
    add_api_settings(routes);
    add_api_calibrations(routes);
    add_api_admin(routes);
    add_operations(routes);
}

Result<Family> family_from(std::string_view name) {
    constexpr std::array k_families{Family::attendance, Family::laravel, Family::biometric,  Family::monitor,
                                    Family::push,       Family::api,     Family::operations, Family::pages};
    std::string all;
    for (auto const family : k_families) {
        if (name_of(family) == name) return family;
        all += fmt::format("{}{}", all.empty() ? "" : ", ", name_of(family));
    }
    return failure(Kind::usage, fmt::format("there is no family '{}'; there are: {}", printable(name), all));
}

}  // namespace bioctl::http
