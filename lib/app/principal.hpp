#pragma once
// Somebody who asks for something, and what they may.

#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.hpp"

namespace bioctl::app {

/// What a request has to be allowed. Whoever answers it asks for exactly one of them; none includes another.
enum class Scope {
    read,       ///< look at people (without templates), events, devices, ONTs, outages, notifications; their live topics
    recognize,  ///< hand in a photo and learn who it is; compare two
    enrol,      ///< add people, and templates to people
    people,     ///< rename, merge and remove people; export templates and portraits
    devices,    ///< change terminals, targets and the outbox; the password of nothing is ever shown
    network,    ///< change ONTs, routers and maintenance windows; acknowledge outages; clear notifications
    admin,      ///< accounts, API keys, the audit log, settings
    metrics,    ///< /metrics
};

/// "read", "recognize", ...
[[nodiscard]] std::string_view name_of(Scope scope);
/// Kind::usage naming all of them.
[[nodiscard]] Result<Scope> scope_from(std::string_view name);
[[nodiscard]] std::span<Scope const> all_scopes();

/// Whether a look at a session is its owner's doing, and keeps it from running out.
enum class Visit { counts, is_watched };

struct Principal {
    std::string name;  ///< of the account, the key, or the user of this machine
    std::string kind;  ///< account, key, local
    std::set<Scope> scopes;
    std::string id{};  ///< of a key its public id, "bk_abcdefgh"

    [[nodiscard]] bool may(Scope scope) const { return scopes.contains(scope); }
};

/// viewer: read and recognize; operator: all but admin; admin: all. Kind::usage for another role.
[[nodiscard]] Result<std::set<Scope>> scopes_of_role(std::string_view role);

/// Whoever runs the program on this machine: may everything that the files let them.
[[nodiscard]] Principal local_principal(std::string name);

}  // namespace bioctl::app
