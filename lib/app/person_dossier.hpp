#pragma once
// All that is held about one person, in files that the person can read: the right of access, and of taking the data along.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/app/moment.hpp"
#include "lib/app/workspace.hpp"
#include "lib/store/store.hpp"

namespace bioctl::app {

struct DossierPlace {
    store::Store& store;
    fs::path media_dir;
    Zone const& zone;  ///< of local times
};

struct Dossier {
    fs::path folder;
    std::int64_t templates = 0, portraits = 0, events = 0, pictures = 0, deliveries = 0, terminals = 0, audit_rows = 0;
    std::vector<std::string> missing{};  ///< pictures, below media/, that the store knows and the disk has not
};

/// Writes <folder>/README.txt (Indonesian and English), person.json, templates.json, events.json, deliveries.json,
/// terminals.json, audit.json and media/ as of one moment; folders 0700, files 0600, synced. It appears whole or not at all;
/// killed, it leaves
/// ".<folder>.bioctl-part" beside it, which the next run deletes. What the audit log says of others who changed something is not
/// left out: who looked after the data belongs to it.
///
/// Throws Error{no_input} if nothing is held of this id, {cannot_create} if the folder is there and not empty.
Dossier export_dossier(DossierPlace const& place, Clock const& clock, std::string_view id, fs::path const& folder);

/// The texts of the files. Inside Store::read().
[[nodiscard]] std::string dossier_person(store::Store& store, std::string_view id);
[[nodiscard]] std::string dossier_templates(store::Store& store, std::string_view id, Dossier& dossier,
                                            std::vector<std::string>& portraits);
[[nodiscard]] std::string dossier_events(store::Store& store, std::string_view id, Zone const& zone, Dossier& dossier,
                                         std::vector<std::string>& pictures);
[[nodiscard]] std::string dossier_deliveries(store::Store& store, std::string_view id, Dossier& dossier);
[[nodiscard]] std::string dossier_terminals(store::Store& store, std::string_view id, Dossier& dossier);
[[nodiscard]] std::string dossier_audit(store::Store& store, std::string_view id, Dossier& dossier);

}  // namespace bioctl::app
