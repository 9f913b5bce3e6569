#include "lib/store/store.hpp"

#include <string>

#include <fmt/format.h>

#include "lib/base/text.hpp"
#include "lib/store/accounts.hpp"
#include "lib/store/alerts.hpp"
#include "lib/store/api_keys.hpp"
#include "lib/store/audit.hpp"
#include "lib/store/calibrations.hpp"
#include "lib/store/connection.hpp"
#include "lib/store/device_people.hpp"
#include "lib/store/devices.hpp"
#include "lib/store/erasure.hpp"
#include "lib/store/events.hpp"
#include "lib/store/hotspot.hpp"
#include "lib/store/maintenance.hpp"
#include "lib/store/notifications.hpp"
#include "lib/store/onts.hpp"
#include "lib/store/outages.hpp"
#include "lib/store/outbox.hpp"
#include "lib/store/people.hpp"
#include "lib/store/pings.hpp"
#include "lib/store/query.hpp"
#include "lib/store/retention.hpp"
#include "lib/store/routers.hpp"
#include "lib/store/templates.hpp"
#include "lib/store/upkeep.hpp"
#include "lib/store/web_sessions.hpp"

namespace bioctl::store {

// Rolls back unless told that all went well.
class Transaction {
public:
    Transaction(Connection& connection, char const* begin) : m_connection(connection) { connection.execute(begin); }
    ~Transaction() {
        if (!m_is_done) m_connection.rollback();
    }
    Transaction(Transaction const&) = delete;
    Transaction& operator=(Transaction const&) = delete;

    void commit() {
        m_connection.execute("COMMIT");
        m_is_done = true;
    }

private:
    Connection& m_connection;
    bool m_is_done = false;
};

Store::Store(std::unique_ptr<Connection> connection) : m_connection(std::move(connection)) {}
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;
Store::~Store() = default;

People Store::people() {
    return People{*m_connection};
}

Templates Store::templates() {
    return Templates{*m_connection};
}

Devices Store::devices() {
    return Devices{*m_connection};
}

DevicePeople Store::device_people() {
    return DevicePeople{*m_connection};
}

Events Store::events() {
    return Events{*m_connection};
}

Outbox Store::outbox() {
    return Outbox{*m_connection};
}

Notifications Store::notifications() {
    return Notifications{*m_connection};
}

Onts Store::onts() {
    return Onts{*m_connection};
}

Routers Store::routers() {
    return Routers{*m_connection};
}

Hotspot Store::hotspot() {
    return Hotspot{*m_connection};
}

Pings Store::pings() {
    return Pings{*m_connection};
}

Outages Store::outages() {
    return Outages{*m_connection};
}

Calibrations Store::calibrations() {
    return Calibrations{*m_connection};
}

Erasure Store::erasure() {
    return Erasure{*m_connection};
}

Retention Store::retention() {
    return Retention{*m_connection};
}

Alerts Store::alerts() {
    return Alerts{*m_connection};
}

MaintenanceWindows Store::maintenance() {
    return MaintenanceWindows{*m_connection};
}

Accounts Store::accounts() {
    return Accounts{*m_connection};
}

ApiKeys Store::api_keys() {
    return ApiKeys{*m_connection};
}

WebSessions Store::web_sessions() {
    return WebSessions{*m_connection};
}

Audit Store::audit() {
    return Audit{*m_connection};
}

Upkeep Store::upkeep() {
    return Upkeep{*m_connection};
}

void Store::write(std::function<void()> const& work) {
    if (m_connection->options().access == Access::read_only) throw Error{Kind::bug, "write() on a store opened for reading"};
    if (m_together != nullptr) {
        // SQLite may have rolled back by itself: what is written now would be alone.
        if (m_together->m_has_failed || !m_connection->in_transaction())
            throw Error{Kind::bug, "write() after one of several changes has failed"};
        try {
            return work();
        } catch (...) {
            m_together->m_has_failed = true;
            throw;
        }
    }
    if (m_connection->in_transaction()) throw Error{Kind::bug, "write() within another write() or read()"};
    Transaction transaction{*m_connection, "BEGIN IMMEDIATE"};
    work();
    transaction.commit();
}

Together::Together(Store& store) : m_store(store) {
    if (store.access() == Access::read_only) throw Error{Kind::bug, "changes to a store opened for reading"};
    if (store.m_connection->in_transaction()) throw Error{Kind::bug, "several changes as one within write() or read()"};
    m_transaction = std::make_unique<Transaction>(*store.m_connection, "BEGIN IMMEDIATE");
    store.m_together = this;
}

Together::~Together() {
    m_store.m_together = nullptr;
}

void Together::commit() {
    if (m_has_failed) throw Error{Kind::bug, "one of several changes has failed, so none can be kept"};
    m_transaction->commit();
    m_store.m_together = nullptr;
}

void Store::read(std::function<void()> const& work) {
    if (m_connection->in_transaction()) return work();
    Transaction transaction{*m_connection, "BEGIN"};
    work();
    transaction.commit();
}

int Store::schema_version() const {
    return static_cast<int>(m_connection->integer("PRAGMA user_version"));
}

std::int64_t Store::data_version() {
    return m_connection->integer("PRAGMA data_version");
}

bool Store::is_sealed() const {
    return m_connection->vault() != nullptr;
}

fs::path const& Store::file() const {
    return m_connection->file();
}

Access Store::access() const {
    return m_connection->options().access;
}

std::string Store::integrity() {
    std::string findings;
    auto const add = [&](std::string_view finding) { findings += fmt::format("{}{}", findings.empty() ? "" : "\n", finding); };
    try {
        Query check{*m_connection, "PRAGMA integrity_check(10)"};
        while (check.next()) {
            if (check.text(0) != "ok") add(check.text(0));
        }
        Query strays{*m_connection, "PRAGMA foreign_key_check"};
        if (strays.next()) add(fmt::format("rows of {} refer to nothing", strays.text(0)));
    } catch (Error const& error) {
        if (error.kind() != Kind::data) throw;
        add(error.message());
    }
    return findings.empty() ? "ok" : findings;
}

void Store::checkpoint() {
    if (m_connection->in_transaction()) throw Error{Kind::bug, "checkpoint() within write() or read()"};
    Query log{*m_connection, "PRAGMA wal_checkpoint(TRUNCATE)"};
    bool const is_busy = log.next() && log.integer(0) != 0;
    if (is_busy) {
        throw Error{Kind::busy,
                    fmt::format("{}: another process is using the store, so its log cannot be written back; try again",
                                printable(file().string()))};
    }
}

void Store::rewrite() {
    if (m_connection->in_transaction()) throw Error{Kind::bug, "rewrite() within write() or read()"};
    m_connection->execute("VACUUM");
}

}  // namespace bioctl::store
