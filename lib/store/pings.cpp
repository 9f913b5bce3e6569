#include "lib/store/pings.hpp"

#include <algorithm>

#include "lib/store/query.hpp"

namespace bioctl::store {

namespace {

constexpr std::size_t k_id_bytes = 8;

// ONT numbers as bytes, little-endian.
Bytes packed_ids(std::vector<std::int64_t> const& ids) {
    Bytes bytes;
    bytes.reserve(ids.size() * k_id_bytes);
    for (auto const id : ids) {
        for (std::size_t i = 0; i < k_id_bytes; ++i)
            bytes.push_back(static_cast<std::byte>(static_cast<std::uint64_t>(id) >> 8 * i & 0xFFU));
    }
    return bytes;
}

std::vector<std::int64_t> ids_from(ByteView bytes) {
    std::vector<std::int64_t> ids(bytes.size() / k_id_bytes);
    for (std::size_t n = 0; n < ids.size(); ++n) {
        std::uint64_t id = 0;
        for (std::size_t i = 0; i < k_id_bytes; ++i)
            id |= std::to_integer<std::uint64_t>(bytes[n * k_id_bytes + i]) << 8 * i;
        ids[n] = static_cast<std::int64_t>(id);
    }
    return ids;
}

Bytes bytes_of(Query const& query, int column) {
    if (query.is_null(column)) return {};
    auto const blob = query.blob(column);
    return {blob.begin(), blob.end()};
}

#define BIOCTL_ROUND_COLUMNS                                                                            \
    "SELECT started_at, took_ms, is_blind, up, down, unknown, flapping, lost, samples, ping_layout.key" \
    " FROM ping_round JOIN ping_layout ON ping_layout.key = layout"

PingRound round_of(Query const& query) {
    PingRound round;
    round.started_at = from_ms(query.integer(0));
    round.took_ms = query.integer(1);
    round.is_blind = query.number(2) != 0;
    round.up = query.integer(3);
    round.down = query.integer(4);
    round.unknown = query.integer(5);
    round.flapping = query.integer(6);
    round.lost = query.integer(7);
    round.samples = bytes_of(query, 8);
    return round;
}

std::vector<std::int64_t> layout_ids(Connection& connection, std::int64_t key) {
    Query query{connection, "SELECT onts FROM ping_layout WHERE key = ?", key};
    return query.next() ? ids_from(query.blob(0)) : std::vector<std::int64_t>{};
}

}  // namespace

std::map<std::int64_t, PingState> Pings::states() const {
    Query query{*m_connection,
                "SELECT ont, state, lost, samples, last_answered, last_lost, run_since, run_after, states, rounds, is_flapping,"
                " rtt_us, asked_at FROM ont_state"};
    std::map<std::int64_t, PingState> states;
    while (query.next()) {
        PingState row;
        row.ont = query.integer(0);
        row.state = query.text(1);
        row.lost = static_cast<std::uint32_t>(query.integer(2));
        row.samples = query.number(3);
        row.last_answered = from_ms(query.integer(4));
        row.last_lost = from_ms(query.integer(5));
        row.run_since = from_ms(query.integer(6));
        row.run_after = from_ms(query.integer(7));
        row.states = static_cast<std::uint32_t>(query.integer(8));
        row.rounds = query.number(9);
        row.is_flapping = query.number(10) != 0;
        if (!query.is_null(11)) row.rtt_us = query.integer(11);
        row.asked_at = from_ms(query.integer(12));
        states.emplace_hint(states.end(), row.ont, std::move(row));
    }
    return states;
}

void Pings::set_states(std::vector<PingState> const& states) {
    for (auto const& row : states) {
        Query{*m_connection,
              "INSERT OR REPLACE INTO ont_state (ont, state, lost, samples, last_answered, last_lost, run_since, run_after,"
              " states, rounds, is_flapping, rtt_us, asked_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
              row.ont,
              row.state,
              row.lost,
              row.samples,
              to_ms(row.last_answered),
              to_ms(row.last_lost),
              to_ms(row.run_since),
              to_ms(row.run_after),
              row.states,
              row.rounds,
              row.is_flapping,
              row.rtt_us,
              to_ms(row.asked_at)}
            .run();
    }
}

std::int64_t Pings::layout_of(std::vector<std::int64_t> const& onts) {
    auto const packed = packed_ids(onts);
    // Nearly every round asks what the one before has asked.
    Query known{*m_connection, "SELECT key FROM ping_layout WHERE onts = ?", ByteView{packed}};
    if (known.next()) return known.integer(0);
    Query{*m_connection, "INSERT INTO ping_layout (onts) VALUES (?)", ByteView{packed}}.run();
    return m_connection->last_id();
}

void Pings::add_round(PingRound const& round, std::chrono::milliseconds longest_gap) {
    auto const layout = layout_of(round.onts);
    bool const was_blind = is_last_blind();
    Query{*m_connection,
          "INSERT INTO ping_round (started_at, took_ms, layout, is_blind, up, down, unknown, flapping, lost, samples)"
          " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
          to_ms(round.started_at),
          round.took_ms,
          layout,
          round.is_blind,
          round.up,
          round.down,
          round.unknown,
          round.flapping,
          round.lost,
          round.samples.empty() ? std::optional<ByteView>{} : std::optional<ByteView>{round.samples}}
        .run();
    if (round.is_blind) return;
    auto const at = to_ms(round.started_at), until = at + round.took_ms;
    // Not before its end: the clock may have been set back.
    auto const extended =
        was_blind ? 0
                  : Query{*m_connection,
                          "UPDATE ping_cover SET until = ?1 WHERE key = (SELECT key FROM ping_cover WHERE layout = ?2 "
                          "ORDER BY key DESC LIMIT 1)"
                          " AND until <= ?1 AND until >= ?3",
                          until, layout, at - longest_gap.count()}
                        .run();
    if (extended == 0)
        Query{*m_connection, "INSERT INTO ping_cover (layout, since, until) VALUES (?, ?, ?)", layout, at, until}.run();
}

bool Pings::is_last_blind() const {
    Query query{*m_connection, "SELECT is_blind FROM ping_round ORDER BY key DESC LIMIT 1"};
    return query.next() && query.number(0) != 0;
}

void Pings::each_round(Timestamp since, Timestamp until, std::function<bool(PingRound const&)> const& take) const {
    Query query{*m_connection,
                BIOCTL_ROUND_COLUMNS " WHERE started_at >= ? AND started_at < ? ORDER BY started_at, ping_round.key",
                to_ms(since), to_ms(until)};
    std::map<std::int64_t, std::vector<std::int64_t>> layouts;
    while (query.next()) {
        auto round = round_of(query);
        auto const key = query.integer(9);
        auto found = layouts.find(key);
        if (found == layouts.end()) found = layouts.emplace(key, layout_ids(*m_connection, key)).first;
        round.onts = found->second;
        if (!take(round)) return;
    }
}

std::optional<Timestamp> Pings::next_round(Timestamp since) const {
    Query query{*m_connection,
                "SELECT started_at FROM ping_round WHERE samples IS NOT NULL AND started_at >= ? ORDER BY started_at LIMIT 1",
                to_ms(since)};
    if (!query.next()) return std::nullopt;
    return from_ms(query.integer(0));
}

std::int64_t Pings::newest_round() const {
    return m_connection->integer("SELECT coalesce(max(key), 0) FROM ping_round");
}

std::optional<PingRound> Pings::last_round() const {
    Query query{*m_connection, BIOCTL_ROUND_COLUMNS " ORDER BY ping_round.key DESC LIMIT 1"};
    if (!query.next()) return std::nullopt;
    auto round = round_of(query);
    round.onts = layout_ids(*m_connection, query.integer(9));
    return round;
}

#undef BIOCTL_ROUND_COLUMNS

std::map<std::int64_t, std::vector<CoveredTime>> Pings::covered(Timestamp since, Timestamp until) const {
    Query query{*m_connection, "SELECT layout, since, until FROM ping_cover WHERE until > ? AND since < ? ORDER BY since",
                to_ms(since), to_ms(until)};
    std::map<std::int64_t, std::vector<std::int64_t>> layouts;
    std::map<std::int64_t, std::vector<CoveredTime>> covered;
    while (query.next()) {
        auto const key = query.integer(0);
        auto found = layouts.find(key);
        if (found == layouts.end()) found = layouts.emplace(key, layout_ids(*m_connection, key)).first;
        for (auto const ont : found->second)
            covered[ont].push_back({from_ms(query.integer(1)), from_ms(query.integer(2))});
    }
    return covered;
}

std::vector<HistoryChunk> Pings::chunks(std::int64_t ont, std::int64_t tier_s, Timestamp since, Timestamp until) const {
    Query query{*m_connection,
                "SELECT since, buckets FROM ping_history WHERE ont = ? AND tier = ? AND since >= ? AND since < ? ORDER BY since",
                ont,
                tier_s,
                to_ms(since),
                to_ms(until)};
    std::vector<HistoryChunk> chunks;
    while (query.next())
        chunks.push_back({ont, tier_s, from_ms(query.integer(0)), bytes_of(query, 1)});
    return chunks;
}

void Pings::set_chunk(HistoryChunk const& chunk) {
    Query{*m_connection,
          "INSERT INTO ping_history (tier, ont, since, buckets) VALUES (?, ?, ?, ?)"
          " ON CONFLICT (ont, tier, since) DO UPDATE SET buckets = excluded.buckets",
          chunk.tier_s,
          chunk.ont,
          to_ms(chunk.since),
          ByteView{chunk.buckets}}
        .run();
}

Timestamp Pings::packed_until() const {
    Query query{*m_connection, "SELECT value FROM meta WHERE key = 'pings_packed_until'"};
    return query.next() ? from_ms(query.integer(0)) : Timestamp{};
}

void Pings::set_packed_until(Timestamp time) {
    Query{*m_connection,
          "INSERT INTO meta (key, value) VALUES ('pings_packed_until', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
          to_ms(time)}
        .run();
}

void Pings::drop_samples(Timestamp before) {
    Query{*m_connection, "UPDATE ping_round SET samples = NULL WHERE started_at < ? AND samples IS NOT NULL", to_ms(before)}
        .run();
}

void Pings::drop_rounds(Timestamp before) {
    Query{*m_connection, "DELETE FROM ping_round WHERE started_at < ?", to_ms(before)}.run();
}

void Pings::drop_chunks(std::int64_t tier_s, Timestamp before) {
    Query{*m_connection, "DELETE FROM ping_history WHERE tier = ? AND since < ?", tier_s, to_ms(before)}.run();
}

}  // namespace bioctl::store
