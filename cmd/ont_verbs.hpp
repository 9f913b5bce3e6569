#pragma once
// The rows below `onts`, and what they share.

#include "cmd/device_verbs.hpp"
#include "lib/app/onts.hpp"

namespace bioctl::cmd {

Verb onts_add_verb();               // onts_edit.cpp
Verb onts_edit_verb();              // onts_edit.cpp
Verb onts_remove_verb();            // onts_edit.cpp
Verb onts_import_verb();            // onts_transfer.cpp
Verb onts_export_verb();            // onts_transfer.cpp
Verb onts_check_duplicates_verb();  // onts_duplicates.cpp
Verb onts_history_verb();           // onts_history.cpp

/// The store for verbs that make no sense without ONTs: Error{no_input} with the next step where there is none.
[[nodiscard]] store::Store open_ont_store(Context& cx, store::Access access);

/// `store` for reading will do for a dry run.
[[nodiscard]] app::OntRegistry ont_registry(Context& cx, store::Store& store, app::Mode mode = app::Mode::write);

/// All that is known; "disabled" is a state here.
[[nodiscard]] ui::Fields fields_of(store::Ont const& ont);

/// The columns of lists, and of what add, edit and remove answer.
void begin_ont_columns(Context& cx);

/// A file of ONTs, or standard input for "-".
[[nodiscard]] std::string read_ont_file(Context const& cx, std::string const& file);

}  // namespace bioctl::cmd
