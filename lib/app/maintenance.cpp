#include "lib/app/maintenance.hpp"

#include <algorithm>
#include <charconv>
#include <map>

#include <date/tz.h>
#include <fmt/format.h>

#include "lib/app/onts.hpp"
#include "lib/base/text.hpp"

namespace bioctl::app {

namespace {

using std::chrono::days;
using std::chrono::seconds;

constexpr std::int64_t k_minute = 60, k_hour = 3600, k_day = 86'400;
constexpr std::int64_t k_shortest = k_minute, k_longest = 366 * k_day;
constexpr days k_longest_range{200 * 365};
// Where local and UTC days may differ; zones are at most 15 h off.
constexpr days k_zone_slack{1};

/// The digits at these places of a text, or nothing.
std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
    int number = 0;
    for (char const c : text.substr(at, count)) {
        if (c < '0' || c > '9') return std::nullopt;
        number = number * 10 + (c - '0');
    }
    return number;
}

/// "2026-12-01"
std::optional<date::local_days> day_from(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    auto const year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
    if (!year || !month || !day) return std::nullopt;
    date::year_month_day const date{date::year{*year}, date::month{static_cast<unsigned>(*month)},
                                    date::day{static_cast<unsigned>(*day)}};
    if (!date.ok()) return std::nullopt;
    return date::local_days{date};
}

/// "2026-12-01T22:00", or with a blank for the T
std::optional<date::local_seconds> wall_time_from(std::string_view text) {
    if (text.size() != 16 || (text[10] != 'T' && text[10] != ' ') || text[13] != ':') return std::nullopt;
    auto const day = day_from(text.substr(0, 10));
    auto const hour = digits(text, 11, 2), minute = digits(text, 14, 2);
    if (!day || !hour || !minute || *hour > 23 || *minute > 59) return std::nullopt;
    return *day + std::chrono::hours{*hour} + std::chrono::minutes{*minute};
}

date::time_zone const& zone_of(std::string const& name) {
    try {
        return *date::locate_zone(name);
    } catch (std::exception const&) {
        throw Error{Kind::config,
                    fmt::format("the system knows no time zone '{}'; names are like Asia/Jakarta", printable(name))};
    }
}

/// A window as numbers.
struct Schedule {
    date::time_zone const* zone;
    date::local_seconds first;
    std::optional<date::local_days> last_day;
    days step{0};  // 0: once
    seconds duration;

    explicit Schedule(store::MaintenanceConfig const& window) : zone(&zone_of(window.zone)), duration(window.duration_s) {
        auto const start = wall_time_from(window.starts);
        if (!start)
            throw Error{Kind::data,
                        fmt::format("'{}' in the store is no start of a maintenance window", printable(window.starts))};
        first = *start;
        if (!window.until.empty()) last_day = day_from(window.until);
        step = days{window.repeats == "daily" ? 1 : window.repeats == "weekly" ? 7 : 0};
    }

    /// With the offset that held before a change of the clocks: so a time in the gap moves forward by it, and of two the first is
    /// meant.
    [[nodiscard]] date::sys_seconds begin(std::int64_t turn) const {
        auto const local = first + step * turn;
        return date::sys_seconds{local.time_since_epoch() - zone->get_info(local).first.offset};
    }

    [[nodiscard]] bool has(std::int64_t turn) const {
        if (turn < 0 || (turn > 0 && step.count() == 0)) return false;
        return !last_day || std::chrono::floor<days>(first + step * turn) <= *last_day;
    }

    /// No turn before it reaches `from`.
    [[nodiscard]] std::int64_t first_turn_near(Timestamp from) const {
        if (step.count() == 0) return 0;
        auto const reach = std::chrono::floor<seconds>(from) - duration - k_zone_slack;
        auto const elapsed = reach.time_since_epoch() - first.time_since_epoch();
        auto const turns = elapsed.count() / std::chrono::duration_cast<seconds>(step).count();
        return std::max<std::int64_t>(0, turns - 1);
    }
};

/// Far enough from the ends of the clock that days can be added; nobody plans beyond.
Timestamp within_reason(Timestamp time) {
    constexpr Timestamp k_first = date::sys_days{date::year{1900} / 1 / 1}, k_last = date::sys_days{date::year{3000} / 1 / 1};
    return std::clamp(time, k_first, k_last);
}

bool is_same_text(std::string_view a, std::string_view b) {
    return to_lower_ascii(trim(a)) == to_lower_ascii(trim(b));
}

}  // namespace

