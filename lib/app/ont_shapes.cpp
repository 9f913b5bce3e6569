#include "lib/app/ont_shapes.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <nlohmann/json.hpp>

#include <fmt/format.h>

#include "lib/app/ont_json.hpp"
#include "lib/app/ont_rules.hpp"
#include "lib/base/csv.hpp"
#include "lib/base/python_json.hpp"
#include "lib/base/text.hpp"

namespace bioctl::app {

namespace {

using Json = nlohmann::ordered_json;

/// A number, or a text that is one and nothing else: "7.72 S" is none.
std::optional<double> plain_number(Json const& value) {
    double number = 0;
    if (value.is_number()) {
        number = value.get<double>();
    } else if (value.is_string()) {
        auto text = trim(value.get_ref<std::string const&>());
        if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
        auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    } else {
        return std::nullopt;
    }
    return std::isfinite(number) ? std::optional{number} : std::nullopt;
}

/// One row in the making: the ONT, and what its source said.
class ShapedRow {
public:
    explicit ShapedRow(store::Ont const& ont)
        : m_ont(ont), m_extra(Json::parse(ont.config.extra.empty() ? "{}" : ont.config.extra, nullptr, false)) {
        if (!m_extra.is_object()) m_extra = Json::object();
    }

    [[nodiscard]] bool has_extra(std::string const& key) const { return m_extra.contains(key); }

    void put(std::string const& key, Json value) { m_row[key] = std::move(value); }

    /// As the source wrote it, if that is what is stored.
    void put_text(std::string const& key, std::string const& value) {
        auto const source = m_extra.find(key);
        bool const is_same = source != m_extra.end() && trim(ont_text_of(*source).value_or("")) == value;
        m_row[key] = is_same ? *source : Json(value);
    }

    void put_position(std::string const& latitude_key, std::string const& longitude_key, Json const& unknown) {
        bool const is_same = is_position_of_source(latitude_key, longitude_key);
        auto const put_axis = [&](std::string const& key, std::optional<double> const& value) {
            auto const source = m_extra.find(key);
            bool const is_verbatim = is_same && source != m_extra.end();
            m_row[key] = is_verbatim ? *source : value ? Json(*value) : unknown;
        };
        put_axis(latitude_key, m_ont.config.latitude);
        put_axis(longitude_key, m_ont.config.longitude);
    }

    /// Each axis as the number that its source is, whatever the other one says; null for what is none.
    void put_plain_position() {
        bool const is_same = is_position_of_source("latitude", "longitude");
        auto const put_axis = [&](std::string const& key, std::optional<double> const& value) {
            auto const source = m_extra.find(key);
            auto const shown = is_same && source != m_extra.end() ? plain_number(*source) : value;
            m_row[key] = shown ? Json(*shown) : Json();
        };
        put_axis("latitude", m_ont.config.latitude);
        put_axis("longitude", m_ont.config.longitude);
    }

    void put_extra_or(std::string const& key, Json value) {
        auto const source = m_extra.find(key);
        m_row[key] = source == m_extra.end() ? std::move(value) : *source;
    }

    /// What no shape has a place for, and `but` neither.
    void put_rest(std::span<std::string_view const> but) {
        for (auto const& [key, value] : m_extra.items()) {
            if (!m_row.contains(key) && std::ranges::find(but, key) == but.end()) m_row[key] = value;
        }
    }

    [[nodiscard]] Json take() { return std::move(m_row); }

private:
    /// Whether what is stored is still what follows from the source.
    [[nodiscard]] bool is_position_of_source(std::string const& latitude_key, std::string const& longitude_key) const {
        auto const& config = m_ont.config;
        auto const source_of = [&](std::string const& key, std::optional<double> const& value) {
            auto const source = m_extra.find(key);
            if (source != m_extra.end()) return ont_text_of(*source).value_or("");
            return value ? to_degrees(*value) : std::string{};
        };
        auto const position = read_position(source_of(latitude_key, config.latitude), source_of(longitude_key, config.longitude));
        return position == Position{.latitude = config.latitude, .longitude = config.longitude};
    }

