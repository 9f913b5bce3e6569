#pragma once
// The rows below `devices`, and what the verbs about terminals, events and deliveries share.

#include <functional>
#include <string>

#include "cmd/verb.hpp"
#include "lib/app/sync.hpp"
#include "lib/base/file.hpp"

namespace bioctl::cmd {

Verb devices_list_verb();         // devices.cpp
Verb devices_show_verb();         // devices.cpp
Verb devices_add_verb();          // devices_edit.cpp
Verb devices_edit_verb();         // devices_edit.cpp
Verb devices_remove_verb();       // devices_edit.cpp
Verb devices_enable_verb();       // devices_edit.cpp
Verb devices_disable_verb();      // devices_edit.cpp
Verb devices_check_verb();        // devices_check.cpp
Verb devices_listen_verb();       // devices_listen.cpp
Verb devices_push_people_verb();  // devices_push_people.cpp
Verb devices_import_verb();       // devices_transfer.cpp
Verb devices_export_verb();       // devices_transfer.cpp

/// The store for verbs that make no sense without devices: Error{no_input} with the next step where there is none.
[[nodiscard]] store::Store open_device_store(Context& cx, store::Access access);

/// The same for verbs that make no sense without targets.
[[nodiscard]] store::Store open_target_store(Context& cx, store::Access access);

/// The key that secrets in the store are sealed with: <data-dir>/secret.key, made when it is not there.
/// Warns when it was there once.
[[nodiscard]] SealKey seal_key(Context& cx);

/// Error{permission} with the remedy if others may read the file. `what` it holds: "password".
void require_private(std::string const& file, std::string_view what);

/// A secret from a file for its owner only, or from standard input for "-"; one newline at the end is not part of it. `what`:
/// "password".
[[nodiscard]] std::string read_secret(std::string const& file, std::string_view what);

/// Held by whoever syncs. Error{busy} naming the process that does.
[[nodiscard]] FileLock lock_out_syncs(Context const& cx);
/// Of a verb that may run once: "ping-onts" is "pinging" already.
[[nodiscard]] FileLock lock_out_others(Context const& cx, std::string_view verb, std::string_view doing);

/// Held by whoever delivers, and only while it does: a service leaves it between two runs. Waits so long for another;
/// std::nullopt, with a note if it waited, when that goes on.
inline constexpr std::chrono::seconds k_delivery_patience{5};
[[nodiscard]] std::optional<FileLock> delivery_turn(Context const& cx, std::chrono::milliseconds patience);

/// A time that was never is null.
[[nodiscard]] ui::Value time_value(Timestamp time);
[[nodiscard]] ui::Value text_or_null(std::string const& text);

/// Sleeps in short steps, so that a signal ends it.
void pause_until_stopped(std::chrono::milliseconds time);

/// A SyncSetup and what it refers to.
class SyncWorkspace {
public:
    explicit SyncWorkspace(Context& cx);
    [[nodiscard]] app::SyncSetup const& get() const { return m_setup; }
    [[nodiscard]] app::StoreWriter& writer() { return m_writer; }
    [[nodiscard]] SealKey const& key() const { return m_key; }

private:
    SealKey m_key;
    app::StoreWriter m_writer;
    app::SyncSetup m_setup;
};

}  // namespace bioctl::cmd
