#include "lib/app/ont_rows_json.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include <fmt/format.h>

#include "lib/app/ont_json.hpp"
#include "lib/app/ont_rules.hpp"
#include "lib/app/ont_shapes.hpp"
#include "lib/base/error.hpp"
#include "lib/base/text.hpp"

namespace bioctl::app {

namespace {

using Json = nlohmann::ordered_json;

constexpr int k_most_depth = 6;                   // the array, a row, and what strange fields hold
constexpr std::size_t k_most_values = 8'000'000;  // 64 MB of "[1,1,1..." are 32 million
constexpr std::size_t k_most_keys = 64;
constexpr std::size_t k_most_extra_bytes = 64 * 1024;

/// The keys of the old files. What their values looked like is kept where it is not what bioctl would write.
constexpr std::string_view k_old_keys[] = {"id_ccbs", "id_pelanggan", "name", "lokasi", "latitude", "longitude", "ip",
                                           "no",      "ID",           "Nama", "Lokasi", "Latitude", "Longitude", "IP"};

Json parse(std::string_view text) {
    std::size_t values = 0, rows = 0;
    auto const count = [&](int depth, Json::parse_event_t event, Json const& /*parsed*/) {
        if (depth > k_most_depth) throw Error{Kind::data, fmt::format("the JSON is nested deeper than {} levels", k_most_depth)};
        if (++values > k_most_values) throw Error{Kind::data, "the JSON has too many values"};
        if (depth == 1 && event == Json::parse_event_t::object_start && ++rows > k_max_ont_rows)
            throw Error{Kind::data, fmt::format("the file has more than {} rows; split it", k_max_ont_rows)};
        return true;
    };
    try {
        return Json::parse(text, count);
    } catch (Json::parse_error const& error) {
        throw Error{Kind::data, fmt::format("the file is no JSON from byte {} on", error.byte)};
    } catch (Json::exception const& error) {
        throw Error{Kind::data, fmt::format("the file is no JSON that can be read: {}", printable(error.what()))};
    }
}

/// Whether bioctl would write the value so of its own accord.
bool is_canonical(OntField field, Json const& value, bool has_position, std::size_t number) {
    switch (field) {
        case OntField::latitude:
        case OntField::longitude: return value.is_number_float() && has_position;
        case OntField::id: return value == number;
        default: return value.is_string() && trim(value.get_ref<std::string const&>()) == value.get_ref<std::string const&>();
    }
}

std::vector<std::string> keys_of(Json const& object) {
    std::vector<std::string> keys;
    for (auto const& entry : object.items())
        keys.push_back(entry.key());
    return keys;
}

class RowReader {
public:
    RowReader(OntColumnMap& map, std::size_t number) : m_map(map), m_number(number) {}

    OntRow read(Json const& object) {
        if (!object.is_object()) return {.fault = "is no object with the fields of an ONT"};
        if (object.size() > k_most_keys) return {.fault = fmt::format("has more than {} fields", k_most_keys)};
        auto const names = keys_of(object);
        std::vector<std::string_view> const keys{names.begin(), names.end()};
        auto const columns = m_map.columns(keys);
        m_is_csvjson = has_customer_in_id(keys);
        for (std::size_t i = 0; i < keys.size() && m_row.fault.empty(); ++i)
            read_text(names[i], object.at(names[i]), columns[i]);
        if (!m_row.fault.empty()) return m_row;
        // The old converter numbered the rows itself, whatever their "no" said.
        if (m_is_csvjson) m_row.texts[static_cast<std::size_t>(OntField::id)] = fmt::format("{}", m_number);
        keep_extra(names, columns, object);
        return m_row;
    }

private:
    void read_text(std::string const& key, Json const& value, OntColumnMap::Column const& column) {
        if (!column.field) return;
        auto text = ont_text_of(value);
        if (!text) {
            m_row.fault = fmt::format("\"{}\" is {}, not a text or a number", printable(key), value.type_name());
            return;
        }
        // A number is the id of an ONT, a text may be a name.
        if (*column.field == OntField::parent && value.is_number_integer()) text = fmt::format("id:{}", *text);
        m_row.texts[static_cast<std::size_t>(*column.field)] = *std::move(text);
    }

    void keep_extra(std::vector<std::string> const& names, std::vector<OntColumnMap::Column> const& columns, Json const& object) {
        auto const position = read_position(m_row.text(OntField::latitude), m_row.text(OntField::longitude));
        auto extra = Json::object();
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (columns[i].is_ignored) continue;
            auto const& value = object.at(names[i]);
            bool const is_old = std::ranges::find(k_old_keys, names[i]) != std::end(k_old_keys);
            // Our own files write null for coordinates that are not known, the old ones 0.
            bool const is_our_null = value.is_null() && object.contains("kind");
            // The name of this key says which generation of the old program wrote the row.
            bool const is_mark = names[i] == "id_pelanggan";
            bool const is_plain =
                columns[i].field && !is_mark &&
                (!is_old || is_our_null || is_canonical(*columns[i].field, value, position.latitude.has_value(), m_number));
            if (!is_plain) extra[names[i]] = value;
        }
        if (extra.empty()) return;
        m_row.extra = extra.dump(-1, ' ', false, Json::error_handler_t::replace);
        if (m_row.extra.size() > k_most_extra_bytes)
            m_row.fault = fmt::format("has more than {} in fields that bioctl does not know", human_size(k_most_extra_bytes));
    }

    OntColumnMap& m_map;
    std::size_t m_number;
    OntRow m_row{};
    bool m_is_csvjson = false;
};

}  // namespace

std::vector<OntRow> json_ont_rows(std::string_view text, OntColumnMap& map) {
    auto const json = parse(text);
    std::vector<OntRow> rows;
    rows.reserve(json.size());
    for (std::size_t i = 0; i < json.size(); ++i)
        rows.push_back(RowReader{map, i + 1}.read(json[i]));
    return rows;
}

}  // namespace bioctl::app
