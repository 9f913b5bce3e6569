#pragma once
// What the server answers, a function for each part. Private to http/; all_routes.cpp puts them together.

#include "lib/http/route.hpp"

namespace bioctl::http {

void add_attendance(Routes& routes);             // attendance.cpp: S3, the face attendance service
void add_realtime(Routes& routes);               // attendance_realtime.cpp: S3, frames of a camera and who hears of them
void add_laravel(Routes& routes);                // laravel.cpp: S4, the base64 service behind a Laravel application
void add_biometric(Routes& routes);              // biometric.cpp: S5, the biometric register
void add_monitor(Routes& routes);                // monitor.cpp: S2, the ONT monitor: ONTs and their outages
void add_monitor_notifications(Routes& routes);  // monitor_notifications.cpp: S2
void add_monitor_hotspot(Routes& routes);        // monitor_hotspot.cpp: S2, hotspot users
void add_live(Routes& routes);                   // live.cpp: what happens, as it happens
void add_metrics(Routes& routes);                // metrics.cpp: /metrics
void add_pages(Routes& routes);                  // pages.cpp: what operators look at
/// operations.cpp: /openapi.json and /docs, of all that is in the table: after everything else.
void add_operations(Routes& routes);

// Our own interface, /api/v2.
void add_api_session(Routes& routes);        // api_session.cpp: log in, who am I, log out
void add_api_overview(Routes& routes);       // api_overview.cpp: how things are
void add_api_people(Routes& routes);         // api_people.cpp
void add_api_faces(Routes& routes);          // api_faces.cpp: enrol, recognise
void add_api_compare(Routes& routes);        // api_compare.cpp
void add_api_attendance(Routes& routes);     // api_attendance.cpp: what a camera page saw
void add_api_events(Routes& routes);         // api_events.cpp
void add_api_devices(Routes& routes);        // api_devices.cpp
void add_api_listener(Routes& routes);       // api_listener.cpp: where terminals push
void add_api_targets(Routes& routes);        // api_targets.cpp: targets and the outbox
void add_api_onts(Routes& routes);           // api_onts.cpp
void add_api_onts_import(Routes& routes);    // api_onts_import.cpp
void add_api_outages(Routes& routes);        // api_outages.cpp
void add_api_maintenance(Routes& routes);    // api_maintenance.cpp: windows, and the report of availability
void add_api_notifications(Routes& routes);  // api_outages.cpp
void add_api_routers(Routes& routes);        // api_routers.cpp: routers and hotspot users
void add_api_hotspot(Routes& routes);        // api_hotspot.cpp: how many users, and the busiest
void add_api_settings(Routes& routes);       // api_settings.cpp: what the server runs with, and its health
void add_api_calibrations(Routes& routes);   // api_calibrations.cpp: thresholds chosen from the people here
void add_api_admin(Routes& routes);          // api_admin.cpp: accounts, keys, the audit log

void add_push(Routes& routes);  // push.cpp: events that terminals push

}  // namespace bioctl::http
