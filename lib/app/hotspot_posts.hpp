#pragma once
// How many hotspot users there were, as the old monitor told it: a row of numbers, and lists of who was there. Its poller posted
// both; what our own poller has counted is told in the same way.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/app/moment.hpp"
#include "lib/store/hotspot.hpp"

namespace bioctl::app {

/// What they are stored under, as if they were hotspot servers of the router store::Routers::k_of_posts.
inline constexpr std::string_view k_posted_numbers = "record-history", k_posted_lists = "log-active-users";

/// Stores a number of users. `json` is what was posted, which user_numbers() tells again: whatever it was.
Timestamp post_user_number(store::Store& store, Timestamp now, std::int64_t users, std::string_view json);

/// As the router writes it, "" for what is not there.
struct PostedUser {
    std::string ip{}, mac{}, uptime{}, bytes_in{}, bytes_out{};
};
/// Stores a list of `number` users with the sessions that follow from it. `json` is the list as it was posted, which user_log()
/// tells again; `users` are those of its entries that can be read.
Timestamp post_user_list(store::Store& store, Timestamp now, std::vector<PostedUser> const& users, std::int64_t number,
                         std::string_view json);

struct UserNumber {
    Timestamp at{};
    std::int64_t users = 0;
    std::string json{};  ///< as it was posted; "" if it was counted by ourselves, or is forgotten
    bool is_posted = false;
};
/// The newest 100, by time.
[[nodiscard]] std::vector<UserNumber> user_numbers(store::Store& store);

struct UserThere {
    std::string ip{}, mac{};
    std::int64_t uptime_s = 0;                 ///< at that moment
    std::int64_t bytes_in = 0, bytes_out = 0;  ///< of the whole session, as far as it is known today
};
struct UserList {
    Timestamp at{};
    std::string json{};  ///< as it was posted; "": see `users`
    std::vector<UserThere> users{};
};
struct UserLog {
    std::vector<UserNumber> numbers{};  ///< how many were on each list, the newest 2000 lists, by time; without their JSON
    std::vector<UserList> newest{};     ///< the newest 100 of them, by time
    std::int64_t devices = 0;           ///< different hardware addresses on all of them
};
[[nodiscard]] UserLog user_log(store::Store& store);

struct UserDay {
    std::string date{};                              ///< "2026-11-21", local
    std::int64_t average = 0, peak = 0, trough = 0;  ///< average: rounded half to even
};
struct UserSummary {
    std::vector<UserDay> days{};  ///< by date
    double average = 0;
    std::int64_t peak = 0, trough = 0;
};
/// `numbers` by time, not empty.
[[nodiscard]] UserSummary summarize(std::vector<UserNumber> const& numbers, Zone const& zone);

}  // namespace bioctl::app
