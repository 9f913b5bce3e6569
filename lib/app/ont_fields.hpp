#pragma once
// What the columns of spreadsheets and the keys of JSON files are called. Private to app/.

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bioctl::app {

enum class OntField { id, customer_id, name, location, latitude, longitude, host, parent, kind, tags, enabled };
inline constexpr std::size_t k_ont_fields = 11;

/// The field that a word means, without regard to case, blanks, dashes and underscores: "Alamat IP" and "alamat_ip" are the host.
[[nodiscard]] std::optional<OntField> ont_field_of(std::string_view word);

/// Whether `headers` is a list like csvjson.json, where "ID" is the customer id: written so, or beside a "no", and no other
/// column is the customer id.
[[nodiscard]] bool has_customer_in_id(std::vector<std::string_view> const& headers);

/// COLUMN=FIELD as users give them, and which of them were of use.
class OntColumnMap {
public:
    OntColumnMap() = default;
    /// Throws Error{usage} for what is not COLUMN=FIELD; FIELD is a word of ont_field_of(), or "ignore".
    explicit OntColumnMap(std::vector<std::string> const& given);

    struct Column {
        std::optional<OntField> field{};  ///< none: not one of ours
        bool is_ignored = false;
    };
    /// One for each header, in order. The first of several that mean the same field is it.
    [[nodiscard]] std::vector<Column> columns(std::vector<std::string_view> const& headers);

    /// Error{usage} for a COLUMN that no header had.
    void require_used() const;

private:
    struct Entry {
        std::string column;
        Column meaning;
        bool is_used = false;
    };
    std::vector<Entry> m_entries;
};

}  // namespace bioctl::app
