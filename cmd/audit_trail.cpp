#include "cmd/audit_trail.hpp"

#include <pwd.h>
#include <unistd.h>

#include <fmt/format.h>

namespace bioctl::cmd {

app::Actor local_actor() {
    auto const uid = getuid();
    auto const* const entry = getpwuid(uid);
    auto name = entry != nullptr ? std::string{entry->pw_name} : fmt::format("{}", uid);
    return app::actor_of(app::local_principal(std::move(name)), fmt::format("cli uid {}", uid));
}

void record_change(Context const& cx, store::Store& store, std::string_view action, std::string_view subject,
                   app::AuditDetail const& detail) {
    app::record_after(store, cx.clock, local_actor(), action, subject, detail);
}

}  // namespace bioctl::cmd
