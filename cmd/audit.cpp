#include "lib/app/audit.hpp"

#include <CLI/CLI.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cmd/device_verbs.hpp"
#include "cmd/verbs.hpp"
#include "lib/app/moment.hpp"
#include "lib/base/text.hpp"

namespace bioctl::cmd {

namespace {

constexpr Group k_group = Group::store;

struct ListOptions {
    std::optional<std::string> who, origin, action, subject, person, since, until;
    std::int64_t limit = 0;
};

void add_list(CLI::App& verb, ListOptions& o) {
    verb.add_option("--who", o.who, "Of this one: account:siti, key:bk_abcdefgh, local:root")->type_name("WHO");
    verb.add_option("--origin", o.origin, "From this address, or 'cli uid 0'")->type_name("TEXT");
    verb.add_option("--action", o.action, "Of this kind: people.remove, or all of people")->type_name("ACTION");
    verb.add_option("--subject", o.subject, "Done to this one")->type_name("TEXT");
    verb.add_option("--person", o.person, "Done to the person of this id, which the log does not hold in the clear")
        ->type_name("ID")
        ->excludes("--subject");
    verb.add_option("--since", o.since, "From this time on: 2026-11-21, '2026-11-21 07:15', 2h, today")->type_name("TIME");
    verb.add_option("--until", o.until, "Before this time")->type_name("TIME");
    verb.add_option("--limit", o.limit, "Only the newest so many")->type_name("N")->check(CLI::NonNegativeNumber);
}

store::AuditFilter filter_of(ListOptions const& o, Context const& cx) {
    store::AuditFilter filter{.who = o.who, .origin = o.origin, .subject = o.subject, .action = o.action};
    if (o.person) filter.subject = app::subject_of_person(*o.person);
    if (o.since || o.until) {
        app::Zone const zone{cx.settings.timezone()};
        if (o.since) filter.since = zone.parse(*o.since, cx.clock.now()).or_throw();
        if (o.until) filter.until = zone.parse(*o.until, cx.clock.now()).or_throw();
    }
    filter.limit = o.limit;
    return filter;
}

/// What is stored, or the text itself if somebody has written something else there.
ui::Value detail_value(std::string const& text) {
    auto const json = nlohmann::ordered_json::parse(text, nullptr, false);
    if (!json.is_object()) return text;
    ui::Value::Object object;
    for (auto const& [name, value] : json.items())
        object.emplace_back(name, value.is_string() ? value.get<std::string>() : value.dump());
    return object;
}

int run_list(ListOptions const& o, Context& cx) {
    cx.out.columns({"id", "at", "who", "origin", "action", "subject", "detail"});
    auto const filter = filter_of(o, cx);
    std::int64_t shown = 0;
    if (cx.has_store()) {
        auto store = cx.open_store(store::Access::read_only);
        app::each_audit_row(store, filter, [&](store::AuditRow const& row) {
            cx.out.record("audit", {{"id", row.id},
                                    {"at", to_rfc3339(row.at)},
                                    {"who", row.who},
                                    {"origin", row.origin},
                                    {"action", row.action},
                                    {"subject", text_or_null(row.subject)},
                                    {"detail", detail_value(row.detail)},
                                    {"hash", to_hex(row.hash)}});
            ++shown;
            return stop_signal.load() == 0;
        });
    }
    if (shown == 0) cx.talk.note("nothing is in the audit log that fits");
    return k_exit_yes;
}

struct VerifyOptions {
    std::optional<std::string> expected;
};

void add_verify(CLI::App& verb, VerifyOptions& o) {
    verb.add_option("--expect", o.expected, "What an earlier verify printed: that row must be there, unchanged")
        ->type_name("ROW:HASH");
}

int run_verify(VerifyOptions const& o, Context& cx) {
    std::optional<app::AuditExpectation> expected;
    if (o.expected) expected = app::parse_expectation(*o.expected).or_throw();
    if (!cx.has_store()) throw Error{Kind::no_input, "there is no store yet, so there is no audit log; see --data-dir"};
    auto store = cx.open_store(store::Access::read_only);
    auto const report = app::verify_audit(store, expected);
    cx.out.columns({"id", "problem", "text"});
    for (auto const& finding : report.findings)
        cx.out.record("finding", {{"id", finding.id}, {"problem", finding.problem}, {"text", finding.text}});
    auto const last = report.last_id == 0 ? std::string{} : fmt::format("{}:{}", report.last_id, report.last_hash);
    ui::Fields const summary{{"last", text_or_null(last)}, {"rows", report.rows}, {"sound", report.findings.empty()}};
    if (!report.findings.empty()) {
        cx.out.json_only("verified", summary);
        cx.talk.warn(fmt::format("the audit log was tampered with: {}; bring back a backup to see what it was",
                                 counted(report.findings.size(), "finding", "findings")));
        return k_exit_no;
    }
    cx.out.columns({"last"});
    cx.out.record("verified", summary);
    cx.talk.note(fmt::format("{} follow from each other; note the last down elsewhere, for --expect",
                             counted(static_cast<std::uint64_t>(report.rows), "row", "rows")));
    return k_exit_yes;
}

}  // namespace

Verb audit_verb() {
    return noun("audit", "Look at who changed what, and whether the log of it was changed", k_group,
                {verb("list", "List what was changed, by whom and from where", k_group, add_list, run_list),
                 verb("verify", "Check that no row was edited, added or removed", k_group, add_verify, run_verify)});
}

}  // namespace bioctl::cmd
