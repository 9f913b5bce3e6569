#include "lib/app/outages.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "lib/base/file.hpp"
#include "lib/base/vault.hpp"

namespace bioctl::app {

namespace {

using Json = nlohmann::ordered_json;

template <class T>
Json json_of(std::optional<T> const& value) {
    return value ? Json(*value) : Json{};
}

Json text_or_null(std::string const& text) {
    return text.empty() ? Json{} : Json(text);
}

std::string line_of(store::Outage const& outage) {
    Json const json{{"type", "outage"},
                    {"id", outage.id},
                    {"ont_id", outage.ont},
                    {"ont_name", outage.ont_name},
                    {"start_time", to_rfc3339(outage.started_at)},
                    {"end_time", to_rfc3339(outage.ended_at.value())},
                    {"start_error_ms", outage.start_error_ms},
                    {"end_error_ms", outage.end_error_ms},
                    {"parent_outage", json_of(outage.parent_outage)},
                    {"in_maintenance", outage.in_maintenance},
                    {"acked_by", text_or_null(outage.acked_by)},
                    {"note", text_or_null(outage.note)}};
    return json.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

/// "" if there is nothing to write.
fs::path back_up(store::Store& store, Clock const& clock, std::optional<Timestamp> before, fs::path const& folder) {
    std::string lines;
    store.outages().each({}, [&](store::Outage const& outage) {
        if (outage.ended_at && (!before || outage.started_at < *before)) lines += line_of(outage);
        return true;
    });
    if (lines.empty()) return {};
    auto stamp = to_rfc3339(clock.now());
    std::erase_if(stamp, [](char c) { return c == ':'; });
    auto file = folder / fmt::format("outages-{}.ndjson", stamp);
    write_private(folder.parent_path(), file, as_bytes(lines));
    return file;
}

}  // namespace

ClearedOutages clear_outages(store::Store& store, Clock const& clock, std::optional<Timestamp> before, fs::path const& folder,
                             std::function<void(ClearedOutages const&)> const& in_transaction) {
    ClearedOutages cleared;
    // One transaction: an outage that ends meanwhile is neither missing in the file nor deleted.
    store.write([&] {
        cleared.backup = back_up(store, clock, before, folder);
        cleared.outages = store.outages().clear(before);
        if (in_transaction) in_transaction(cleared);
    });
    return cleared;
}

}  // namespace bioctl::app
