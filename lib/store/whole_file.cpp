// What is done to the whole file of a store: copied, written anew, kept from others.

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include <SQLiteCpp/Backup.h>
#include <SQLiteCpp/Statement.h>
#include <fmt/format.h>
#include <sqlite3.h>

#include "lib/base/file_copy.hpp"
#include "lib/base/text.hpp"
#include "lib/store/connection.hpp"
#include "lib/store/errors.hpp"
#include "lib/store/sealed_vfs.hpp"
#include "lib/store/upkeep.hpp"

namespace bioctl::store {

namespace {

constexpr int k_pages_at_once = 2048;

void require_outside(Connection const& connection, std::string_view what) {
    if (connection.in_transaction()) throw Error{Kind::bug, fmt::format("{} within write() or read()", what)};
}

/// Ends the snapshot, however the copy ends.
class Snapshot {
public:
    explicit Snapshot(Connection& connection) : m_connection(connection) {
        m_connection.execute("BEGIN");
        // BEGIN alone fixes nothing yet: the first read does.
        static_cast<void>(m_connection.integer("SELECT count(*) FROM sqlite_schema"));
    }
    ~Snapshot() { m_connection.rollback(); }
    Snapshot(Snapshot const&) = delete;
    Snapshot& operator=(Snapshot const&) = delete;

private:
    Connection& m_connection;
};

// As the store itself is made: for its owner only, and never in the place of something else.
void make_target(fs::path const& target) {
    int const file = ::open(target.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) throw_errno(fmt::format("cannot make {}", printable(target.string())), errno, Kind::cannot_create);
    ::close(file);
}

/// The process that has SQLite's shared lock on the file; 0 if none is known. https://www.sqlite.org/src/file/src/os_unix.c: 510
/// bytes, two behind the first GB.
int holder_of(fs::path const& file) {
    int const descriptor = ::open(file.c_str(), O_RDWR | O_CLOEXEC);
    if (descriptor < 0) return 0;
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    lock.l_start = 0x40000000 + 2;
    lock.l_len = 510;
    bool const is_held = ::fcntl(descriptor, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
    ::close(descriptor);
    return is_held ? static_cast<int>(lock.l_pid) : 0;
}

Error in_use(fs::path const& file) {
    auto const holder = holder_of(file);
    return {Kind::busy, fmt::format("{} is in use by {}; stop it and try again", printable(file.string()),
                                    holder > 0 ? fmt::format("process {}", holder) : std::string{"another process"})};
}

void copy(Connection& source, fs::path const& target, std::function<void()> const& began,
          std::function<bool(std::int64_t, std::int64_t)> const& go_on) {
    require_outside(source, "copy_to()");
    make_target(target);
    // The steps use the snapshot that is open: what others commit between two of them does not make SQLite begin again.
    Snapshot const snapshot{source};
    began();
    try {
        auto const* const layer = vfs_name(source.vault());  // a copy of a sealed store is sealed
        SQLite::Database copy{target.native(), SQLite::OPEN_READWRITE | SQLite::OPEN_NOMUTEX, 0, layer == nullptr ? "" : layer};
        reserve_page_extra(copy.getHandle(), source.vault());
        copy.exec("PRAGMA synchronous = FULL");
        SQLite::Backup backup{copy, source.database()};
        for (int result = SQLITE_OK; result != SQLITE_DONE;) {
            result = backup.executeStep(k_pages_at_once);
            if (result == SQLITE_BUSY || result == SQLITE_LOCKED) ::sqlite3_sleep(5);
            auto const total = backup.getTotalPageCount();
            if (!go_on(total - backup.getRemainingPageCount(), total))
                throw Error{Kind::busy, fmt::format("stopped while copying {}", printable(source.file().string()))};
        }
    } catch (SQLite::Exception const& exception) {
        // SQLite::Backup knows no extended codes.
        int const extended = exception.getExtendedErrorCode();
        throw sqlite_error(extended >= 0 ? extended : exception.getErrorCode(), exception.what(), target);
    }
}

}  // namespace

void Upkeep::copy_to(fs::path const& target, std::function<void()> const& began,
                     std::function<bool(std::int64_t done, std::int64_t total)> const& go_on) {
    copy(*m_connection, target, began, go_on);
}

void copy_as_it_is(fs::path const& file, fs::path const& target) {
    Connection source{file, {.access = Access::read_only}};
    copy(
        source, target, [] {}, [](std::int64_t, std::int64_t) { return true; });
}

void Upkeep::vacuum() {
    require_outside(*m_connection, "vacuum()");
    // The store keeps its temporary tables in memory; a whole copy may not fit there. Nobody but us uses SQLite now.
    auto const folder = m_connection->file().parent_path();
    struct Elsewhere {
        explicit Elsewhere(char const* path) { ::sqlite3_temp_directory = ::sqlite3_mprintf("%s", path); }
        ~Elsewhere() {
            ::sqlite3_free(::sqlite3_temp_directory);
            ::sqlite3_temp_directory = nullptr;
        }
        Elsewhere(Elsewhere const&) = delete;
        Elsewhere& operator=(Elsewhere const&) = delete;
    } const elsewhere{folder.c_str()};
    m_connection->execute("PRAGMA temp_store = FILE");
    m_connection->execute("VACUUM");
    m_connection->execute("PRAGMA temp_store = MEMORY");
}

SoleHold::SoleHold(fs::path const& file) {
    m_connection = std::make_unique<Connection>(file, Options{.busy_timeout = std::chrono::milliseconds{500}});
    try {
        // In this mode the lock that the switch takes is kept.
        m_connection->execute("PRAGMA locking_mode = EXCLUSIVE");
        m_connection->execute("PRAGMA journal_mode = DELETE");
        m_connection->execute("BEGIN EXCLUSIVE");
    } catch (Error const& error) {
        m_connection.reset();
        if (error.kind() != Kind::busy) throw;
        throw in_use(file);
    }
}

bool SoleHold::is_sealed() const {
    return m_connection->vault() != nullptr;
}

void SoleHold::write_anew(fs::path const& target, std::shared_ptr<Vault const> const& vault) {
    make_target(target);
    // VACUUM wants no transaction; the lock is kept between two of them.
    m_connection->execute("COMMIT");
    m_connection->execute("PRAGMA temp_store = MEMORY; PRAGMA page_size = 4096");  // what the layer takes
    reserve_page_extra(m_connection->database().getHandle(), vault);               // after it: the size sets it back
    try {
        // Without a name for it, the new file would get the layer of the old one.
        SQLite::Statement statement{m_connection->database(), "VACUUM INTO ?"};
        statement.bind(1, file_uri(target, fmt::format("?vfs={}", vault ? vfs_name(vault) : ::sqlite3_vfs_find(nullptr)->zName)));
        statement.exec();
    } catch (SQLite::Exception const& exception) {
        throw sqlite_error(exception.getExtendedErrorCode(), exception.what(), target);
    }
    m_connection->execute("BEGIN EXCLUSIVE");
    sync_file(target);
}

SoleHold::SoleHold(SoleHold&&) noexcept = default;
SoleHold::~SoleHold() = default;

}  // namespace bioctl::store
