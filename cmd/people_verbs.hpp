#pragma once
// The rows below `people`, and what they share.

#include "cmd/face_options.hpp"
#include "cmd/verb.hpp"
#include "lib/app/forget.hpp"

namespace bioctl::cmd {

Verb people_rename_verb();   // people_edit.cpp
Verb people_remove_verb();   // people_edit.cpp
Verb people_merge_verb();    // people_edit.cpp
Verb people_forget_verb();   // people_privacy.cpp
Verb people_data_verb();     // people_privacy.cpp
Verb people_import_verb();   // people_transfer.cpp
Verb people_export_verb();   // people_transfer.cpp
Verb people_reembed_verb();  // people_reembed.cpp
Verb people_dedupe_verb();   // people_dedupe.cpp
Verb people_cluster_verb();  // people_dedupe.cpp

/// To write to a store that is there. Where there is none, opening it this way says that nobody is enrolled and makes none.
[[nodiscard]] store::Access access_to_change(Context const& cx);
[[nodiscard]] FaceWorkspace::Opening opening_to_change(Context const& cx);

/// Where a forgotten person is taken out of; refers to `cx`.
[[nodiscard]] app::ForgetPlace forget_place(Context const& cx);

/// Asked between two units of work of a long verb.
[[nodiscard]] bool is_stopped();

}  // namespace bioctl::cmd
