#include "lib/store/audit.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

#include "lib/store/query.hpp"

namespace bioctl::store {

namespace {

void add_number(Sha256Stream& stream, std::int64_t number) {
    std::array<std::byte, 8> bytes{};
    auto const bits = static_cast<std::uint64_t>(number);
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<std::byte>((bits >> (8 * i)) & 0xff);
    stream.add(bytes);
}

// With its length, so that no two rows are alike when their columns are put side by side.
void add_text(Sha256Stream& stream, std::string_view text) {
    add_number(stream, static_cast<std::int64_t>(text.size()));
    stream.add(as_bytes(text));
}

Sha256 digest_of(ByteView bytes) {
    Sha256 digest;
    std::copy_n(bytes.begin(), std::min(bytes.size(), digest.bytes.size()), digest.bytes.begin());
    return digest;
}

AuditRow row_of(Query const& query) {
    return {.id = query.integer(0),
            .at = from_ms(query.integer(1)),
            .who = std::string{query.text(2)},
            .origin = std::string{query.text(3)},
            .action = std::string{query.text(4)},
            .subject = std::string{query.text(5)},
            .detail = std::string{query.text(6)},
            .hash = digest_of(query.blob(7))};
}

}  // namespace

Sha256 chained(Sha256 const& before, AuditRow const& row) {
    Sha256Stream stream;
    stream.add(ByteView{before.bytes});
    add_number(stream, row.id);
    add_number(stream, to_ms(row.at));
    for (auto const* text : {&row.who, &row.origin, &row.action, &row.subject, &row.detail})
        add_text(stream, *text);
    return stream.finish();
}

AuditHead Audit::head() const {
    Query query{*m_connection, "SELECT id, hash FROM audit_head"};
    if (!query.next()) return {};
    return {query.integer(0), digest_of(query.blob(1))};
}

void Audit::append(AuditRow row) {
    if (!m_connection->in_transaction()) throw Error{Kind::bug, "a row of the audit log outside of Store::write()"};
    auto const before = head();
    // Of a log that was tampered with: go on behind whatever is there, so that work does not stop; verifying tells.
    Query newest{*m_connection, "SELECT coalesce(max(id), 0) FROM audit"};
    newest.next();
    row.id = std::max(before.id, newest.integer(0)) + 1;
    row.hash = chained(before.hash, row);
    Query{*m_connection, "INSERT INTO audit (id, at, who, origin, action, subject, detail, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
          row.id,        to_ms(row.at),
          row.who,       row.origin,
          row.action,    row.subject,
          row.detail,    ByteView{row.hash.bytes}}
        .run();
    Query{*m_connection, "INSERT OR REPLACE INTO audit_head (one, id, hash) VALUES (1, ?, ?)", row.id, ByteView{row.hash.bytes}}
        .run();
}

// One literal for each way to choose: a statement is cached by its text.
#define BIOCTL_AUDIT_ROWS                                                                              \
    "SELECT id, at, who, origin, action, subject, detail, hash FROM audit"                             \
    " WHERE (?1 IS NULL OR who = ?1) AND (?2 IS NULL OR origin = ?2) AND (?3 IS NULL OR subject = ?3)" \
    " AND (?4 IS NULL OR action = ?4 OR substr(action, 1, length(?4) + 1) = ?4 || '.')"                \
    " AND (?5 IS NULL OR at >= ?5) AND (?6 IS NULL OR at < ?6) AND id < ?8"

void Audit::each(AuditFilter const& filter, std::function<bool(AuditRow const&)> const& visit) const {
    constexpr std::string_view k_all = BIOCTL_AUDIT_ROWS " AND ?7 <= 0 ORDER BY id";
    constexpr std::string_view k_newest = "SELECT * FROM (" BIOCTL_AUDIT_ROWS " ORDER BY id DESC LIMIT ?7) ORDER BY id";
    auto const ms = [](std::optional<Timestamp> const& time) { return time ? std::optional{to_ms(*time)} : std::nullopt; };
    Query query{*m_connection,    filter.limit > 0 ? k_newest : k_all,
                filter.who,       filter.origin,
                filter.subject,   filter.action,
                ms(filter.since), ms(filter.until),
                filter.limit,     filter.below.value_or(std::numeric_limits<std::int64_t>::max())};
    while (query.next()) {
        if (!visit(row_of(query))) return;
    }
}

#undef BIOCTL_AUDIT_ROWS

}  // namespace bioctl::store