std::vector<Interval> intervals_of(store::MaintenanceConfig const& window, Timestamp from, Timestamp to) {
    Schedule const schedule{window};
    from = within_reason(from);
    to = std::min(within_reason(to), from + std::chrono::duration_cast<std::chrono::milliseconds>(k_longest_range));
    std::vector<Interval> intervals;
    for (auto turn = schedule.first_turn_near(from); schedule.has(turn); ++turn) {
        Timestamp const begin = schedule.begin(turn);
        if (begin >= to) break;
        auto const since = std::max(begin, from);
        auto const until = std::min<Timestamp>(begin + schedule.duration, to);
        if (since >= until) continue;
        if (!intervals.empty() && since <= intervals.back().until) {
            intervals.back().until = std::max(intervals.back().until, until);
        } else {
            intervals.push_back({since, until});
        }
    }
    return intervals;
}

bool is_active(store::MaintenanceConfig const& window, Timestamp at) {
    at = within_reason(at);
    return !intervals_of(window, at, at + std::chrono::milliseconds{1}).empty();
}

std::optional<Timestamp> next_start(store::MaintenanceConfig const& window, Timestamp from) {
    Schedule const schedule{window};
    from = within_reason(from);
    for (auto turn = schedule.first_turn_near(from); schedule.has(turn); ++turn) {
        if (schedule.begin(turn) >= from) return schedule.begin(turn);
    }
    return std::nullopt;
}

std::vector<MaintenanceSubject> subjects_of(std::span<store::Ont const> onts) {
    std::map<std::int64_t, std::int64_t> parents;
    for (auto const& ont : onts) {
        if (ont.config.parent) parents.emplace(ont.id, *ont.config.parent);
    }
    std::vector<MaintenanceSubject> subjects;
    for (auto const& ont : onts) {
        auto& subject =
            subjects.emplace_back(MaintenanceSubject{.id = ont.id, .location = ont.config.location, .tags = ont.config.tags});
        // A circle cannot be stored; if one was, it would end here.
        for (auto above = parents.find(ont.id); above != parents.end(); above = parents.find(above->second)) {
            if (std::ranges::find(subject.parents, above->second) != subject.parents.end()) break;
            subject.parents.push_back(above->second);
        }
    }
    return subjects;
}

bool covers(store::MaintenanceConfig const& window, MaintenanceSubject const& subject) {
    auto const is = [&](std::int64_t id) { return fmt::format("{}", id) == window.scope_value; };
    if (window.scope == "all") return true;
    if (window.scope == "ont") return is(subject.id);
    if (window.scope == "parent") return is(subject.id) || std::ranges::any_of(subject.parents, is);
    if (window.scope == "location") return is_same_text(subject.location, window.scope_value);
    return window.scope == "group" &&
           std::ranges::any_of(subject.tags, [&](auto const& tag) { return is_same_text(tag, window.scope_value); });
}

bool is_in_maintenance(std::span<store::Maintenance const> windows, MaintenanceSubject const& subject, Timestamp at) {
    return std::ranges::any_of(windows, [&](store::Maintenance const& window) {
        return covers(window.config, subject) && is_active(window.config, at);
    });
}

Result<std::int64_t> parse_duration(std::string_view text) {
    auto const wrong = [&] {
        return failure(Kind::usage, fmt::format("'{}' is no duration; write 4h, 90m, 1h30m or 2d", printable(text)));
    };
    std::int64_t total = 0;
    auto rest = text;
    if (rest.empty()) return wrong();
    while (!rest.empty()) {
        std::int64_t count = 0;
        auto const [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), count);
        if (error != std::errc{} || count < 0 || count > k_longest || end == rest.data() + rest.size()) return wrong();
        auto const unit = *end == 's' ? 1 : *end == 'm' ? k_minute : *end == 'h' ? k_hour : *end == 'd' ? k_day : 0;
        if (unit == 0) return wrong();
        total += count * unit;
        if (total > k_longest) return failure(Kind::usage, fmt::format("'{}' is longer than 366 days", printable(text)));
        rest.remove_prefix(static_cast<std::size_t>(end - rest.data()) + 1);
    }
    return total;
}

std::string to_duration(std::int64_t total) {
    std::string text;
    for (auto const& [unit, letter] : {std::pair{k_day, 'd'}, {k_hour, 'h'}, {k_minute, 'm'}, {std::int64_t{1}, 's'}}) {
        if (total / unit > 0) text += fmt::format("{}{}", total / unit, letter);
        total %= unit;
    }
    return text.empty() ? "0s" : text;
}

