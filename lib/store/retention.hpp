#pragma once
// For how long each kind of data is kept, and which rows are older. What has files beside its rows is deleted by
// app/retention.hpp.

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/clock.hpp"
#include "lib/store/events.hpp"
#include "lib/store/store.hpp"

namespace bioctl::store {

enum class Kept { unknown, pictures, portraits, deliveries, events, transitions, notifications, outages, pings, hotspot };

/// In the order in which they are pruned: deliveries before the events that they belong to.
inline constexpr std::array k_all_kept{Kept::unknown,     Kept::pictures,      Kept::portraits, Kept::deliveries, Kept::events,
                                       Kept::transitions, Kept::notifications, Kept::outages,   Kept::pings,      Kept::hotspot};

[[nodiscard]] std::string_view name_of(Kept kind);
[[nodiscard]] std::optional<Kept> kept_from(std::string_view name);

struct KeptRule {
    Kept kind{};
    std::chrono::seconds age{};
};

/// Statements on the rules and on what they are about. Use inside Store::write() or read().
class Retention {
public:
    [[nodiscard]] std::vector<KeptRule> rules() const;  ///< in the order of k_all_kept; a kind without one is kept for ever
    void set_rule(Kept kind, std::optional<std::chrono::seconds> age);

    /// Kinds that are rows and nothing else; the other three have files.
    [[nodiscard]] static bool is_rows(Kept kind);
    /// Of deliveries: sent, skipped and dropped ones, ended before, and no longer needed for their target's cooldown. Of outages:
    /// ended ones. Of hotspot sessions: over, and nobody seen since. Of pings: rounds, and chunks of history that end before.
    /// Of events: as Events::prunable().
    [[nodiscard]] std::int64_t prunable(Kept kind, Timestamp before) const;
    /// Deletes at most `limit` of them from each of the kind's tables; 0 when nothing is left. Ask in a transaction of its own.
    std::int64_t prune(Kept kind, Timestamp before, int limit);
    /// Events before then, or with `pictures_only` those with a stored picture, that stay because a delivery waits for them.
    [[nodiscard]] std::int64_t waiting(Timestamp before, bool pictures_only) const;

    /// Stored pictures of events in which nobody was recognised; else as Events::pictures_before().
    [[nodiscard]] std::vector<StoredPicture> unknown_pictures_before(Timestamp before, std::int64_t after, int limit) const;

    /// Portraits all of whose templates were made before then, in order, from behind `after` on; paths below media/.
    [[nodiscard]] std::vector<std::string> portraits_before(Timestamp before, std::string_view after, int limit) const;
    void forget_portrait(std::string_view path);  ///< its templates stay

private:
    friend class Store;
    explicit Retention(Connection& connection) : m_connection(&connection) {}
    Connection* m_connection;
};

}  // namespace bioctl::store
