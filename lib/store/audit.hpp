#pragma once
// The rows of the audit log and their digests. What is written there, and how it is checked, is in app/audit.hpp.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "lib/base/bytes.hpp"
#include "lib/base/clock.hpp"
#include "lib/store/store.hpp"

namespace bioctl::store {

struct AuditRow {
    std::int64_t id = 0;  ///< 1, 2, 3, ... without a gap
    Timestamp at{};
    std::string who{}, origin{}, action{}, subject{};
    std::string detail{};  ///< a JSON object
    Sha256 hash{};         ///< of the hash before (32 zeros before the first) and this row, see chained()
};

/// The newest row, as it is noted apart from the rows.
struct AuditHead {
    std::int64_t id = 0;  ///< 0: none yet
    Sha256 hash{};
};

struct AuditFilter {
    std::optional<std::string> who{}, origin{}, subject{};
    std::optional<std::string> action{};  ///< also the beginning of one up to a dot: "people" is "people.remove", too
    std::optional<Timestamp> since{}, until{};
    std::int64_t limit = 0;               ///< 0: all; else the newest that fit, in the order of ids
    std::optional<std::int64_t> below{};  ///< the page before this id
};

/// The digest of a row: SHA-256 over `before`, id, at, and each text with its length in front, numbers as 8 bytes little-endian.
[[nodiscard]] Sha256 chained(Sha256 const& before, AuditRow const& row);

/// Statements on `audit` and `audit_head`. Use inside Store::write() or read().
class Audit {
public:
    /// Gives the row its id and its hash. Error{bug} outside of Store::write().
    void append(AuditRow row);
    [[nodiscard]] AuditHead head() const;
    /// In the order of ids, until `visit` returns false.
    void each(AuditFilter const& filter, std::function<bool(AuditRow const&)> const& visit) const;

private:
    friend class Store;
    explicit Audit(Connection& connection) : m_connection(&connection) {}
    Connection* m_connection;
};

}  // namespace bioctl::store
