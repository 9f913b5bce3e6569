#pragma once
// One function per verb file: the row of the table.

#include "cmd/verb.hpp"

namespace bioctl::cmd {

Verb enroll_verb();          // enroll.cpp
Verb bulk_enroll_verb();     // bulk_enroll.cpp
Verb recognize_verb();       // recognize.cpp
Verb watch_verb();           // watch.cpp (also watch_here.cpp, watch_server.cpp)
Verb compare_verb();         // compare.cpp
Verb people_verb();          // people.cpp (children in people_*.cpp)
Verb evaluate_verb();        // evaluate.cpp (records in evaluate_report.cpp)
Verb verify_dataset_verb();  // verify_dataset.cpp
Verb calibrate_verb();       // calibrate.cpp
Verb devices_verb();         // devices.cpp (children in devices_*.cpp)
Verb sync_hikvision_verb();  // sync_hikvision.cpp
Verb events_verb();          // events.cpp (children in events_*.cpp)
Verb targets_verb();         // targets.cpp
Verb outages_verb();         // outages.cpp (children in outages_*.cpp)
Verb notifications_verb();   // notifications.cpp (children in notifications_*.cpp)
Verb outbox_verb();          // outbox.cpp
Verb ping_onts_verb();       // ping_onts.cpp
Verb onts_verb();            // onts.cpp (children in onts_*.cpp)
Verb maintenance_verb();     // maintenance.cpp
Verb routers_verb();         // routers.cpp (check in routers_check.cpp)
Verb hotspot_verb();         // hotspot.cpp (children also in hotspot_history.cpp)
Verb serve_verb();           // serve.cpp
Verb models_verb();          // models.cpp
Verb accounts_verb();        // accounts.cpp (keys in accounts_keys.cpp)
Verb audit_verb();           // audit.cpp
Verb store_verb();           // store.cpp (children in store_*.cpp)
Verb config_verb();          // config.cpp
Verb doctor_verb();          // doctor.cpp
Verb generate_verb();        // generate.cpp
Verb help_verb();            // help.cpp
Verb version_verb();         // version.cpp

}  // namespace bioctl::cmd