namespace {

void check_scope(store::Store& store, MaintenanceWish const& wish, store::MaintenanceConfig& config) {
    config.scope = wish.scope;
    auto const value = trim(wish.value);
    if (wish.scope == "all") {
        if (!value.empty()) throw Error{Kind::usage, fmt::format("'{}' is one too many: all ONTs are meant", printable(value))};
    } else if (wish.scope == "ont" || wish.scope == "parent") {
        if (value.empty()) throw Error{Kind::usage, fmt::format("say which {}: its id, customer id or name", wish.scope)};
        config.scope_value = fmt::format("{}", require_ont(store, value).id);
    } else if (wish.scope == "location" || wish.scope == "group") {
        if (value.empty() || value.size() > 512 || !is_utf8(value) || printable(value).find("\\x") != std::string::npos)
            throw Error{Kind::usage, fmt::format("say which {}, as the ONTs have it", wish.scope)};
        config.scope_value = value;
    } else {
        throw Error{Kind::usage, fmt::format("'{}' must be all, ont, parent, location or group", printable(wish.scope))};
    }
}

void check_times(MaintenanceWish const& wish, store::MaintenanceConfig& config) {
    auto const start = wall_time_from(wish.start);
    if (!start) throw Error{Kind::usage, fmt::format("start '{}' is no wall time like 2026-12-01T22:00", printable(wish.start))};
    auto const year = int{date::year_month_day{std::chrono::floor<days>(*start)}.year()};
    if (year < 2000 || year > 2999) throw Error{Kind::usage, fmt::format("start '{}' is in another age", printable(wish.start))};
    config.starts = date::format("%Y-%m-%dT%H:%M", *start);
    config.duration_s = parse_duration(wish.duration).or_throw();
    if (config.duration_s < k_shortest) throw Error{Kind::usage, "a window lasts a minute or more"};
    if (wish.repeat != "once" && wish.repeat != "daily" && wish.repeat != "weekly")
        throw Error{Kind::usage, fmt::format("repeat '{}' must be once, daily or weekly", printable(wish.repeat))};
    config.repeats = wish.repeat;
    auto const period = wish.repeat == "daily" ? k_day : wish.repeat == "weekly" ? 7 * k_day : k_longest;
    if (config.duration_s > period)
        throw Error{Kind::usage, fmt::format("a {} window cannot last {}: the next would begin before it ends", wish.repeat,
                                             to_duration(config.duration_s))};
    if (wish.until.empty()) return;
    if (wish.repeat == "once") throw Error{Kind::usage, "--until is for windows that repeat: --repeat daily or weekly"};
    auto const until = day_from(wish.until);
    if (!until) throw Error{Kind::usage, fmt::format("until '{}' is no day like 2026-12-31", printable(wish.until))};
    if (*until < std::chrono::floor<days>(*start))
        throw Error{Kind::usage, fmt::format("until {} is before the start", printable(wish.until))};
    config.until = date::format("%Y-%m-%d", *until);
}

}  // namespace

store::Maintenance add_maintenance(store::Store& store, Clock const& clock, MaintenanceWish const& wish, Mode mode) {
    store::Maintenance window;
    check_times(wish, window.config);
    static_cast<void>(zone_of(wish.zone));
    window.config.zone = wish.zone;
    auto const reason = trim(wish.reason);
    if (reason.size() > 512 || !is_utf8(reason)) throw Error{Kind::usage, "the reason has at most 512 bytes of UTF-8"};
    window.config.reason = reason;
    auto const work = [&] {
        check_scope(store, wish, window.config);
        if (mode == Mode::dry_run) return;
        auto windows = store.maintenance();
        window = windows.get(windows.add(window.config, clock.now())).value();
    };
    if (mode == Mode::dry_run) {
        store.read(work);
    } else {
        store.write(work);
    }
    return window;
}

std::vector<store::Maintenance> remove_maintenance(store::Store& store, Clock const& clock,
                                                   std::vector<std::int64_t> const& ids) {
    std::vector<store::Maintenance> removed;
    store.write([&] {
        auto windows = store.maintenance();
        for (auto const id : ids) {
            bool const is_done = std::ranges::any_of(removed, [&](store::Maintenance const& window) { return window.id == id; });
            if (is_done) continue;
            auto window = windows.get(id);
            if (!window)
                throw Error{Kind::no_input,
                            fmt::format("there is no maintenance window {}; `bioctl maintenance list` shows all", id)};
            windows.remove(id, clock.now());
            removed.push_back(*std::move(window));
        }
    });
    return removed;
}

}  // namespace bioctl::app
