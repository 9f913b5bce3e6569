#pragma once
// The rows below `outages`.

#include "cmd/verb.hpp"

namespace bioctl::cmd {

Verb outages_report_verb();  // outages_report.cpp
Verb outages_ack_verb();     // outages_change.cpp
Verb outages_clear_verb();   // outages_change.cpp

/// The store for verbs about outages: Error{no_input} with the next step where there is none.
[[nodiscard]] store::Store open_ont_store(Context const& cx, store::Access access);

}  // namespace bioctl::cmd
