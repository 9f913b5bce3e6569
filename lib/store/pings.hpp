#pragma once
// What the monitor of ONTs remembers: their states between two rounds, the rounds, when it was watching, and the packed history.

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "lib/base/bytes.hpp"
#include "lib/base/clock.hpp"
#include "lib/store/store.hpp"

namespace bioctl::store {

/// The columns of ont_state, see ont::OntHistory.
struct PingState {
    std::int64_t ont = 0;
    std::string state = "unknown";  ///< unknown, up, down
    std::uint32_t lost = 0, states = 0;
    int samples = 0, rounds = 0;
    Timestamp last_answered{}, last_lost{}, run_since{}, run_after{};
    bool is_flapping = false;
    std::optional<std::int64_t> rtt_us{};
    Timestamp asked_at{};
};

/// One round. `onts` says what each slot of `samples` (16 bits, see ont/history_code.hpp) belongs to; ascending.
struct PingRound {
    Timestamp started_at{};
    std::int64_t took_ms = 0;
    bool is_blind = false;  ///< the monitor was cut off: nothing is known of the ONTs
    std::int64_t up = 0, down = 0, unknown = 0, flapping = 0;
    std::int64_t lost = 0;  ///< were silent in this round, whatever their state is
    std::vector<std::int64_t> onts{};
    Bytes samples{};  ///< empty once it is packed into the history
};

struct CoveredTime {
    Timestamp since{}, until{};
};

/// Buckets of an ONT from `since` on, one after the other, packed by ont::pack().
struct HistoryChunk {
    std::int64_t ont = 0;
    std::int64_t tier_s = 0;  ///< seconds of a bucket
    Timestamp since{};
    Bytes buckets{};
};

/// Statements on ont_state and the ping_ tables. Use inside Store::write() or read().
class Pings {
public:
    [[nodiscard]] std::map<std::int64_t, PingState> states() const;  ///< by ONT
    void set_states(std::vector<PingState> const& states);           ///< those that are not named stay

    /// Stores a round. Unless it was blind, its ONTs count as watched from the round before to this one, if that one is at most
    /// `longest_gap` ago, was not blind either, and asked the same ONTs.
    void add_round(PingRound const& round, std::chrono::milliseconds longest_gap);
    /// From `since` on and before `until`, by time. `take` returns false to end.
    void each_round(Timestamp since, Timestamp until, std::function<bool(PingRound const&)> const& take) const;
    [[nodiscard]] std::optional<Timestamp> next_round(Timestamp since) const;  ///< with samples: the first from then on
    [[nodiscard]] std::optional<PingRound> last_round() const;
    [[nodiscard]] std::int64_t newest_round() const;  ///< its number, which grows with each round; 0: there is none

    /// When each ONT was watched, for those that were at all between the two times; may overlap, may reach beyond.
    [[nodiscard]] std::map<std::int64_t, std::vector<CoveredTime>> covered(Timestamp since, Timestamp until) const;

    /// Chunks of a tier that begin in [since, until), by time.
    [[nodiscard]] std::vector<HistoryChunk> chunks(std::int64_t ont, std::int64_t tier_s, Timestamp since, Timestamp until) const;
    void set_chunk(HistoryChunk const& chunk);  ///< replaces the one that begins then

    /// All samples before this time are in the history.
    [[nodiscard]] Timestamp packed_until() const;
    void set_packed_until(Timestamp time);

    void drop_samples(Timestamp before);                      ///< the rounds stay
    void drop_rounds(Timestamp before);                       ///< with their samples
    void drop_chunks(std::int64_t tier_s, Timestamp before);  ///< that begin before

private:
    friend class Store;
    explicit Pings(Connection& connection) : m_connection(&connection) {}
    std::int64_t layout_of(std::vector<std::int64_t> const& onts);
    [[nodiscard]] bool is_last_blind() const;
    Connection* m_connection;
};

}  // namespace bioctl::store
