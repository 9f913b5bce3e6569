#pragma once
// ONTs and what they hang on: who they are and where. How they are doing is in pings.hpp.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/clock.hpp"
#include "lib/store/store.hpp"

namespace bioctl::store {

/// What a user sets.
struct OntConfig {
    std::string kind = "ont";   ///< ont, olt, switch
    std::string customer_id{};  ///< unique if not empty; the old services' id_ccbs and id_pelanggan
    std::string name{};
    std::string location{};
    std::optional<double> latitude{}, longitude{};  ///< degrees; both or none
    std::string host{};                             ///< address or name; "": is not pinged (a parent whose outages are inferred)
    std::optional<std::int64_t> parent{};           ///< what it hangs on: id of an OLT, a switch or an ONT
    std::vector<std::string> tags{};                ///< its groups
    bool enabled = true;
    std::string extra{};  ///< JSON object: fields of an imported file that bioctl does not know, for the export; "" = none
    friend bool operator==(OntConfig const&, OntConfig const&) = default;
};

struct Ont {
    std::int64_t id = 0;  ///< never used twice
    OntConfig config;
    std::string parent_name{};      ///< "" = none
    std::string state = "unknown";  ///< unknown, up, down
    bool is_flapping = false;
    Timestamp last_answered{}, asked_at{};  ///< 0: never
    std::optional<std::int64_t> rtt_us{};   ///< of the last answer
    Timestamp created_at{}, updated_at{};
};

/// Statements on `ont`. Use inside Store::write() or read().
class Onts {
public:
    [[nodiscard]] std::vector<Ont> list() const;  ///< by id, those not removed
    [[nodiscard]] std::optional<Ont> get(std::int64_t id) const;
    [[nodiscard]] std::optional<Ont> with_customer_id(std::string_view customer_id) const;
    [[nodiscard]] std::vector<Ont> with_name(std::string_view name) const;  ///< by id; names need not be unique

    /// Of all there are and were, ascending: none of them is to be had again.
    [[nodiscard]] std::vector<std::int64_t> ids_ever() const;

    /// With this id, or the next one. Error{data} if the id or the customer id is taken.
    std::int64_t add(OntConfig const& config, Timestamp now, std::optional<std::int64_t> id = std::nullopt);
    void set(std::int64_t id, OntConfig const& config, Timestamp now);  ///< Error{data} if the customer id is taken
    /// No longer listed nor pinged; its outages and its history stay, its children have no parent. An open outage ends now.
    bool remove(std::int64_t id, Timestamp now);

private:
    friend class Store;
    explicit Onts(Connection& connection) : m_connection(&connection) {}
    Connection* m_connection;
};

}  // namespace bioctl::store
