#pragma once
// The store: one SQLite file. The only folder that knows SQL; no SQLite type appears in a header.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "lib/base/clock.hpp"
#include "lib/base/error.hpp"

namespace bioctl::store {

namespace fs = std::filesystem;

class Accounts;
class Alerts;
class ApiKeys;
class Audit;
class Calibrations;
class Connection;  // SQLiteCpp's database plus prepared statements, see connection.hpp (private to store/)
class Devices;
class DevicePeople;
class Erasure;
class Events;
class MaintenanceWindows;
class Hotspot;
class Notifications;
class Onts;
class Outages;
class Outbox;
class People;
class Pings;
class Retention;
class Routers;
class Templates;
class Upkeep;
class WebSessions;

class Together;
class Transaction;

enum class Access { read_only, read_write };

struct Options {
    Access access = Access::read_write;
    /// How long to wait for another process that writes, before Error{Kind::busy}.
    std::chrono::milliseconds busy_timeout{10'000};
};

/// One connection. One thread per Store; open another for another thread.
class Store {
public:
    /// Opens, creates (read_write) and migrates <file>. Throws Error:
    /// no_input (read_only and absent), data (not SQLite, damaged, another program's database), config (written by a newer
    /// bioctl), busy, cannot_create, permission, io. A refused file is left as it was.
    static Store open(fs::path const& file, Options const& options);
    /// An empty one that no file knows of, for rehearsals where there is none yet.
    static Store in_memory();
    /// False if there is nothing at this path, or an empty file.
    static bool exists(fs::path const& file);
    /// The schema version of the file as it is: nothing is migrated. Throws Error as open() for reading; config for a newer one.
    static int version_of(fs::path const& file);

    Store(Store&&) noexcept;
    Store& operator=(Store&&) noexcept;
    ~Store();

    [[nodiscard]] People people();
    [[nodiscard]] Templates templates();
    [[nodiscard]] Devices devices();
    [[nodiscard]] DevicePeople device_people();
    [[nodiscard]] Events events();
    [[nodiscard]] Outbox outbox();
    [[nodiscard]] Onts onts();
    [[nodiscard]] Pings pings();
    [[nodiscard]] Outages outages();
    [[nodiscard]] Alerts alerts();
    [[nodiscard]] MaintenanceWindows maintenance();
    [[nodiscard]] Routers routers();
    [[nodiscard]] Hotspot hotspot();
    [[nodiscard]] Notifications notifications();
    [[nodiscard]] Accounts accounts();
    [[nodiscard]] ApiKeys api_keys();
    [[nodiscard]] WebSessions web_sessions();
    [[nodiscard]] Audit audit();
    [[nodiscard]] Calibrations calibrations();
    [[nodiscard]] Erasure erasure();
    [[nodiscard]] Retention retention();
    [[nodiscard]] Upkeep upkeep();

    /// Runs `work` in one write transaction: all of it is durable when this returns, or nothing happened and the exception goes
    /// on. Error{Kind::bug} within another write() or read(), or on a store opened for reading. While a Together lives, this is a
    /// part of it.
    void write(std::function<void()> const& work);
    /// Runs `work` on one unchanging snapshot; within write() or read() on that one's.
    void read(std::function<void()> const& work);

    [[nodiscard]] int schema_version() const;
    /// Another number than before whenever another connection, of whatever process, has changed something since. Cheap.
    [[nodiscard]] std::int64_t data_version();
    [[nodiscard]] fs::path const& file() const;
    [[nodiscard]] bool is_sealed() const;
    [[nodiscard]] Access access() const;

    /// "ok", or the first lines of SQLite's integrity check.
    [[nodiscard]] std::string integrity();
    /// Moves what the write-ahead log holds into the file and empties it: after deletions of personal data, which are overwritten
    /// in the file, but not in the log. Error{Kind::busy} if another process reads or writes all through the busy time-out.
    void checkpoint();
    /// Writes the whole file anew, page by page, so that nothing is left in it but what the rows hold: SQLite overwrites what is
    /// deleted, but a copy that it left behind when it split a page may outlive the row. Takes memory of about the size of the
    /// file. Error{Kind::busy} while another process writes; checkpoint() afterwards.
    void rewrite();

private:
    friend class Together;
    explicit Store(std::unique_ptr<Connection> connection);
    std::unique_ptr<Connection> m_connection;
    Together* m_together = nullptr;
};

/// Makes one transaction of the write() calls of its life, for a change and the row of the audit log that tells of it: all of
/// them are durable when commit() returns, or none is. checkpoint() and rewrite() have to wait until it is over; files that a
/// write() leaves behind do not go with it. The store must not be moved meanwhile.
class Together {
public:
    /// Takes the right to write. Throws Error as Store::write().
    explicit Together(Store& store);
    Together(Together const&) = delete;
    Together& operator=(Together const&) = delete;
    ~Together();
    /// Error{Kind::bug} if one of the write() calls has failed: what it did by then would stay.
    void commit();

private:
    friend class Store;
    Store& m_store;
    std::unique_ptr<Transaction> m_transaction;
    bool m_has_failed = false;
};

/// The schema version this program writes.
[[nodiscard]] int newest_schema_version();

}  // namespace bioctl::store
