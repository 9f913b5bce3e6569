#include "lib/app/ont_fields.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "lib/base/error.hpp"
#include "lib/base/text.hpp"

namespace bioctl::app {

namespace {

std::string folded(std::string_view word) {
    auto name = to_lower_ascii(word);
    std::erase_if(name, [](char c) { return c == ' ' || c == '_' || c == '-' || c == '\t'; });
    return name;
}

struct Word {
    std::string_view word;
    OntField field;
};

constexpr Word k_words[] = {
    {"id", OntField::id},
    {"no", OntField::id},
    {"nomor", OntField::id},
    {"customerid", OntField::customer_id},
    {"idcustomer", OntField::customer_id},
    {"idccbs", OntField::customer_id},
    {"ccbs", OntField::customer_id},
    {"idpelanggan", OntField::customer_id},
    {"nopelanggan", OntField::customer_id},
    {"nomorpelanggan", OntField::customer_id},
    {"name", OntField::name},
    {"nama", OntField::name},
    {"namapelanggan", OntField::name},
    {"pelanggan", OntField::name},
    {"customername", OntField::name},
    {"location", OntField::location},
    {"lokasi", OntField::location},
    {"alamat", OntField::location},
    {"latitude", OntField::latitude},
    {"lat", OntField::latitude},
    {"lintang", OntField::latitude},
    {"longitude", OntField::longitude},
    {"lon", OntField::longitude},
    {"lng", OntField::longitude},
    {"long", OntField::longitude},
    {"bujur", OntField::longitude},
    {"ip", OntField::host},
    {"host", OntField::host},
    {"hostname", OntField::host},
    {"ipaddress", OntField::host},
    {"alamatip", OntField::host},
    {"parent", OntField::parent},
    {"olt", OntField::parent},
    {"induk", OntField::parent},
    {"kind", OntField::kind},
    {"jenis", OntField::kind},
    {"tags", OntField::tags},
    {"tag", OntField::tags},
    {"group", OntField::tags},
    {"groups", OntField::tags},
    {"grup", OntField::tags},
    {"enabled", OntField::enabled},
    {"aktif", OntField::enabled},
};

}  // namespace

std::optional<OntField> ont_field_of(std::string_view word) {
    auto const name = folded(word);
    auto const found = std::ranges::find_if(k_words, [&](Word const& known) { return known.word == name; });
    if (found == std::end(k_words)) return std::nullopt;
    return found->field;
}

bool has_customer_in_id(std::vector<std::string_view> const& headers) {
    auto const has = [&](auto const& test) { return std::ranges::any_of(headers, test); };
    if (has([](auto header) { return ont_field_of(header) == OntField::customer_id; })) return false;
    if (has([](auto header) { return trim(header) == "ID"; })) return true;
    auto const is = [&](std::string_view word) { return has([&](auto header) { return folded(header) == word; }); };
    return is("id") && is("no");
}

OntColumnMap::OntColumnMap(std::vector<std::string> const& given) {
    for (auto const& entry : given) {
        auto const equals = entry.rfind('=');
        if (equals == std::string::npos || equals == 0)
            throw Error{Kind::usage, fmt::format("'{}' is not COLUMN=FIELD", printable(entry))};
        auto const word = std::string_view{entry}.substr(equals + 1);
        Column const meaning{.field = ont_field_of(word), .is_ignored = folded(word) == "ignore"};
        if (!meaning.field && !meaning.is_ignored) {
            throw Error{Kind::usage,
                        fmt::format("'{}' is no field; one of: id, customer_id, name, location, latitude, longitude, ip, "
                                    "parent, kind, tags, enabled, ignore",
                                    printable(word))};
        }
        m_entries.push_back({entry.substr(0, equals), meaning});
    }
}

std::vector<OntColumnMap::Column> OntColumnMap::columns(std::vector<std::string_view> const& headers) {
    bool const id_is_customer = has_customer_in_id(headers);
    std::vector<Column> columns(headers.size());
    std::array<bool, k_ont_fields> is_taken{};
    std::vector<bool> is_mapped(headers.size());
    auto const take = [&](std::size_t i, Column column) {
        if (column.field && std::exchange(is_taken[static_cast<std::size_t>(*column.field)], true)) column.field.reset();
        columns[i] = column;
    };
    // What the user says comes first, whatever the order of the columns.
    for (std::size_t i = 0; i < headers.size(); ++i) {
        for (auto& entry : m_entries) {
            if (folded(entry.column) != folded(headers[i])) continue;
            entry.is_used = is_mapped[i] = true;
            take(i, entry.meaning);
        }
    }
    for (std::size_t i = 0; i < headers.size(); ++i) {
        if (is_mapped[i]) continue;
        auto field = ont_field_of(headers[i]);
        if (id_is_customer && folded(headers[i]) == "id") field = OntField::customer_id;
        take(i, {.field = field});
    }
    return columns;
}

void OntColumnMap::require_used() const {
    for (auto const& entry : m_entries) {
        if (!entry.is_used) throw Error{Kind::usage, fmt::format("there is no column '{}' in the file", printable(entry.column))};
    }
}

}  // namespace bioctl::app
