#pragma once
// The audit log: who changed what, when, from where. Each row carries the SHA-256 of the row before and itself, so that a row
// that is edited, removed or put in between is found. Whoever rewrites the whole log with all its digests is found only by a
// digest that was kept elsewhere: see AuditExpectation.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/app/principal.hpp"
#include "lib/base/clock.hpp"
#include "lib/store/audit.hpp"
#include "lib/store/store.hpp"

namespace bioctl::app {

/// Who does it and from where, as it is written down.
struct Actor {
    std::string who;     ///< "account:siti", "key:bk_abcdefgh", "local:root"
    std::string origin;  ///< "192.0.2.7", "cli uid 1000"
};

/// origin  address of the client, or what else tells where the request came from
[[nodiscard]] Actor actor_of(Principal const& principal, std::string origin);

/// Name and value, in this order. No secrets.
using AuditDetail = std::vector<std::pair<std::string, std::string>>;

/// How the log names a person: "sha256:" and 16 hex digits of the id's digest. Whoever knows the id finds the rows; of somebody
/// who is removed nothing is left that can be read, and no row of the chain has to go for that.
[[nodiscard]] std::string subject_of_person(std::string_view person_id);

/// Appends a row. Within Store::write(), with the change it tells of: both are stored, or neither.
/// action   noun and verb: "people.remove", "login"
/// subject  what it was done to, "" if nothing has a name; a person as subject_of_person(), also in the detail
/// Texts are made valid UTF-8 and cut at 256 bytes (values of the detail at 1024), a detail at 32 entries. Error{bug} outside of
/// write().
void record(store::Store& store, Clock const& clock, Actor const& actor, std::string_view action, std::string_view subject,
            AuditDetail const& detail = {});

/// For a change that was made before, in a transaction of its own.
void record_after(store::Store& store, Clock const& clock, Actor const& actor, std::string_view action, std::string_view subject,
                  AuditDetail const& detail = {});

/// A digest that was noted down: row `id` must be there and have it.
struct AuditExpectation {
    std::int64_t id = 0;
    std::string hash;  ///< 64 hex digits
};
/// "412:9f86d0..." as verify_audit() reports it. Kind::usage otherwise.
[[nodiscard]] Result<AuditExpectation> parse_expectation(std::string_view text);

struct AuditFinding {
    std::int64_t id = 0;  ///< the row that is wrong or missing; the newest if the log says nothing of it
    std::string problem;  ///< edited, removed, added, cut, not_as_expected
    std::string text;     ///< for people
};

struct AuditReport {
    std::int64_t rows = 0;
    std::int64_t last_id = 0;            ///< 0: the log is empty
    std::string last_hash;               ///< 64 hex digits, "" if the log is empty
    std::vector<AuditFinding> findings;  ///< by id, at most 100; behind a finding the chain is followed on from what is there
};

/// Reads the whole log in one snapshot, row by row.
[[nodiscard]] AuditReport verify_audit(store::Store& store, std::optional<AuditExpectation> const& expected = std::nullopt);

/// In the order of ids; store::AuditFilter says which. `visit` returns false to stop.
void each_audit_row(store::Store& store, store::AuditFilter const& filter,
                    std::function<bool(store::AuditRow const&)> const& visit);

}  // namespace bioctl::app
