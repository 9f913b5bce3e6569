#include "tests/support/hik_sim/control.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "lib/base/error.hpp"
#include "lib/base/text.hpp"
#include "tests/support/hik_sim/replies.hpp"
#include "tests/support/hik_sim/truth.hpp"

namespace bioctl::hik_sim {

namespace {

using sim_http::Reply;
using sim_http::Request;

constexpr std::int64_t k_max_events = 100000, k_max_seconds = std::int64_t{10} * 365 * 86400;

std::int64_t number(Request const& request, std::string const& name, std::int64_t least, std::int64_t most) {
    auto const text = request.parameter(name, "0");
    std::int64_t value = 0;
    auto const digits = std::string_view{text}.substr(text.starts_with('+') ? 1 : 0);
    auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || end != digits.data() + digits.size() || value < least || value > most)
        throw Error{Kind::usage, fmt::format("{}={}: not a number from {} to {}", name, printable(text), least, most)};
    return value;
}

std::optional<bool> flag(Request const& request, std::string const& name) {
    if (!request.query.contains(name)) return std::nullopt;
    return number(request, name, 0, 1) == 1;
}

Device& device_named(Devices& devices, std::string const& name) {
    auto const found =
        std::find_if(devices.begin(), devices.end(), [&](auto const& each) { return each->terminal().identity.name == name; });
    if (found == devices.end()) throw Error{Kind::no_input, fmt::format("no device '{}'", printable(name))};
    return **found;
}

Reply ndjson(std::string lines) {
    return {.content_type = "application/x-ndjson", .body = std::move(lines)};
}

Reply failed(int status, std::string const& why) {
    return {.status = status, .body = Json{{"error", why}}.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n'};
}

std::string stats_line(Device& device, std::chrono::steady_clock::time_point now) {
    auto const& stats = device.stats();
    auto const& terminal = device.terminal();
    auto const age = std::chrono::duration_cast<std::chrono::milliseconds>(now - stats.last_request).count();
    Json const line{{"type", "stats"},
                    {"device", terminal.identity.name},
                    {"requests", stats.requests},
                    {"logins_ok", stats.logins_ok},
                    {"logins_failed", stats.logins_failed},
                    {"nonces_refused", stats.nonces_refused},
                    {"locked_for_s", device.doorkeeper().locked_for_s(now)},
                    {"max_in_flight", stats.max_in_flight},
                    {"searches", terminal.counters.searches},
                    {"pictures_served", terminal.counters.pictures_served},
                    {"events", terminal.log.size()},
                    {"bytes_sent", device.server().bytes_sent()},
                    {"last_request_age_ms", stats.requests == 0 ? Json{} : Json(age)},
                    {"quirks", terminal.quirks.names()}};
    return line.dump() + '\n';
}

Reply stats(Devices& devices, Request const& request) {
    auto const only = request.parameter("device");
    auto const now = std::chrono::steady_clock::now();
    if (!only.empty()) return ndjson(stats_line(device_named(devices, only), now));
    std::string lines;
    for (auto const& device : devices)
        lines += stats_line(*device, now);
    return ndjson(std::move(lines));
}

void switch_quirks(QuirkSet& quirks, std::string const& changes) {
    for (auto const& change : split(changes, ',')) {
        if (change.empty() || (change.front() != '+' && change.front() != '-'))
            throw Error{Kind::usage, fmt::format("quirk={}: write +name or -name", printable(change))};
        quirks.set(quirk_named(std::string_view{change}.substr(1)), change.front() == '+');
    }
}

void change(Device& device, Request const& request) {
    auto& terminal = device.terminal();
    auto const offset = request.parameter("utc_offset");
    if (!offset.empty() && !parse_offset(offset)) throw Error{Kind::usage, "utc_offset: write it as +07:00"};
    if (request.query.contains("quirk")) switch_quirks(terminal.quirks, request.parameter("quirk"));
    if (!offset.empty()) terminal.clock.set_offset(*parse_offset(offset));
    terminal.clock.jump(number(request, "clock_jump_s", -k_max_seconds, k_max_seconds));
    if (request.query.contains("password")) device.doorkeeper().set_password(request.parameter("password"));
    if (auto const stall = flag(request, "stall")) device.set_stalled(*stall);
    if (auto const off = flag(request, "off")) {
        if (*off) {
            device.server().close();
        } else {
            device.server().open();
        }
    }
}

Reply post(Devices& devices, Request const& request) {
    auto& device = device_named(devices, request.parameter("name"));
    if (request.path == "/device") {
        change(device, request);
    } else if (request.path == "/events") {
        auto const count = number(request, "count", 1, k_max_events);
        device.add_events(static_cast<std::uint32_t>(count), number(request, "late_by_s", 0, k_max_seconds));
    } else if (request.path == "/wipe") {
        device.terminal().log.wipe();
    } else if (request.path == "/pictures") {
        device.terminal().are_pictures_gone = flag(request, "gone").value_or(false);
    } else {
        return failed(404, "no such switch");
    }
    return ndjson(stats_line(device, std::chrono::steady_clock::now()));
}

Reply get(Devices& devices, Request const& request) {
    if (request.path == "/stats") return stats(devices, request);
    auto& terminal = device_named(devices, request.parameter("device")).terminal();
    if (request.path == "/truth") return ndjson(truth_of_events(terminal));
    if (request.path == "/people") return ndjson(truth_of_people(terminal));
    return failed(404, "no such page");
}

}  // namespace

Reply control(Devices& devices, Request const& request) {
    try {
        return request.method == "POST" ? post(devices, request) : get(devices, request);
    } catch (Error const& error) {
        return failed(error.kind() == Kind::no_input ? 404 : 400, error.message());
    }
}

}  // namespace bioctl::hik_sim
