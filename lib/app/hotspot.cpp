#include "lib/app/hotspot.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <unordered_map>

#include <fmt/format.h>

namespace bioctl::app {

namespace {

// A petabyte: keeps sums of what a hostile router claims far from overflow.
constexpr std::int64_t k_most_bytes = 1'000'000'000'000'000;
constexpr std::size_t k_longest_text = 256;
constexpr std::size_t k_most_servers = 1000;

std::string text_of(ont::RouterReply const& row, std::string_view name) {
    return ont::router_text(row.get(name), k_longest_text);
}

std::int64_t bytes_of(std::string_view text) {
    std::int64_t value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc::result_out_of_range) return k_most_bytes;
    if (error != std::errc{} || end != text.data() + text.size()) return 0;
    return std::clamp<std::int64_t>(value, 0, k_most_bytes);
}

/// NUL comes in neither: both are texts of a router's table.
std::string key_of(std::string const& id, std::string const& mac) {
    return fmt::format("{}{}{}", id, '\0', mac);
}

Timestamp start_of(ActiveUser const& user, Timestamp now) {
    return std::max(now - std::chrono::seconds{user.uptime_s.value_or(0)}, Timestamp{});
}

bool is_same(store::HotspotSession const& session, ActiveUser const& user, Timestamp now) {
    // The uptime is whole seconds, and some time passes between the router's words and our clock.
    constexpr std::chrono::seconds k_slack{5};
    if (user.bytes_in < session.counter_in || user.bytes_out < session.counter_out) return false;
    if (!user.uptime_s) return true;
    return *user.uptime_s >= session.uptime_s && start_of(user, now) <= session.last_seen + k_slack;
}

store::HotspotSession begun(std::int64_t router, ActiveUser const& user, Timestamp now) {
    store::HotspotSession session;
    session.router = router;
    session.server = user.server;
    session.session = user.id;
    session.mac = user.mac;
    session.ip = user.ip;
    session.user = user.user;
    session.login_by = user.login_by;
    session.started_at = start_of(user, now);
    session.last_seen = now;
    session.bytes_in = session.counter_in = user.bytes_in;
    session.bytes_out = session.counter_out = user.bytes_out;
    session.uptime_s = user.uptime_s.value_or(0);
    return session;
}

void go_on(store::HotspotSession& session, ActiveUser const& user, Timestamp now) {
    session.server = user.server;
    session.ip = user.ip;
    session.user = user.user;
    session.last_seen = std::max(now, session.last_seen);
    session.bytes_in = std::min(session.bytes_in + user.bytes_in - session.counter_in, k_most_bytes);
    session.bytes_out = std::min(session.bytes_out + user.bytes_out - session.counter_out, k_most_bytes);
    session.counter_in = user.bytes_in;
    session.counter_out = user.bytes_out;
    session.uptime_s = user.uptime_s.value_or(session.uptime_s);
}

void store_counts(store::Store& store, std::int64_t router, HotspotSnapshot const& snapshot, Timestamp now) {
    std::map<std::string, std::int64_t> counts;
    for (auto const& server : snapshot.servers)
        counts[server] = 0;
    for (auto const& user : snapshot.users) {
        // More servers than there can be: somebody plays with us, and would fill the disk.
        bool const is_one_too_many = counts.size() >= k_most_servers && !counts.contains(user.server);
        ++counts[is_one_too_many ? std::string{} : user.server];
    }
    // Nobody on no server is a count as well: the router was asked.
    if (counts.empty()) counts[""] = 0;
    for (auto const& [server, users] : counts)
        store.hotspot().set_count({router, server, now, users});
}

}  // namespace

ActiveUser active_user_from(ont::RouterReply const& row) {
    ActiveUser user;
    user.id = text_of(row, ".id");
    user.server = text_of(row, "server");
    user.user = text_of(row, "user");
    user.ip = text_of(row, "address");
    user.mac = text_of(row, "mac-address");
    user.login_by = text_of(row, "login-by");
    if (user.id.empty()) user.id = user.ip;
    if (auto const uptime = ont::router_duration(row.get("uptime")))
        user.uptime_s = std::chrono::duration_cast<std::chrono::seconds>(*uptime).count();
    user.bytes_in = bytes_of(row.get("bytes-in"));
    user.bytes_out = bytes_of(row.get("bytes-out"));
    return user;
}

HotspotSnapshot read_hotspot(ont::RouterLink& link, std::chrono::steady_clock::time_point deadline) {
    HotspotSnapshot snapshot;
    link.print("/ip/hotspot", {"name", "disabled"}, deadline, [&](ont::RouterReply const& row) {
        bool const is_disabled = row.get("disabled") == "true" || row.get("disabled") == "yes";
        if (!is_disabled && snapshot.servers.size() < k_most_servers) snapshot.servers.push_back(text_of(row, "name"));
    });
    link.print("/ip/hotspot/active",
               {".id", "server", "user", "address", "mac-address", "login-by", "uptime", "bytes-in", "bytes-out"}, deadline,
               [&](ont::RouterReply const& row) { snapshot.users.push_back(active_user_from(row)); });
    return snapshot;
}

HotspotChange store_snapshot(store::Store& store, std::int64_t router, HotspotSnapshot const& snapshot, Timestamp now) {
    struct Known {
        store::HotspotSession session;
        bool is_seen = false;
    };
    auto hotspot = store.hotspot();
    std::unordered_map<std::string, Known> known;
    HotspotChange change;
    for (auto& session : hotspot.open_sessions(router)) {
        auto key = key_of(session.session, session.mac);
        known.emplace(std::move(key), Known{std::move(session)});
    }
    for (auto const& user : snapshot.users) {
        ++change.users;
        auto const key = key_of(user.id, user.mac);
        auto const found = known.find(key);
        if (found != known.end() && found->second.is_seen) continue;  // the same row twice
        if (found != known.end() && is_same(found->second.session, user, now)) {
            go_on(found->second.session, user, now);
            hotspot.update(found->second.session);
            found->second.is_seen = true;
            continue;
        }
        if (found != known.end()) {
            hotspot.end(found->second.session.id);
            ++change.left;
        }
        // Nobody told of it for a while, and it was taken for over: begun anew, its bytes would count twice.
        auto silent = found == known.end() && user.uptime_s ? hotspot.last_ended(router, user.id, user.mac) : std::nullopt;
        if (silent && is_same(*silent, user, now)) {
            go_on(*silent, user, now);
            hotspot.update(*silent);
        } else {
            hotspot.add(begun(router, user, now));
        }
        known.insert_or_assign(key, Known{{}, true});
        ++change.joined;
    }
    for (auto const& [key, entry] : known) {
        if (entry.is_seen) continue;
        hotspot.end(entry.session.id);
        ++change.left;
    }
    store_counts(store, router, snapshot, now);
    return change;
}

}  // namespace bioctl::app
