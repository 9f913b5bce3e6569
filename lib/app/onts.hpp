#pragma once
// ONTs as users manage them: add, change, remove, look up. Nothing here sends a packet.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/app/workspace.hpp"
#include "lib/store/onts.hpp"

namespace bioctl::app {

/// What the changes of the registry work on. Before each one that changes anything, the registry as it was is written to
/// `backups_dir`, see ont_backup.hpp.
struct OntRegistry {
    store::Store& store;
    Clock const& clock;
    fs::path backups_dir;
    Mode mode = Mode::write;
};

/// What is to be set; the rest stays, or has its default.
struct OntChange {
    std::optional<std::string> kind{}, customer_id{}, name{}, location{}, host{};
    std::optional<std::string> latitude{}, longitude{};  ///< as parse_coordinate() reads them; "" takes it away
    std::optional<std::string> parent{};                 ///< as require_ont() reads it; "" = none
    std::optional<std::vector<std::string>> tags{};
    std::optional<bool> enabled{};
};

/// Throws Error{usage} naming the field and what it may be: kind (ont, olt, switch), name (1 to 256 bytes), customer id (64),
/// location (512), tags (64 each, 32 of them), all without control characters; host (an address, or a host name); latitude and
/// longitude (both or none, not 0,0); parent (no circle). {data} if the customer id is taken, {no_input} for an unknown parent.
store::Ont add_ont(OntRegistry const& registry, OntChange const& wanted);

/// Throws as add_ont, and as require_ont. A change that changes nothing is none.
store::Ont edit_ont(OntRegistry const& registry, std::string_view reference, OntChange const& change);

/// All of them or, if one is not there, none. Returns what they were.
std::vector<store::Ont> remove_onts(OntRegistry const& registry, std::vector<std::string> const& references);

/// The ONT that is meant: by its id, its customer id, or its name if only one has it; "id:7", "customer:7" and "name:7" say
/// which. Error{no_input} with the nearest name as a hint, {usage} if several can be meant.
[[nodiscard]] store::Ont require_ont(store::Store& store, std::string_view reference);

/// What is looked for; an empty filter fits all. Texts are compared without regard to ASCII case.
struct OntFilter {
    std::optional<std::string> group{}, location{}, kind{};
    std::optional<std::string> parent{};  ///< as require_ont() reads it: what hangs on it directly
    std::optional<std::string> state{};   ///< up, down, unknown, flapping, disabled
    std::optional<std::string> search{};  ///< part of the name, customer id, location, host or a tag
};
[[nodiscard]] std::vector<store::Ont> find_onts(store::Store& store, OntFilter const& filter);

}  // namespace bioctl::app
