#pragma once
// Hotspot users: how many there were, and the session of each.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/clock.hpp"
#include "lib/store/store.hpp"

namespace bioctl::store {

/// From one login to its end, as far as it was seen.
struct HotspotSession {
    std::int64_t id = 0;
    std::int64_t router = 0;
    std::string router_name{};
    std::string server{}, session{}, mac{}, ip{}, user{}, login_by{};  ///< session: the router's ".id"
    Timestamp started_at{};                                            ///< by the router's uptime
    Timestamp last_seen{};
    std::optional<Timestamp> ended_at{};           ///< when it was last seen, once it is gone
    std::int64_t bytes_in = 0, bytes_out = 0;      ///< of this session; in: from the user to the router
    std::int64_t counter_in = 0, counter_out = 0;  ///< of the router, when it was last seen
    std::int64_t uptime_s = 0;
};

struct HotspotCount {
    std::int64_t router = 0;
    std::string server{};
    Timestamp at{};
    std::int64_t users = 0;
};

/// What to look at. A session counts if any part of it lies in the time.
struct HotspotFilter {
    std::optional<Timestamp> since{}, until{};
    std::optional<std::string> router{}, server{};  ///< by name
    bool is_open_only = false;
    std::int64_t limit = -1;  ///< of sessions, -1 = all
};

/// A count that another program has posted, of the row that Routers::of_posts() makes.
struct HotspotPost {
    HotspotCount count;
    std::string json{};  ///< as it was posted; "" once it is forgotten
};

struct HotspotUsage {
    std::string mac{}, user{}, router{};  ///< user and router of its last session
    std::int64_t sessions = 0, bytes_in = 0, bytes_out = 0;
    Timestamp last_seen{};
};

/// Statements on hotspot_count and hotspot_session. Use inside Store::write() or read().
class Hotspot {
public:
    [[nodiscard]] std::vector<HotspotSession> open_sessions(std::int64_t router) const;
    /// The one of this name and address that began last, if it has ended.
    [[nodiscard]] std::optional<HotspotSession> last_ended(std::int64_t router, std::string_view session,
                                                           std::string_view mac) const;
    std::int64_t add(HotspotSession const& session);
    void update(HotspotSession const& session);  ///< by id: all that may change while it lasts; one that had ended goes on
    void end(std::int64_t id);                   ///< when it was last seen

    void set_count(HotspotCount const& count);
    /// By time, those of one moment together. `take` returns false to end.
    void each_count(HotspotFilter const& filter, std::function<bool(HotspotCount const&)> const& take) const;
    /// Moments of that many counts, or of all there are: the first of them. Without those of `but`. None if there is nothing.
    [[nodiscard]] std::optional<Timestamp> begin_of_newest(std::int64_t moments, std::optional<std::int64_t> but) const;

    /// At its time, or as many milliseconds later as it takes to find one at which nothing is stored for this router, which is
    /// returned: what is stored of one moment is added up.
    Timestamp add_post(HotspotPost const& post);
    /// Newest first.
    [[nodiscard]] std::vector<HotspotPost> posts(std::int64_t router, std::string_view server, std::int64_t limit) const;
    /// Forgets the JSON of all but the newest `keep`, and of fewer if these have more than `most_bytes`; the counts stay.
    void trim_posts(std::int64_t router, std::string_view server, std::int64_t keep, std::int64_t most_bytes);

    /// By start.
    void each_session(HotspotFilter const& filter, std::function<bool(HotspotSession const&)> const& take) const;
    /// Different hardware addresses, as the router writes them; those without one do not count.
    [[nodiscard]] std::int64_t devices(HotspotFilter const& filter) const;
    /// By bytes in and out together, most first.
    [[nodiscard]] std::vector<HotspotUsage> top(HotspotFilter const& filter, std::int64_t limit) const;

    /// Drops counts and sessions that nobody was seen in since.
    void drop(Timestamp before);
    /// Of the counts in [since, until), keeps those of the first moment of each hour (UTC) and router; of `posting`, for which
    /// others count, those of each server. Both on the hour.
    void thin_counts(Timestamp since, Timestamp until, std::optional<std::int64_t> posting);
    /// Ends the sessions of this router that nobody was seen in since.
    void end_unseen(std::int64_t router, Timestamp since);
    /// Up to where that was done; without it, the hour of the oldest count; none if there is nothing.
    [[nodiscard]] std::optional<Timestamp> thinned_until() const;
    void set_thinned_until(Timestamp time);

private:
    friend class Store;
    explicit Hotspot(Connection& connection) : m_connection(&connection) {}
    Connection* m_connection;
};

}  // namespace bioctl::store