    store::Ont const& m_ont;
    Json m_extra;
    Json m_row = Json::object();
};

constexpr std::string_view k_of_csvjson[] = {"no", "ID", "Nama", "Lokasi", "Latitude", "Longitude", "IP", "Status"};
constexpr std::string_view k_of_others[] = {"no",     "ID",     "Nama",      "Lokasi",  "Latitude", "Longitude",    "IP",
                                            "Status", "status", "rto_count", "last_on", "id",       "id_pelanggan", "id_ccbs"};

void put_first_seven(ShapedRow& row, store::Ont const& ont, Json const& unknown) {
    row.put("id", ont.id);
    row.put_text(row.has_extra("id_pelanggan") ? "id_pelanggan" : "id_ccbs", ont.config.customer_id);
    row.put_text("name", ont.config.name);
    row.put_text("lokasi", ont.config.location);
    row.put_position("latitude", "longitude", unknown);
    row.put_text("ip", ont.config.host);
}

Json full_row(store::Ont const& ont) {
    ShapedRow row{ont};
    put_first_seven(row, ont, nullptr);
    row.put("kind", ont.config.kind);
    row.put("parent", ont.config.parent ? Json(*ont.config.parent) : Json());
    row.put("tags", ont.config.tags);
    row.put("enabled", ont.config.enabled);
    row.put_rest({});
    return row.take();
}

Json wifi_sleman_row(store::Ont const& ont) {
    ShapedRow row{ont};
    put_first_seven(row, ont, 0);
    row.put_rest(k_of_others);
    return row.take();
}

void put_status(ShapedRow& row, store::Ont const& ont) {
    if (ont.state == "unknown") {
        row.put_extra_or("status", "UNKNOWN");
    } else {
        row.put("status", ont.state == "up" ? "ON" : "OFF");
    }
}

/// "2026-11-21T07:15:00"
std::string local_iso(Zone const& zone, Timestamp time) {
    auto text = zone.show(time);
    text[text.find(' ')] = 'T';
    return text;
}

Json onts_row(store::Ont const& ont, Zone const* zone) {
    ShapedRow row{ont};
    put_first_seven(row, ont, 0);
    put_status(row, ont);
    row.put_extra_or("rto_count", 0);
    if (ont.last_answered == Timestamp{} || zone == nullptr) {
        row.put_extra_or("last_on", nullptr);
    } else {
        row.put("last_on", local_iso(*zone, ont.last_answered));
    }
    row.put_rest(k_of_others);
    return row.take();
}

Json csvjson_row(store::Ont const& ont) {
    ShapedRow row{ont};
    row.put_extra_or("no", ont.id);
    row.put_text("ID", ont.config.customer_id);
    row.put_text("Nama", ont.config.name);
    row.put_text("Lokasi", ont.config.location);
    row.put_position("Latitude", "Longitude", "");
    row.put_text("IP", ont.config.host);
    row.put_extra_or("Status", "");
    std::vector<std::string_view> but{std::begin(k_of_csvjson), std::end(k_of_csvjson)};
    but.insert(but.end(), std::begin(k_of_others), std::end(k_of_others));
    but.insert(but.end(), {"name", "lokasi", "latitude", "longitude", "ip"});
    row.put_rest(but);
    return row.take();
}

/// `rto_count` and `last_on` only where the row came with them.
Json live_row(store::Ont const& ont, Zone const& zone) {
    ShapedRow row{ont};
    put_first_seven(row, ont, nullptr);
    row.put_plain_position();
    put_status(row, ont);
    if (row.has_extra("last_on") && ont.last_answered != Timestamp{}) row.put("last_on", local_iso(zone, ont.last_answered));
    row.put_rest(k_of_csvjson);
    return row.take();
}

Json row_of(store::Ont const& ont, OntShape shape, Zone const* zone) {
    switch (shape) {
        case OntShape::full: return full_row(ont);
        case OntShape::wifi_sleman: return wifi_sleman_row(ont);
        case OntShape::onts: return onts_row(ont, zone);
        case OntShape::csvjson: return csvjson_row(ont);
    }
    throw Error{Kind::bug, "a shape of ONTs that is none"};
}

}  // namespace

std::string to_degrees(double degrees) {
    std::array<char, 400> text{};
    auto const [end, error] = std::to_chars(text.data(), text.data() + text.size(), degrees, std::chars_format::fixed);
    return error == std::errc{} ? std::string{text.data(), end} : std::string{};
}

std::string to_json_array(std::span<store::Ont const> onts, OntShape shape, Zone const* zone) {
    auto rows = Json::array();
    for (auto const& ont : onts)
        rows.push_back(row_of(ont, shape, zone));
    return dump_as_python(rows);
}

std::string to_live_array(std::span<store::Ont const> onts, Zone const& zone) {
    std::string text = "[";
    for (auto const& ont : onts) {
        if (text.size() > 1) text += ',';
        append_flask_json(text, live_row(ont, zone));
    }
    text += ']';
    return text;
}

std::string to_csv(std::span<store::Ont const> onts) {
    std::map<std::string, int> names;
    for (auto const& ont : onts)
        ++names[ont.config.name];
    std::string csv = "id,customer_id,name,location,latitude,longitude,ip,parent,kind,tags,enabled\r\n";
    for (auto const& ont : onts) {
        auto const& config = ont.config;
        std::string tags;
        for (auto const& tag : config.tags)
            tags += fmt::format("{}{}", tags.empty() ? "" : ",", tag);
        std::string parent;
        if (config.parent) parent = names[ont.parent_name] == 1 ? ont.parent_name : fmt::format("id:{}", *config.parent);
        csv +=
            fmt::format("{},{},{},{},{},{},{},{},{},{},{}\r\n", ont.id, to_csv_cell(config.customer_id), to_csv_cell(config.name),
                        to_csv_cell(config.location), config.latitude ? to_degrees(*config.latitude) : "",
                        config.longitude ? to_degrees(*config.longitude) : "", config.host, to_csv_cell(parent), config.kind,
                        to_csv_cell(tags), config.enabled ? "true" : "false");
    }
    return csv;
}

}  // namespace bioctl::app
