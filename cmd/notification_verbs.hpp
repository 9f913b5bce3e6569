#pragma once
// The rows below `notifications`.

#include "cmd/event_verbs.hpp"
#include "lib/store/notifications.hpp"

namespace bioctl::cmd {

Verb notifications_list_verb();     // notifications.cpp
Verb notifications_add_verb();      // notifications.cpp
Verb notifications_read_verb();     // notifications.cpp
Verb notifications_clear_verb();    // notifications_change.cpp
Verb notifications_restore_verb();  // notifications_change.cpp
Verb notifications_import_verb();   // notifications_change.cpp
Verb notifications_export_verb();   // notifications_change.cpp
Verb notifications_test_verb();     // notifications_test.cpp

}  // namespace bioctl::cmd
