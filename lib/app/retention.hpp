#pragma once
// The one place that knows for how long everything is kept: the rules in the store, applied by `store prune`. Beside it only
// fixed limits remain (hotspot_retention.hpp, ping_history.hpp), which a rule can shorten but not lengthen.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/app/workspace.hpp"
#include "lib/store/retention.hpp"

namespace bioctl::app {

/// What a kind is and what is deleted of it, for people.
[[nodiscard]] std::string_view meaning_of(store::Kept kind);

/// "events=365d", "unknown=8h", "pings=off" (for ever): a kind and the least age at which it goes, 1 h to 100 years, as
/// parse_span() reads it. Kind::usage otherwise, also for the audit log, which is never pruned.
struct RuleWish {
    store::Kept kind{};
    std::optional<std::chrono::seconds> age{};  ///< none: for ever
};
[[nodiscard]] Result<RuleWish> parse_rule(std::string_view text);

/// "365d", "8h", "90s": the largest unit that divides it.
[[nodiscard]] std::string rule_text(std::chrono::seconds age);

/// Sets them all or, if one contradicts the rest, none: events are not kept shorter than their own pictures ("pictures=400d
/// events=365d" is Error{usage}, for pictures go with their events).
void set_rules(store::Store& store, std::vector<RuleWish> const& wishes);

struct KindPruned {
    store::Kept kind{};
    Timestamp before{};
    std::int64_t rows = 0;     ///< deleted; of pictures and portraits: rows that lost theirs
    std::uint64_t bytes = 0;   ///< of pictures and portraits
    std::int64_t waiting = 0;  ///< old enough, but a delivery waits for them: they stay
};

struct StorePruned {
    std::vector<KindPruned> kinds;
    bool is_stopped = false;     ///< should_stop() said so; the next run goes on
    bool had_leftovers = false;  ///< a killed run had left files, which are deleted now
};

/// Applies the rules. A page of rows in each transaction and a pause in between, so that a sync beside it gets its turn; killed
/// at any moment, the next run goes on. What a delivery still waits for stays, as does what the next sync would read again. A dry
/// run counts each kind as if the others were not there.
StorePruned prune_store(
    store::Store& store, fs::path const& media_dir, Timestamp now, Mode mode,
    std::function<bool()> const& should_stop = [] { return false; });

}  // namespace bioctl::app
