#include "lib/app/audit.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "lib/base/text.hpp"

namespace bioctl::app {

namespace {

constexpr std::size_t k_longest_text = 256;
constexpr std::size_t k_longest_value = 1024;
constexpr std::size_t k_most_entries = 32;
constexpr std::size_t k_most_findings = 100;

/// Valid UTF-8 of at most so many bytes; what was cut shows.
std::string bounded(std::string_view text, std::size_t most) {
    constexpr std::string_view k_mark = "...";
    if (text.size() <= most) {
        auto valid = to_valid_utf8(text);
        if (valid.size() <= most) return valid;
    }
    auto valid = to_valid_utf8(text.substr(0, most));
    auto end = std::min(valid.size(), most - k_mark.size());
    while (end > 0 && (static_cast<unsigned char>(valid[end]) & 0xC0U) == 0x80U)
        --end;
    return valid.substr(0, end) + std::string{k_mark};
}

std::string json_of(AuditDetail const& detail) {
    auto object = nlohmann::ordered_json::object();
    for (auto const& [name, value] : detail) {
        if (object.size() == k_most_entries) break;
        object[bounded(name, k_longest_text)] = bounded(value, k_longest_value);
    }
    return object.dump();
}

/// Follows the chain from row to row.
class Chain {
public:
    explicit Chain(std::optional<AuditExpectation> const& expected) : m_expected(expected) {}

    void follow(store::AuditRow const& row) {
        auto const next = m_last.id + 1;
        if (row.id > next)
            find(next, "removed", missing(next, row.id - 1));
        else if (store::chained(m_last.hash, row) != row.hash)
            find(row.id, "edited", fmt::format("row {} is not what was written, or not behind the row before it", row.id));
        m_last = {row.id, row.hash};
        ++m_report.rows;
        if (m_expected && m_expected->id == row.id) check_expected(row);
    }

    AuditReport finish(store::AuditHead const& head) {
        if (head.id > m_last.id)
            find(m_last.id + 1, "cut", fmt::format("{} at the end", missing(m_last.id + 1, head.id)));
        else if (head.id < m_last.id)
            find(head.id + 1, "added", fmt::format("row {} and what follows was not written by bioctl", head.id + 1));
        else if (head.hash != m_last.hash)
            find(head.id, "edited", fmt::format("row {} is the newest, but not the one that was written last", head.id));
        if (m_expected && !m_has_expected)
            find(m_expected->id, "not_as_expected", fmt::format("row {}, which was noted down, is missing", m_expected->id));
        m_report.last_id = m_last.id;
        if (m_last.id > 0) m_report.last_hash = to_hex(m_last.hash);
        return std::move(m_report);
    }

private:
    static std::string missing(std::int64_t first, std::int64_t last) {
        return first == last ? fmt::format("row {} is missing", first) : fmt::format("rows {} to {} are missing", first, last);
    }

    void check_expected(store::AuditRow const& row) {
        m_has_expected = true;
        if (to_hex(row.hash) == m_expected->hash) return;
        find(row.id, "not_as_expected", fmt::format("row {} is not the one that was noted down: the log was rewritten", row.id));
    }

    void find(std::int64_t id, std::string problem, std::string text) {
        if (m_report.findings.size() < k_most_findings) m_report.findings.push_back({id, std::move(problem), std::move(text)});
    }

    std::optional<AuditExpectation> m_expected;
    bool m_has_expected = false;
    store::AuditHead m_last{};
    AuditReport m_report{};
};

}  // namespace

Actor actor_of(Principal const& principal, std::string origin) {
    auto const& name = principal.id.empty() ? principal.name : principal.id;
    return {fmt::format("{}:{}", principal.kind, name), std::move(origin)};
}

std::string subject_of_person(std::string_view person_id) {
    constexpr std::size_t k_digits = 16;
    return fmt::format("sha256:{}", to_hex(sha256(as_bytes(person_id))).substr(0, k_digits));
}

void record(store::Store& store, Clock const& clock, Actor const& actor, std::string_view action, std::string_view subject,
            AuditDetail const& detail) {
    store.audit().append({.at = clock.now(),
                          .who = bounded(actor.who, k_longest_text),
                          .origin = bounded(actor.origin, k_longest_text),
                          .action = bounded(action, k_longest_text),
                          .subject = bounded(subject, k_longest_text),
                          .detail = json_of(detail)});
}

void record_after(store::Store& store, Clock const& clock, Actor const& actor, std::string_view action, std::string_view subject,
                  AuditDetail const& detail) {
    store.write([&] { record(store, clock, actor, action, subject, detail); });
}

Result<AuditExpectation> parse_expectation(std::string_view text) {
    constexpr std::string_view k_hex = "0123456789abcdef";
    auto const colon = text.find(':');
    AuditExpectation expected;
    auto const id = text.substr(0, colon);
    auto const [end, error] = std::from_chars(id.data(), id.data() + id.size(), expected.id);
    if (colon != std::string_view::npos) expected.hash = text.substr(colon + 1);
    bool const is_good = error == std::errc{} && end == id.data() + id.size() && expected.id > 0 && expected.hash.size() == 64 &&
                         expected.hash.find_first_not_of(k_hex) == std::string::npos;
    if (is_good) return expected;
    return failure(Kind::usage,
                   fmt::format("'{}' must be the number of a row, a colon and 64 hex digits, as `bioctl audit verify` "
                               "prints them",
                               printable(text)));
}

AuditReport verify_audit(store::Store& store, std::optional<AuditExpectation> const& expected) {
    AuditReport report;
    store.read([&] {
        Chain chain{expected};
        store.audit().each({}, [&](store::AuditRow const& row) {
            chain.follow(row);
            return true;
        });
        report = chain.finish(store.audit().head());
    });
    return report;
}

void each_audit_row(store::Store& store, store::AuditFilter const& filter,
                    std::function<bool(store::AuditRow const&)> const& visit) {
    store.read([&] { store.audit().each(filter, visit); });
}

}  // namespace bioctl::app
