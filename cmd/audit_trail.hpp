#pragma once
// What verbs leave in the audit log.

#include "cmd/context.hpp"
#include "lib/app/audit.hpp"

namespace bioctl::cmd {

/// Whoever runs this program: "local:root", from "cli uid 0".
[[nodiscard]] app::Actor local_actor();

/// For a change that was made and stored just now. Use app::record() with local_actor() where the change is a Store::write()
/// here.
void record_change(Context const& cx, store::Store& store, std::string_view action, std::string_view subject,
                   app::AuditDetail const& detail = {});

}  // namespace bioctl::cmd
