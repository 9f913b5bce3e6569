#pragma once
// The rows below `people`, and what they share.

#include <memory>
#include <optional>
#include <string>

#include "cmd/verb.hpp"
#include "lib/app/workspace.hpp"

namespace bioctl::cmd {

Verb people_rename_verb();   // people_edit.cpp
Verb people_remove_verb();   // people_edit.cpp
Verb people_merge_verb();    // people_edit.cpp
Verb people_import_verb();   // people_transfer.cpp
Verb people_export_verb();   // people_transfer.cpp
Verb people_reembed_verb();  // people_reembed.cpp

/// Store and models opened together, with the Workspace that refers to them.
class PeopleWorkspace {
public:
    PeopleWorkspace(Context& cx, store::Access access);
    PeopleWorkspace(PeopleWorkspace const&) = delete;
    PeopleWorkspace& operator=(PeopleWorkspace const&) = delete;

    [[nodiscard]] app::Workspace const& get() const { return m_workspace; }
    [[nodiscard]] face::ModelRegistry const& registry() const { return m_registry; }

private:
    store::Store m_store;
    face::ModelRegistry m_registry;
    face::ModelSet m_models;
    app::Workspace m_workspace;
};

/// read_write where there is a store; else read_only, whose opening says that nobody is enrolled: nothing is created to change
/// it.
[[nodiscard]] store::Access access_to_change(Context const& cx);

/// Asked between two units of work of a long verb.
[[nodiscard]] bool is_stopped();

}  // namespace bioctl::cmd
