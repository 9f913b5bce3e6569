#pragma once
// Thresholds that were chosen from the people who are enrolled here: one set for each modality, contract and way to measure.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/clock.hpp"
#include "lib/store/modality.hpp"
#include "lib/store/store.hpp"

namespace bioctl::store {

/// A share with its 95 % interval.
struct MeasuredShare {
    double value = 0, low = 0, high = 0;
};

struct Calibration {
    Modality modality = Modality::face;
    std::string contract;  ///< of the templates
    std::string metric;    ///< "unit" or "l2"; "code" for palms
    float identify = 0;    ///< largest distance of a match, 1:N
    float verify = 0;      ///< 1:1
    double target_fpir = 0, target_fmr = 0;
    MeasuredShare fpir{};  ///< of strangers at `identify`; the interval is for strangers still to come
    MeasuredShare fnir{};  ///< what `identify` costs: people who are not named
    MeasuredShare fnmr{};  ///< what `verify` costs: comparisons that say no
    std::int64_t people = 0, templates = 0, genuine = 0, impostors = 0, searches = 0;
    std::string curve{};  ///< JSON: [[threshold, fpir, fnir], ...]
    Timestamp created_at{};
};

/// Statements on the table `calibration`. Use inside Store::write() or read(); lives no longer than its Store.
class Calibrations {
public:
    void put(Calibration const& calibration);  ///< in the place of an earlier one
    [[nodiscard]] std::optional<Calibration> get(Modality modality, std::string_view contract, std::string_view metric) const;
    [[nodiscard]] std::vector<Calibration> list() const;  ///< newest first
    bool remove(Modality modality, std::string_view contract, std::string_view metric);

private:
    friend class Store;
    explicit Calibrations(Connection& connection) : m_connection(&connection) {}
    Connection* m_connection;
};

}  // namespace bioctl::store
