#include "lib/app/hotspot_posts.hpp"

#include <algorithm>

#include "lib/app/hotspot.hpp"
#include "lib/app/hotspot_tally.hpp"
#include "lib/store/routers.hpp"

namespace bioctl::app {

namespace {

constexpr std::int64_t k_told_numbers = 100, k_told_lists = 100, k_counted_lists = 2000;
constexpr std::int64_t k_kept_bytes = 32 * 1024 * 1024;  // of what was posted

Timestamp keep(store::Store& store, store::HotspotPost const& post) {
    auto const at = store.hotspot().add_post(post);
    store.hotspot().trim_posts(post.count.router, post.count.server, std::max(k_told_numbers, k_told_lists), k_kept_bytes);
    return at;
}

ActiveUser user_of(PostedUser const& posted) {
    ont::RouterReply row;
    row.attributes = {{"server", std::string{k_posted_lists}},
                      {"address", posted.ip},
                      {"mac-address", posted.mac},
                      {"uptime", posted.uptime},
                      {"bytes-in", posted.bytes_in},
                      {"bytes-out", posted.bytes_out}};
    return active_user_from(row);
}

/// What was counted by ourselves: the newest `most` moments, by time.
std::vector<UserNumber> own_numbers(store::Store& store, std::optional<std::int64_t> posting, std::int64_t most) {
    std::vector<UserNumber> numbers;
    auto const begin = store.hotspot().begin_of_newest(most, posting);
    if (!begin) return numbers;
    HotspotTally tally{[&](Timestamp at, std::int64_t users) {
        if (at >= *begin) numbers.push_back({.at = at, .users = users});
    }};
    store::HotspotFilter filter;
    filter.since = *begin - HotspotTally::k_longest_carry;
    store.hotspot().each_count(filter, [&](store::HotspotCount const& count) {
        if (count.router != posting) tally.add(count);
        return true;
    });
    tally.finish();
    return numbers;
}

/// Posted and own together: the newest `most`, by time.
std::vector<UserNumber> newest_numbers(store::Store& store, std::string_view posted_as, std::int64_t most) {
    auto const posting = store.routers().of_posts();
    auto numbers = own_numbers(store, posting, most);
    if (posting) {
        for (auto& post : store.hotspot().posts(*posting, posted_as, most))
            numbers.push_back({.at = post.count.at, .users = post.count.users, .json = std::move(post.json), .is_posted = true});
    }
    std::ranges::stable_sort(numbers, {}, &UserNumber::at);
    auto const surplus = std::max<std::ptrdiff_t>(0, std::ssize(numbers) - most);
    numbers.erase(numbers.begin(), numbers.begin() + surplus);
    return numbers;
}

bool was_there(store::HotspotSession const& session, Timestamp at) {
    return session.started_at <= at && session.last_seen >= at;
}

/// Who was there at the moments whose lists nobody has posted, from the sessions.
void fill_lists(store::Store& store, std::vector<UserList>& lists, std::vector<bool> const& is_posted) {
    auto const first = std::ranges::find_if(lists, [](UserList const& list) { return list.json.empty(); });
    if (first == lists.end()) return;
    auto const posting = store.routers().of_posts();
    store::HotspotFilter filter;
    filter.since = first->at;
    store.hotspot().each_session(filter, [&](store::HotspotSession const& session) {
        for (std::size_t i = 0; i < lists.size(); ++i) {
            auto& list = lists[i];
            bool const is_of_list = is_posted[i] == (session.router == posting);
            if (!list.json.empty() || !is_of_list || !was_there(session, list.at)) continue;
            auto const uptime = std::chrono::duration_cast<std::chrono::seconds>(list.at - session.started_at);
            list.users.push_back({session.ip, session.mac, uptime.count(), session.bytes_in, session.bytes_out});
        }
        return true;
    });
}

/// Python's round(): a half goes to the even neighbour.
std::int64_t rounded_average(std::int64_t sum, std::int64_t number) {
    auto const whole = sum / number, twice = 2 * (sum % number);
    bool const is_up = twice > number || (twice == number && whole % 2 != 0);
    return is_up ? whole + 1 : whole;
}

}  // namespace

Timestamp post_user_number(store::Store& store, Timestamp now, std::int64_t users, std::string_view json) {
    Timestamp at{};
    store.write([&] {
        auto const router = store.routers().make_of_posts(now);
        at = keep(store, {.count = {router, std::string{k_posted_numbers}, now, users}, .json = std::string{json}});
    });
    return at;
}

Timestamp post_user_list(store::Store& store, Timestamp now, std::vector<PostedUser> const& users, std::int64_t number,
                         std::string_view json) {
    HotspotSnapshot snapshot;
    for (auto const& user : users)
        snapshot.users.push_back(user_of(user));
    Timestamp at{};
    store.write([&] {
        auto const router = store.routers().make_of_posts(now);
        store::HotspotPost const post{.count = {router, std::string{k_posted_lists}, now, number}, .json = std::string{json}};
        at = keep(store, post);
        snapshot.servers = {post.count.server};
        store_snapshot(store, router, snapshot, at);
        // Entries that cannot be read were users nevertheless.
        store.hotspot().set_count({router, post.count.server, at, number});
    });
    return at;
}

std::vector<UserNumber> user_numbers(store::Store& store) {
    std::vector<UserNumber> numbers;
    store.read([&] { numbers = newest_numbers(store, k_posted_numbers, k_told_numbers); });
    return numbers;
}

UserLog user_log(store::Store& store) {
    UserLog log;
    store.read([&] {
        log.numbers = newest_numbers(store, k_posted_lists, k_counted_lists);
        if (log.numbers.empty()) return;
        auto const told = std::min<std::size_t>(log.numbers.size(), static_cast<std::size_t>(k_told_lists));
        std::vector<bool> is_posted;
        for (auto i = log.numbers.size() - told; i < log.numbers.size(); ++i) {
            log.newest.push_back({.at = log.numbers[i].at, .json = std::move(log.numbers[i].json)});
            is_posted.push_back(log.numbers[i].is_posted);
        }
        fill_lists(store, log.newest, is_posted);
        log.devices = store.hotspot().devices({.since = log.numbers.front().at});
    });
    return log;
}

UserSummary summarize(std::vector<UserNumber> const& numbers, Zone const& zone) {
    struct Sum {
        std::int64_t users = 0, lists = 0;
    };
    UserSummary summary;
    Sum all, day;
    auto const add = [](Sum& sum, UserNumber const& number) {
        sum.users += number.users;
        ++sum.lists;
    };
    summary.peak = summary.trough = numbers.front().users;
    for (auto const& number : numbers) {
        constexpr std::size_t k_length_of_date = 10;
        auto date = zone.show(number.at).substr(0, k_length_of_date);
        if (summary.days.empty() || summary.days.back().date != date) {
            summary.days.push_back({.date = std::move(date), .peak = number.users, .trough = number.users});
            day = {};
        }
        add(day, number);
        add(all, number);
        auto& of_day = summary.days.back();
        of_day.average = rounded_average(day.users, day.lists);
        of_day.peak = std::max(of_day.peak, number.users);
        of_day.trough = std::min(of_day.trough, number.users);
        summary.peak = std::max(summary.peak, number.users);
        summary.trough = std::min(summary.trough, number.users);
    }
    summary.average = static_cast<double>(all.users) / static_cast<double>(all.lists);
    return summary;
}

}  // namespace bioctl::app
