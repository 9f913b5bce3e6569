#include "lib/app/retention.hpp"

#include <algorithm>
#include <array>
#include <thread>

#include <fmt/format.h>

#include "lib/app/event_prune.hpp"
#include "lib/app/media_sweep.hpp"
#include "lib/app/moment.hpp"
#include "lib/app/people_media.hpp"
#include "lib/base/text.hpp"
#include "lib/store/erasure.hpp"

namespace bioctl::app {

namespace {

using std::chrono::hours;
using std::chrono::seconds;
using store::Kept;

constexpr int k_at_once = 500;
// As in event_prune.cpp.
constexpr std::chrono::milliseconds k_pause{5};
constexpr seconds k_least = hours{1};
constexpr seconds k_most = hours{24 * 36'525};

std::string kind_names() {
    std::string names;
    for (auto const kind : store::k_all_kept)
        names += fmt::format("{}{}", names.empty() ? "" : ", ", store::name_of(kind));
    return names;
}

class StorePruner {
public:
    StorePruner(store::Store& store, fs::path const& media_dir, Mode mode, std::function<bool()> const& should_stop)
        : m_store(store), m_media_dir(media_dir), m_mode(mode), m_should_stop(should_stop) {}

    KindPruned run(Kept kind, Timestamp before) {
        KindPruned pruned{.kind = kind, .before = before};
        if (kind == Kept::portraits) {
            prune_portraits(pruned);
        } else if (store::Retention::is_rows(kind) && kind != Kept::events) {
            prune_rows(pruned);
        } else {
            prune_of_events(pruned);
        }
        return pruned;
    }

private:
    void prune_of_events(KindPruned& pruned) {
        PruneRules rules;
        if (pruned.kind == Kept::unknown) rules.unknown_before = pruned.before;
        if (pruned.kind == Kept::pictures) rules.pictures_before = pruned.before;
        if (pruned.kind == Kept::events) rules.events_before = pruned.before;
        auto const done = prune_events(m_store, m_media_dir, rules, m_mode);
        pruned.rows = pruned.kind == Kept::events ? done.events : done.pictures;
        pruned.bytes = done.bytes;
        if (pruned.kind == Kept::unknown) return;
        m_store.read([&] { pruned.waiting = m_store.retention().waiting(pruned.before, pruned.kind == Kept::pictures); });
    }

    void prune_rows(KindPruned& pruned) {
        if (m_mode == Mode::dry_run) {
            m_store.read([&] { pruned.rows = m_store.retention().prunable(pruned.kind, pruned.before); });
            return;
        }
        for (std::int64_t gone = 1; gone > 0 && !m_should_stop();) {
            m_store.write([&] { gone = m_store.retention().prune(pruned.kind, pruned.before, k_at_once); });
            pruned.rows += gone;
            std::this_thread::sleep_for(k_pause);
        }
    }

    void prune_portraits(KindPruned& pruned) {
        for (std::string after; !m_should_stop();) {
            std::vector<std::string> batch;
            m_store.read([&] { batch = m_store.retention().portraits_before(pruned.before, after, k_at_once); });
            if (batch.empty()) return;
            after = batch.back();
            for (auto const& path : batch) {
                std::error_code error;
                auto const bytes = fs::file_size(m_media_dir / path, error);
                pruned.bytes += error ? 0 : bytes;
            }
            pruned.rows += static_cast<std::int64_t>(batch.size());
            if (m_mode == Mode::dry_run) continue;
            m_store.write([&] {
                m_store.erasure().raise_unfinished(store::Unfinished::files);
                for (auto const& path : batch)
                    m_store.retention().forget_portrait(path);
            });
            remove_unused_crops(m_store, m_media_dir, batch);
            std::this_thread::sleep_for(k_pause);
        }
    }

    store::Store& m_store;
    fs::path const& m_media_dir;
    Mode m_mode;
    std::function<bool()> const& m_should_stop;
};

}  // namespace

std::string_view meaning_of(Kept kind) {
    switch (kind) {
        case Kept::unknown: return "pictures of events in which nobody was recognised";
        case Kept::pictures: return "pictures of events";
        case Kept::portraits: return "portraits beside templates; the templates stay";
        case Kept::deliveries: return "deliveries that were sent, skipped or dropped";
        case Kept::events: return "events, with their pictures";
        case Kept::transitions: return "when terminals went off and came back";
        case Kept::notifications: return "the list of notifications";
        case Kept::outages: return "outages that have ended";
        case Kept::pings: return "rounds and history of ONTs";
        case Kept::hotspot: return "counts and sessions of hotspot users";
    }
    throw Error{Kind::bug, "a Kept without a meaning"};
}

Result<RuleWish> parse_rule(std::string_view text) {
    auto const equals = text.find('=');
    auto const name = text.substr(0, equals);
    if (name == "audit") {
        return failure(Kind::usage,
                       "the audit log is never pruned: each of its rows proves the ones before, and it names people by"
                       " digest only");
    }
    auto const kind = store::kept_from(name);
    if (!kind) return failure(Kind::usage, fmt::format("'{}' is no kind of data; there are {}", printable(name), kind_names()));
    if (equals == std::string_view::npos)
        return failure(Kind::usage, fmt::format("'{0}' needs an age: {0}=365d, or {0}=off to keep it for ever", name));
    auto const value = text.substr(equals + 1);
    if (value == "off") return RuleWish{*kind, std::nullopt};
    auto const age = parse_span(value);
    if (!age || *age < k_least || *age > k_most) {
        return failure(Kind::usage, fmt::format("'{}' is no age for {}; write 8h, 90d or 52w, from an hour to 100 years, or off",
                                                printable(value), name));
    }
    return RuleWish{*kind, *age};
}

std::string rule_text(seconds age) {
    constexpr std::array k_units{std::pair{std::int64_t{86'400}, 'd'}, std::pair{std::int64_t{3600}, 'h'},
                                 std::pair{std::int64_t{60}, 'm'}};
    for (auto const& [unit, letter] : k_units) {
        if (age.count() % unit == 0) return fmt::format("{}{}", age.count() / unit, letter);
    }
    return fmt::format("{}s", age.count());
}

void set_rules(store::Store& store, std::vector<RuleWish> const& wishes) {
    store.write([&] {
        auto retention = store.retention();
        for (auto const& wish : wishes)
            retention.set_rule(wish.kind, wish.age);
        auto const rules = retention.rules();
        auto const age = [&](Kept kind) {
            auto const rule = std::ranges::find(rules, kind, &store::KeptRule::kind);
            return rule == rules.end() ? std::optional<seconds>{} : std::optional{rule->age};
        };
        auto const events = age(Kept::events);
        for (auto const kind : {Kept::pictures, Kept::unknown}) {
            auto const pictures = age(kind);
            if (!events || !pictures || *pictures <= *events) continue;
            throw Error{Kind::usage,
                        fmt::format("{}={} would outlast events={}, and pictures go with their events; shorten it, or"
                                    " keep events longer",
                                    store::name_of(kind), rule_text(*pictures), rule_text(*events))};
        }
    });
}

StorePruned prune_store(store::Store& store, fs::path const& media_dir, Timestamp now, Mode mode,
                        std::function<bool()> const& should_stop) {
    StorePruned pruned;
    if (mode == Mode::write) pruned.had_leftovers = finish_files(store, media_dir);
    std::vector<store::KeptRule> rules;
    store.read([&] { rules = store.retention().rules(); });
    StorePruner pruner{store, media_dir, mode, should_stop};
    for (auto const& rule : rules) {
        if (should_stop()) {
            pruned.is_stopped = true;
            return pruned;
        }
        pruned.kinds.push_back(pruner.run(rule.kind, now - rule.age));
    }
    pruned.is_stopped = should_stop();
    if (mode == Mode::dry_run || pruned.is_stopped) return pruned;
    // Portraits note that files are left; all are gone by now.
    finish_files(store, media_dir);
    return pruned;
}

}  // namespace bioctl::app
