#include "lib/notify/digest.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "lib/base/duration.hpp"
#include "lib/base/text.hpp"

namespace bioctl::notify {

namespace {

std::string lines_down(std::int64_t number) {
    return counted(static_cast<std::uint64_t>(number), "ONT", "ONTs");
}

std::string beginning_of(AlertFact const& fact, ShowTime const& show) {
    auto const since = show(fact.started_at);
    if (fact.kind == "flapping") return fmt::format("{} is flapping since {}", fact.name, since);
    if (fact.kind == "monitor") return fmt::format("the monitor knows nothing since {}: {}", since, fact.name);
    if (fact.kind == "router") return fmt::format("{} since {}", fact.name, since);
    if (fact.ongoing > 0) return fmt::format("{}: {} down since {}", fact.name, lines_down(fact.ongoing), since);
    return fmt::format("{} is down since {}", fact.name, since);
}

std::string end_of(AlertFact const& fact, ShowTime const& show) {
    auto const at = show(*fact.closed_at);
    auto const after = human_duration(*fact.closed_at - fact.started_at);
    if (fact.kind == "flapping") return fmt::format("{} is steady again at {}, after {}", fact.name, at, after);
    if (fact.kind == "monitor") return fmt::format("the monitor sees again at {}, after {}", at, after);
    if (fact.kind == "router") return fmt::format("over at {}, after {}: {}", at, after, fact.name);
    auto const others = fact.outages > 0 ? fmt::format("; {} had been down", lines_down(fact.outages)) : "";
    return fmt::format("{} is back at {}, after {}{}", fact.name, at, after, others);
}

bool is_line(AlertFact const& fact) {
    return fact.kind == "ont" || fact.kind == "parent";
}

/// Lines it stands for, itself included if it is one.
std::int64_t weight_of(AlertFact const& fact) {
    if (!is_line(fact)) return 0;
    return std::max<std::int64_t>(fact.closed_at ? fact.outages : fact.ongoing, 1);
}

using Facts = std::vector<AlertFact const*>;

/// Those that most lines hang on come first.
void sort_by_weight(Facts& facts) {
    std::ranges::stable_sort(facts, std::greater{}, [](AlertFact const* fact) { return weight_of(*fact); });
}

class Writer {
public:
    Writer(DigestRules const& rules, ShowTime const& show) : m_rules(rules), m_show(show) {}

    [[nodiscard]] DigestMessage of_one(AlertFact const& fact) const {
        DigestMessage message;
        message.type = fact.closed_at ? "success" : is_line(fact) ? "error" : "warning";
        message.cause = fact.kind == "monitor" ? fact.kind : fmt::format("{}:{}", fact.kind, fact.id);
        message.title = text_of(fact);
        add_facts(message, fact);
        return message;
    }

    [[nodiscard]] DigestMessage of_many(Facts facts) const {
        sort_by_weight(facts);
        DigestMessage message;
        message.cause = "digest";
        std::int64_t down = 0, back = 0;
        for (auto const* fact : facts) {
            (fact->closed_at ? back : down) += weight_of(*fact);
            add_facts(message, *fact);
            if (message.lines.size() < m_rules.most_lines) message.lines.push_back(text_of(*fact));
        }
        if (facts.size() > message.lines.size())
            message.lines.push_back(fmt::format("and {} more", facts.size() - message.lines.size()));
        message.type = message.begun.empty() ? "success" : down > 0 ? "error" : "warning";
        message.title = title_of(down, back, facts.size(), message.started_at);
        return message;
    }

private:
    [[nodiscard]] std::string text_of(AlertFact const& fact) const {
        return fact.closed_at ? end_of(fact, m_show) : beginning_of(fact, m_show);
    }

    static void add_facts(DigestMessage& message, AlertFact const& fact) {
        bool const is_first = message.begun.empty() && message.ended.empty();
        message.started_at = is_first ? fact.started_at : std::min(message.started_at, fact.started_at);
        (fact.closed_at ? message.ended : message.begun).push_back(fact.id);
        if (fact.closed_at) message.ended_at = std::max(message.ended_at.value_or(*fact.closed_at), *fact.closed_at);
        message.count += weight_of(fact);
    }

    [[nodiscard]] std::string title_of(std::int64_t down, std::int64_t back, std::size_t causes, Timestamp since) const {
        auto const number = counted(causes, "cause", "causes");
        if (down > 0 && back > 0) return fmt::format("{} down, {} back ({})", lines_down(down), back, number);
        if (down > 0) return fmt::format("{} down since {} ({})", lines_down(down), m_show(since), number);
        if (back > 0) return fmt::format("{} back ({})", lines_down(back), number);
        return counted(causes, "notice of the monitor", "notices of the monitor");
    }

    DigestRules const& m_rules;
    ShowTime const& m_show;
};

/// One that was opened ahead of us was so before the clock was set back: how long it lasts is not known, but long enough.
bool has_begun(AlertFact const& fact, Timestamp now, DigestRules const& rules) {
    constexpr std::chrono::minutes k_small_correction{1};
    bool const is_due = fact.opened_at + rules.after <= now || fact.opened_at > now + k_small_correction;
    return !fact.closed_at && !fact.is_told && !fact.is_acknowledged && is_due;
}

}  // namespace

std::vector<DigestMessage> digest(std::vector<AlertFact> const& facts, Timestamp now, DigestRules const& rules, int recent,
                                  ShowTime const& show) {
    auto const room = rules.most_messages - recent;
    if (rules.is_quiet || room <= 0) return {};
    Facts begun, ended;
    for (auto const& fact : facts) {
        if (has_begun(fact, now, rules)) begun.push_back(&fact);
        if (fact.closed_at && fact.is_told) ended.push_back(&fact);
    }
    Writer const writer{rules, show};
    std::vector<DigestMessage> messages;
    auto const write_each = [&](Facts const& list) {
        for (auto const* fact : list)
            messages.push_back(writer.of_one(*fact));
    };
    // One is always left for what comes next, so that a long storm is told of in few messages, not late.
    auto const spare = static_cast<std::size_t>(std::max(room - 1, 1));
    if (begun.size() + ended.size() <= spare) {
        write_each(begun);
        write_each(ended);
        return messages;
    }
    if (room >= 2 && !begun.empty() && !ended.empty()) {
        for (auto const& list : {begun, ended})
            messages.push_back(list.size() == 1 ? writer.of_one(*list.front()) : writer.of_many(list));
        return messages;
    }
    auto all = begun;
    all.insert(all.end(), ended.begin(), ended.end());
    messages.push_back(writer.of_many(all));
    return messages;
}

std::optional<Timestamp> next_due(std::vector<AlertFact> const& facts, DigestRules const& rules) {
    std::optional<Timestamp> due;
    for (auto const& fact : facts) {
        if (fact.closed_at || fact.is_told || fact.is_acknowledged) continue;
        auto const at = fact.opened_at + rules.after;
        due = due ? std::min(*due, at) : at;
    }
    return due;
}

}  // namespace bioctl::notify
