#include "cmd/verbs.hpp"

#include <algorithm>

namespace bioctl::cmd {

std::vector<Verb> const& verbs() {
    static std::vector<Verb> const table{
        // faces
        enroll_verb(),
        bulk_enroll_verb(),
        recognize_verb(),
        watch_verb(),
        compare_verb(),
        people_verb(),
        verify_dataset_verb(),
        evaluate_verb(),
        calibrate_verb(),
        // terminals and deliveries
        devices_verb(),
        sync_hikvision_verb(),
        events_verb(),
        targets_verb(),
        outbox_verb(),
        // the network
        ping_onts_verb(),
        onts_verb(),
        outages_verb(),
        maintenance_verb(),
        notifications_verb(),
        routers_verb(),
        hotspot_verb(),
        // the service
        serve_verb(),
        accounts_verb(),
        audit_verb(),
        store_verb(),
        // bioctl itself
        models_verb(),
        config_verb(),
        doctor_verb(),
        generate_verb(),
        help_verb(),
        version_verb(),
    };
    return table;
}

Verb const* find_verb(std::vector<Verb> const& table, std::string_view name) {
    auto const found = std::find_if(table.begin(), table.end(), [&](Verb const& row) { return row.name == name; });
    return found == table.end() ? nullptr : &*found;
}

}  // namespace bioctl::cmd
