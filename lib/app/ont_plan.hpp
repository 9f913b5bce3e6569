#pragma once
// What an import is about to do. Private to app/.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lib/app/ont_rules.hpp"
#include "lib/app/onts_import.hpp"

namespace bioctl::app {

/// One ONT as it will be: stored already, of a row, or a parent that a row names.
struct PlannedOnt {
    std::optional<std::int64_t> id{};          ///< stored under it, or to be; none: the next
    store::OntConfig config{};                 ///< without the parent
    std::optional<store::OntConfig> before{};  ///< as stored; none: it is new
    std::optional<std::size_t> parent{};       ///< index in the plan
    OntRow const* row = nullptr;               ///< of the file
};

/// Judges rows against what is stored, then finds their parents. Reads the store, never writes.
class OntPlan {
public:
    OntPlan(store::Store& store, OntImportReport& report, bool is_merge);

    void take_row(OntRow const& row);
    /// After the last row: parents may come after their children.
    void find_parents();

    [[nodiscard]] std::vector<PlannedOnt> const& onts() const { return m_onts; }
    [[nodiscard]] bool is_changed(PlannedOnt const& ont) const;

private:
    std::optional<std::size_t> match(OntRow const& row) const;
    void judge(OntRow const& row, PlannedOnt& ont, bool is_known);
    std::optional<std::int64_t> id_for(OntRow const& row);
    std::optional<std::size_t> parent_of(PlannedOnt const& child, std::string const& wanted);
    std::size_t make_parent(std::string const& name);
    void index_names();
    void warn(OntRow const& row, std::string text);

    OntImportReport& m_report;
    bool m_is_merge;
    std::vector<PlannedOnt> m_onts{};  // those stored first, by id
    std::map<std::int64_t, std::size_t> m_by_id{};
    std::map<std::int64_t, std::size_t> m_by_file_id{};
    std::map<std::string, std::size_t> m_by_customer{};
    std::map<std::string, std::vector<std::size_t>> m_by_name{};  // while rows are taken: those stored without a customer id
    std::map<std::string, std::string> m_customers_seen{};        // of the file: place
    std::map<std::int64_t, std::string> m_ids_seen{};
    std::vector<std::int64_t> m_ids_ever{};
    Parents m_parents{};  // index -> index
};

}  // namespace bioctl::app
