#include "lib/store/calibrations.hpp"

#include <fmt/format.h>

#include "lib/store/query.hpp"

namespace bioctl::store {

namespace {

constexpr std::string_view k_columns =
    "modality, contract, metric, identify, verify, target_fpir, target_fmr, fpir, fpir_low, fpir_high, fnir, fnir_low, fnir_high,"
    " fnmr, fnmr_low, fnmr_high, people, templates, genuine, impostors, searches, curve, created_at";

MeasuredShare share_of(Query const& row, int column) {
    return {row.real(column), row.real(column + 1), row.real(column + 2)};
}

Calibration calibration_of(Query const& row) {
    Calibration c;
    c.modality = row.text(0) == name_of(Modality::palm) ? Modality::palm : Modality::face;
    c.contract = row.text(1);
    c.metric = row.text(2);
    c.identify = static_cast<float>(row.real(3));
    c.verify = static_cast<float>(row.real(4));
    c.target_fpir = row.real(5);
    c.target_fmr = row.real(6);
    c.fpir = share_of(row, 7);
    c.fnir = share_of(row, 10);
    c.fnmr = share_of(row, 13);
    c.people = row.integer(16);
    c.templates = row.integer(17);
    c.genuine = row.integer(18);
    c.impostors = row.integer(19);
    c.searches = row.integer(20);
    c.curve = row.text(21);
    c.created_at = from_ms(row.integer(22));
    return c;
}

}  // namespace

void Calibrations::put(Calibration const& c) {
    Query{*m_connection,
          "INSERT OR REPLACE INTO calibration (modality, contract, metric, identify, verify, target_fpir, target_fmr, fpir, "
          "fpir_low,"
          " fpir_high, fnir, fnir_low, fnir_high, fnmr, fnmr_low, fnmr_high, people, templates, genuine, impostors, searches, "
          "curve,"
          " created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
          name_of(c.modality),
          c.contract,
          c.metric,
          c.identify,
          c.verify,
          c.target_fpir,
          c.target_fmr,
          c.fpir.value,
          c.fpir.low,
          c.fpir.high,
          c.fnir.value,
          c.fnir.low,
          c.fnir.high,
          c.fnmr.value,
          c.fnmr.low,
          c.fnmr.high,
          c.people,
          c.templates,
          c.genuine,
          c.impostors,
          c.searches,
          c.curve,
          to_ms(c.created_at)}
        .run();
}

std::optional<Calibration> Calibrations::get(Modality modality, std::string_view contract, std::string_view metric) const {
    static std::string const k_sql =
        fmt::format("SELECT {} FROM calibration WHERE modality = ? AND contract = ? AND metric = ?", k_columns);
    Query query{*m_connection, k_sql, name_of(modality), contract, metric};
    if (!query.next()) return std::nullopt;
    return calibration_of(query);
}

std::vector<Calibration> Calibrations::list() const {
    static std::string const k_sql =
        fmt::format("SELECT {} FROM calibration ORDER BY created_at DESC, modality, metric", k_columns);
    Query query{*m_connection, k_sql};
    std::vector<Calibration> rows;
    while (query.next())
        rows.push_back(calibration_of(query));
    return rows;
}

bool Calibrations::remove(Modality modality, std::string_view contract, std::string_view metric) {
    return Query{*m_connection, "DELETE FROM calibration WHERE modality = ? AND contract = ? AND metric = ?", name_of(modality),
                 contract, metric}
               .run() > 0;
}

}  // namespace bioctl::store
