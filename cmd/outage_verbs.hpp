#pragma once
// The rows below `outages`.

#include "cmd/ont_verbs.hpp"

namespace bioctl::cmd {

Verb outages_report_verb();  // outages_report.cpp
Verb outages_ack_verb();     // outages_change.cpp
Verb outages_clear_verb();   // outages_change.cpp

}  // namespace bioctl::cmd
