#pragma once
// The store as a thing to look after: how large it is, whether it is whole, which files it names, a copy of it.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/clock.hpp"
#include "lib/base/vault.hpp"
#include "lib/store/dump.hpp"
#include "lib/store/modality.hpp"
#include "lib/store/store.hpp"

namespace bioctl::store {

struct Statistics {
    std::int64_t page_bytes = 0, pages = 0, free_pages = 0;
    struct Templates {
        Modality modality{};
        std::string contract;
        std::int64_t templates = 0;
    };
    std::vector<Templates> templates;
    /// A table, or what is in it; "" or the state; how many rows.
    struct Rows {
        std::string what, of;
        std::int64_t rows = 0;
    };
    std::vector<Rows> rows;
    std::int64_t events = 0;
    std::optional<Timestamp> oldest_event, newest_event;  ///< by the time of the event
};

enum class FileKind { portrait, picture };

/// A file below media/ that a row names.
struct FileUse {
    FileKind kind{};
    std::string path;
    std::int64_t event = 0;  ///< of a picture
};

/// Rows that refer to a row which is not there.
struct BrokenReference {
    std::string table, parent;
    std::int64_t rows = 0;
};

class Upkeep {
public:
    // Within read() or write().
    [[nodiscard]] Statistics statistics() const;
    /// What SQLite's integrity check finds, at most so many lines; empty if the file is whole. Reads every page.
    [[nodiscard]] std::vector<std::string> damage(int most) const;
    [[nodiscard]] std::vector<BrokenReference> broken_references() const;
    /// Every portrait once, by path, then the pictures of events, by event. `visit` returns false to stop. Memory stays flat.
    void each_file(std::function<bool(FileUse const&)> const& visit) const;
    /// The path of the picture that is stored for this event, "" if there is none.
    [[nodiscard]] std::string picture_of(std::int64_t event) const;
    /// The tables by name, the rows in the order of the file, see dump.hpp. Memory stays flat.
    void each_row(std::function<void(DumpTable const&)> const& on_table,
                  std::function<void(std::span<Cell const>)> const& on_row) const;
    /// Within write(): the templates of this portrait go on without it. Returns how many those are.
    int forget_portrait(std::string_view path);

    // Outside of both: Error{bug} else.

    /// Copies what the store holds at one moment into a new file, while others read and write. `began` is called when the moment
    /// is fixed: no change that is committed later is in the copy. Then `go_on` is called every few MB with the pages done and
    /// in all; false throws Error{busy}. The copy is on the disk when this returns. Error{cannot_create} if `target` is there.
    void copy_to(fs::path const& target, std::function<void()> const& began,
                 std::function<bool(std::int64_t done, std::int64_t total)> const& go_on);
    /// Writes the file anew without its free pages: first to a file without a name in the same folder, then through the log, so
    /// twice its size is needed meanwhile. Error{busy} if another process writes or reads. Not while other threads use SQLite.
    void vacuum();

private:
    friend class Store;
    explicit Upkeep(Connection& connection) : m_connection(&connection) {}
    Connection* m_connection;
};

/// As Upkeep::copy_to(), of a store whose schema may be older than this program's: the copy has that, too.
void copy_as_it_is(fs::path const& file, fs::path const& target);

/// Keeps everybody else from the store in `file` for as long as it lives: to put another in its place. Its log is written back
/// first and switched off, so that the file alone is the whole truth, and a process that has opened it before finds that out.
class SoleHold {
public:
    /// Throws Error: busy, naming the process where that is known, if anybody has it open; else as Store::open. No other
    /// connection of this process may be open: those of POSIX locks are lost.
    explicit SoleHold(fs::path const& file);
    SoleHold(SoleHold&&) noexcept;
    ~SoleHold();

    [[nodiscard]] bool is_sealed() const;
    /// Writes what the store holds to the new file `target`, row by row: sealed, or in clear without a Vault. It is on the disk
    /// when this returns. Throws Error: cannot_create if `target` is there; io on a full disk.
    void write_anew(fs::path const& target, std::shared_ptr<Vault const> const& vault);

private:
    std::unique_ptr<Connection> m_connection;
};

}  // namespace bioctl::store
