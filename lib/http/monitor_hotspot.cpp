// S2: hotspot users. What the old poller posts, what its pages read, and who is there now.

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <memory>

#include <fmt/format.h>

#include "lib/app/hotspot_live.hpp"
#include "lib/app/hotspot_posts.hpp"
#include "lib/app/sync.hpp"
#include "lib/base/python_json.hpp"
#include "lib/http/families.hpp"
#include "lib/http/flask.hpp"
#include "lib/http/shared_answer.hpp"
#include "lib/http/site.hpp"

namespace bioctl::http {

namespace {

constexpr std::int64_t k_most_users = 1'000'000'000;
constexpr std::string_view k_number_schema =
    R"({"type":"object","required":["users"],"properties":{"users":{"type":"integer"}}})";
constexpr std::string_view k_list_schema =
    R"({"type":"array","items":{"type":"object","properties":{"ip":{"type":"string"},"mac":{"type":"string"},"uptime":{"type":"string"},"bytes_in":{"type":"string"},"bytes_out":{"type":"string"}}}})";

/// The value type was never checked. What is no number counts as nobody in the figures, and is told as it was.
std::int64_t number_of(Json const& value) {
    if (value.is_number_unsigned()) {
        return static_cast<std::int64_t>(
            std::min<std::uint64_t>(value.get<std::uint64_t>(), static_cast<std::uint64_t>(k_most_users)));
    }
    if (value.is_number_float()) {
        auto const number = value.get<double>();
        return number >= 0 ? std::llround(std::min(number, static_cast<double>(k_most_users))) : 0;
    }
    if (!value.is_string()) return 0;
    auto const& text = value.get_ref<std::string const&>();
    std::int64_t number = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    bool const is_number = error == std::errc{} && end == text.data() + text.size() && number >= 0;
    return is_number ? std::min(number, k_most_users) : 0;
}

Reply record_number(Call const& call) {
    auto const body = flask_body(call.request);
    if (auto const* page = std::get_if<Reply>(&body)) return *page;
    auto const& json = std::get<Json>(body);
    auto const users = json.is_object() ? json.find("users") : json.end();
    if (!json.is_object() || users == json.end() || users->is_null()) return flask_message("User count not provided", false, 400);
    auto& desk = *call.desk;
    auto const text = to_flask_json(*users);
    auto const at = app::post_user_number(desk.store(), desk.clock().now(), number_of(*users), text);
    return flask_text(
        fmt::format(R"({{"recorded":{{"timestamp":"{}","users":{}}},"success":true}})", naive_time(zone_of(call), at), text));
}

/// A text of the object, or a number as its digits: 0 stands for bytes that the router did not tell.
std::string text_in(Json const& json, char const* name) {
    auto const found = json.find(name);
    if (found == json.end()) return {};
    if (found->is_string()) return found->get<std::string>();
    return found->is_number_integer() ? found->dump() : std::string{};
}

Reply record_list(Call const& call) {
    auto const body = flask_body(call.request);
    if (auto const* page = std::get_if<Reply>(&body)) return *page;
    auto const& json = std::get<Json>(body);
    if (!json.is_array()) return flask_message("Invalid data format", false, 400);
    std::vector<app::PostedUser> users;
    for (auto const& user : json) {
        if (!user.is_object()) continue;
        users.push_back({.ip = text_in(user, "ip"),
                         .mac = text_in(user, "mac"),
                         .uptime = text_in(user, "uptime"),
                         .bytes_in = text_in(user, "bytes_in"),
                         .bytes_out = text_in(user, "bytes_out")});
    }
    auto& desk = *call.desk;
    static_cast<void>(app::post_user_list(desk.store(), desk.clock().now(), users, static_cast<std::int64_t>(json.size()),
                                          to_flask_json(json)));
    return flask_message(fmt::format("Logged {} users.", json.size()), true);
}

Reply history(Call const& call) {
    auto const zone = zone_of(call);
    std::string text = "[";
    for (auto const& number : app::user_numbers(call.desk->store())) {
        text += fmt::format(R"({}{{"timestamp":"{}","users":)", text.size() > 1 ? "," : "", naive_time(zone, number.at));
        text += number.json.empty() ? std::to_string(number.users) : number.json;
        text += '}';
    }
    text += ']';
    return unless_known(call.request, flask_text(std::move(text)));
}

/// As routers write it: "1w2d3h4m5s", without what is 0.
std::string uptime_text(std::int64_t seconds) {
    struct Unit {
        std::int64_t seconds;
        char letter;
    };
    std::string text;
    for (auto const unit : {Unit{604'800, 'w'}, Unit{86'400, 'd'}, Unit{3'600, 'h'}, Unit{60, 'm'}, Unit{1, 's'}}) {
        if (seconds >= unit.seconds) text += fmt::format("{}{}", seconds / unit.seconds, unit.letter);
        seconds %= unit.seconds;
    }
    return text.empty() ? "0s" : text;
}

Json text_or_dash(std::string const& text) {
    return text.empty() ? "-" : text;
}

std::string users_text(app::UserList const& list) {
    if (!list.json.empty()) return list.json;
    auto users = Json::array();
    for (auto const& user : list.users) {
        users.push_back({{"ip", text_or_dash(user.ip)},
                         {"mac", text_or_dash(user.mac)},
                         {"uptime", uptime_text(user.uptime_s)},
                         {"bytes_in", std::to_string(user.bytes_in)},
                         {"bytes_out", std::to_string(user.bytes_out)}});
    }
    return to_flask_json(users);
}

/// Python's round(average, 2).
double to_hundredths(double value) {
    return std::stod(fmt::format("{:.2f}", value));
}

Reply analytics(Call const& call) {
    auto const log = app::user_log(call.desk->store());
    if (log.numbers.empty()) return flask_reply({{"error", "Belum ada data analitik."}}, 404);
    auto const zone = zone_of(call);
    auto const summary = app::summarize(log.numbers, zone);
    auto days = Json::array();
    for (auto const& day : summary.days)
        days.push_back({{"date", day.date}, {"average", day.average}, {"peak", day.peak}, {"trough", day.trough}});
    std::string logs;
    for (auto const& list : log.newest) {
        logs += fmt::format(R"({}{{"timestamp":"{}","users":)", logs.empty() ? "" : ",", naive_time(zone, list.at));
        logs += users_text(list);
        logs += '}';
    }
    Json const figures{{"average_users", to_hundredths(summary.average)},
                       {"peak_users", summary.peak},
                       {"trough_users", summary.trough},
                       {"unique_devices", log.devices}};
    auto text = fmt::format(R"({{"daily_summary":{},"raw_logs":[)", to_flask_json(days));
    text += logs;
    text += fmt::format(R"(],"summary":{}}})", to_flask_json(figures));
    return unless_known(call.request, flask_text(std::move(text)));
}

Reply failed(std::string_view why) {
    return flask_reply({{"error", why}}, 500);
}

/// The old service knew one router; its shape has no place for one of several that did not answer.
Reply users_of(std::vector<app::LiveHotspot> const& answers) {
    auto users = Json::array();
    std::string silent;
    std::size_t failures = 0;
    for (auto const& live : answers) {
        if (live.error) {
            if (++failures == answers.size()) return failed(live.error->message());
            silent += fmt::format("{}{}", silent.empty() ? "" : ", ", live.router.config.name);
            continue;
        }
        for (auto const& user : live.snapshot.users)
            users.push_back({{"ip", text_or_dash(user.ip)}, {"mac", text_or_dash(user.mac)}});
    }
    auto reply = flask_reply(users);
    if (!silent.empty()) reply.headers.add("X-Silent-Routers", silent);
    return reply;
}

Reply ask_routers(Call const& call) {
    constexpr std::chrono::seconds k_patience{15};
    auto& desk = *call.desk;
    auto const routers = app::choose_routers(desk.store(), {});
    if (routers.empty()) return failed("there are no routers to ask; `bioctl routers add` adds one");
    ont::RouterTimes times;
    times.should_stop = call.site.sync().should_stop;
    auto const answers = app::ask_hotspots(desk.store(), desk.clock(), desk.key(), routers, app::Asking::by_page, times,
                                           std::chrono::steady_clock::now() + k_patience, times.should_stop);
    if (times.should_stop()) throw Error{Kind::busy, "the server is about to stop"};
    return users_of(answers);
}

void add_posts(Routes& routes) {
    using app::Scope;
    constexpr auto family = Family::monitor;
    Doc::Answer const refused{400, "not JSON, or not of this shape"};
    Doc::Answer const not_json{415, "not application/json"};
    routes.add({.family = family,
                .method = "POST",
                .pattern = "/api/record-history",
                .scope = Scope::network,
                .is_change = true,
                .handle = record_number,
                .doc = {.summary = "So many hotspot users are there now",
                        .body = Doc::Body{"application/json", k_number_schema},
                        .answers = {{200, "stored"}, refused, not_json}}});
    routes.add({.family = family,
                .method = "POST",
                .pattern = "/api/log-active-users",
                .scope = Scope::network,
                .is_change = true,
                .max_body = k_form_body,
                .handle = record_list,
                .doc = {.summary = "These hotspot users are there now",
                        .body = Doc::Body{"application/json", k_list_schema},
                        .answers = {{200, "stored"}, refused, not_json}}});
}

}  // namespace

void add_monitor_hotspot(Routes& routes) {
    using app::Scope;
    constexpr auto family = Family::monitor;
    add_posts(routes);
    routes.add({.family = family,
                .method = "GET",
                .pattern = "/api/history",
                .scope = Scope::read,
                .handle = history,
                .doc = {.summary = "How many hotspot users there were: the newest 100 counts, oldest first",
                        .answers = {{200, "a list"}}}});
    routes.add({.family = family,
                .method = "GET",
                .pattern = "/api/analytics-data",
                .scope = Scope::read,
                .handle = analytics,
                .doc = {.summary = "Hotspot users by day, and the newest 100 lists of them",
                        .answers = {{200, "figures"}, {404, "nobody has counted yet"}}}});
    auto const live = std::make_shared<SharedAnswer>();
    routes.add({.family = family,
                .method = "GET",
                .pattern = "/api/hotspot/active-users",
                .work = Work::peer,
                .scope = Scope::read,
                .handle = [live](Call const& call) { return live->get([&] { return ask_routers(call); }); },
                .doc = {.summary = "Who is logged in, asked of the routers themselves",
                        .answers = {{200, "a list"}, {500, "no router answered"}}}});
}

}  // namespace bioctl::http
