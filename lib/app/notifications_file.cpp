// The notifications.json of the old service, read and written.

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "lib/app/notifications.hpp"
#include "lib/base/text.hpp"
#include "lib/notify/notification.hpp"

namespace bioctl::app {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t k_longest_message = 20'000;
constexpr std::size_t k_longest_name = 500;

tl::unexpected<Error> bad(std::string const& what) {
    return failure(Kind::data, what);
}

/// "2026-11-21T07:15:00", with or without a fraction: the old service wrote its own local time.
Result<Timestamp> naive_time(std::string_view text, Zone const& zone) {
    constexpr std::size_t k_to_seconds = 19;
    constexpr std::string_view k_shape = "0000-00-00T00:00:00";
    bool is_naive = text.size() >= k_to_seconds;
    for (std::size_t i = 0; is_naive && i < k_to_seconds; ++i)
        is_naive = k_shape[i] == '0' ? text[i] >= '0' && text[i] <= '9' : text[i] == k_shape[i] || (i == 10 && text[i] == ' ');
    auto const fraction = is_naive ? text.substr(k_to_seconds) : std::string_view{};
    bool const is_fraction = fraction.empty() || (fraction.front() == '.' && fraction.size() <= 10 && fraction.size() > 1 &&
                                                  fraction.find_first_not_of("0123456789", 1) == std::string_view::npos);
    if (!is_naive || !is_fraction) return bad(fmt::format("its time '{}' cannot be read", printable(text.substr(0, 40))));
    std::string whole{text.substr(0, k_to_seconds)};
    whole[10] = ' ';
    auto time = zone.parse(whole, {});
    if (!time) return bad(fmt::format("there is no time '{}'", printable(whole)));
    auto digits = std::string{fraction.empty() ? fraction : fraction.substr(1)};
    digits.resize(3, '0');
    return *time + std::chrono::milliseconds{std::stoi(digits)};
}

Result<Timestamp> time_of(std::string_view text, Zone const& zone) {
    if (auto const time = from_rfc3339(text)) return *time;
    return naive_time(text, zone);
}

bool is_text(Json const& row, char const* key, std::size_t most) {
    auto const found = row.find(key);
    return found != row.end() && found->is_string() && found->get_ref<std::string const&>().size() <= most;
}

/// Missing, null, or what `is_fit` wants.
template <class Fit>
bool is_optional(Json const& row, char const* key, Fit const& is_fit) {
    auto const found = row.find(key);
    return found == row.end() || found->is_null() || is_fit(*found);
}

Result<store::Notification> notification_of(Json const& row, Zone const& zone) {
    if (!row.is_object()) return bad("it is no object");
    if (auto const id = row.find("id"); id == row.end() || !id->is_number_integer())
        return bad("it has no id that is a whole number");
    if (!is_text(row, "message", k_longest_message)) return bad("it has no message, or one that is too long");
    if (!is_text(row, "timestamp", 100)) return bad("it has no timestamp that is text");
    auto const type = row.contains("type") ? row["type"] : Json("info");
    if (!type.is_string() || !notify::is_level(type.get<std::string>()))
        return bad("its type is none of success, info, warning, error");
    if (!is_optional(row, "ont_id", [](Json const& value) { return value.is_number_integer(); }))
        return bad("its ont_id is neither a whole number nor null");
    bool const has_name = is_optional(row, "ont_name", [](Json const& value) {
        return value.is_string() && value.get_ref<std::string const&>().size() <= k_longest_name;
    });
    if (!has_name) return bad("its ont_name is neither text nor null");
    if (!is_optional(row, "read", [](Json const& value) { return value.is_boolean(); }))
        return bad("its field read is neither true nor false");
    auto const at = time_of(row["timestamp"].get<std::string>(), zone);
    if (!at) return failure(at.error());
    store::Notification result;
    result.at = *at;
    result.type = type.get<std::string>();
    result.message = row["message"].get<std::string>();
    if (row.contains("ont_id") && !row["ont_id"].is_null()) result.ont = row["ont_id"].get<std::int64_t>();
    if (row.contains("ont_name") && !row["ont_name"].is_null()) result.ont_name = row["ont_name"].get<std::string>();
    result.is_read = row.contains("read") && row["read"].is_boolean() && row["read"].get<bool>();
    return result;
}

}  // namespace

std::string export_notifications(store::Store& store) {
    auto rows = Json::array();
    store.notifications().each({}, [&](store::Notification const& n) {
        rows.push_back(Json{{"id", n.id},
                            {"message", n.message},
                            {"type", n.type},
                            {"timestamp", to_rfc3339(n.at)},
                            {"ont_id", n.ont ? Json(*n.ont) : Json{}},
                            {"ont_name", n.ont_name ? Json(*n.ont_name) : Json{}},
                            {"read", n.is_read}});
        return true;
    });
    return rows.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

NotificationImport import_notifications(store::Store& store, Zone const& zone, std::string_view text, bool is_dry_run) {
    auto const rows = Json::parse(text, nullptr, false);
    if (!rows.is_array()) throw Error{Kind::data, "the file is no JSON array, as the notifications.json of the old service is"};
    NotificationImport result;
    auto const work = [&] {
        std::int64_t number = 0;
        for (auto const& row : rows) {
            ++number;
            auto const notification = notification_of(row, zone);
            if (!notification) {
                result.refused.push_back({number, notification.error().message()});
            } else if (store.notifications().has(*notification)) {
                ++result.known;
            } else {
                ++result.added;
                if (!is_dry_run) store.notifications().add(*notification);
            }
        }
    };
    is_dry_run ? store.read(work) : store.write(work);
    return result;
}

}  // namespace bioctl::app
