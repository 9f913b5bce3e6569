#pragma once
// Outages: when a line was down, whose fault it was, who has taken note of it. Kept for ever, unless somebody clears them.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/clock.hpp"
#include "lib/store/store.hpp"

namespace bioctl::store {

struct Outage {
    std::int64_t id = 0;
    std::int64_t ont = 0;
    std::string ont_name{};                 ///< when it began; also of ONTs that were removed since
    std::string location{}, parent_name{};  ///< of today
    Timestamp started_at{};                 ///< first lost probe
    std::int64_t start_error_ms = 0;        ///< it began at most so long before that
    std::optional<Timestamp> ended_at{};    ///< first answer after it; empty while it goes on
    std::int64_t end_error_ms = 0;
    bool is_inferred = false;                     ///< of a parent that is not pinged itself
    std::optional<std::int64_t> parent_outage{};  ///< of what it hangs on
    std::optional<std::int64_t> alert{};
    bool in_maintenance = false;  ///< it began in a maintenance window
    std::optional<Timestamp> acked_at{};
    std::string acked_by{}, note{};
};

/// All outages of one ONT.
struct OutageSummary {
    std::int64_t ont = 0;
    std::string ont_name{};  ///< when the last one began
    std::int64_t outages = 0;
    Timestamp last_start{};
    std::optional<Timestamp> last_end{};  ///< of the last one; empty while it goes on
};

struct OutageFilter {
    std::vector<std::int64_t> ids{};                                          ///< empty = any
    std::optional<std::vector<std::int64_t>> onts{};                          ///< of these; an empty list is of none
    std::string location{}, parent{};                                         ///< exact; "" = any
    std::optional<Timestamp> since{}, until{};                                ///< those that touch the time between
    bool is_open_only = false, is_unacked_only = false, is_own_only = false;  ///< own: not those below a parent's outage
    std::int64_t limit = 0;                                                   ///< 0 = all
    std::optional<std::pair<Timestamp, std::int64_t>> older_than{};           ///< the page after this start and id
};

/// Statements on `outage`. Use inside Store::write() or read().
class Outages {
public:
    /// One line has at most one that goes on. Of the argument id, ended_at and what concerns the acknowledgement are not looked
    /// at.
    std::int64_t open(Outage const& outage);
    /// Not before it began, whatever the clock says.
    void close(std::int64_t id, Timestamp at, std::int64_t error_ms);
    void set_cause(std::int64_t id, std::optional<std::int64_t> parent_outage, std::optional<std::int64_t> alert);

    [[nodiscard]] std::vector<Outage> ongoing() const;                                            ///< by id
    [[nodiscard]] std::vector<std::int64_t> ongoing_ids() const;                                  ///< the same, in no order
    void each(OutageFilter const& filter, std::function<bool(Outage const&)> const& take) const;  ///< newest start first
    [[nodiscard]] std::optional<Outage> get(std::int64_t id) const;

    [[nodiscard]] std::int64_t newest_id() const;  ///< 0: there is none
    /// The newest of those with a higher id, by id. An id that was given once is not given again.
    [[nodiscard]] std::vector<Outage> after(std::int64_t id, int limit) const;
    [[nodiscard]] std::int64_t count_after(std::int64_t id) const;  ///< how many those are without a limit
    /// The ONTs with the most outages first; of as many, the one whose last outage began last.
    [[nodiscard]] std::vector<OutageSummary> summary() const;

    /// False if there is no such outage. An alert whose ongoing outages are all acknowledged is, too.
    bool acknowledge(std::int64_t id, std::string const& by, std::string const& note, Timestamp now);
    /// Those that have ended, and began before this time. Returns the number.
    std::int64_t clear(std::optional<Timestamp> before);

private:
    friend class Store;
    explicit Outages(Connection& connection) : m_connection(&connection) {}
    Connection* m_connection;
};

}  // namespace bioctl::store
