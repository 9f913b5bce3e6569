#pragma once
// What the server answers, a function for each part. Private to http/; all_routes.cpp puts them together.

#include "lib/http/route.hpp"

namespace bioctl::http {

void add_attendance(Routes& routes);  // attendance.cpp: S3, the face attendance service
void add_realtime(Routes& routes);    // attendance_realtime.cpp: S3, frames of a camera and who hears of them
void add_laravel(Routes& routes);     // laravel.cpp: S4, the base64 service behind a Laravel application
void add_biometric(Routes& routes);   // biometric.cpp: S5, the biometric register

void add_push(Routes& routes);  // push.cpp: events that terminals push

}  // namespace bioctl::http
