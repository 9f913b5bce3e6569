// Store::open, step by step: whose file is it, make it, migrate it, switch it to write-ahead logging.

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>

#include <fmt/format.h>

#include "lib/base/file.hpp"
#include "lib/base/text.hpp"
#include "lib/store/connection.hpp"
#include "lib/store/errors.hpp"
#include "lib/store/migrations.hpp"
#include "lib/store/sealed_vfs.hpp"
#include "lib/store/store.hpp"

namespace bioctl::store {

namespace {

// Faces are personal data: nobody but the owner reads them.
constexpr mode_t k_file_mode = 0600;

using OnClose = Connection::OnClose;

Error with_advice(Error const& error) {
    return {error.kind(), fmt::format("{}; check the folder, or set BIOCTL_DATA_DIR to another", error.message())};
}

// mknod() and not open(): to close a descriptor of a file drops the locks that the process holds on it, SQLite's too.
void make_file(fs::path const& file) {
    std::error_code ignored;
    if (fs::exists(file, ignored)) return;
    try {
        make_private_folders(file.parent_path());
        if (::mknod(file.c_str(), S_IFREG | k_file_mode, 0) != 0 && errno != EEXIST)
            throw_errno(fmt::format("cannot make {}", printable(file.string())), errno, Kind::cannot_create);
    } catch (Error const& error) {
        throw with_advice(error);
    }
}

void check_identity(Connection& connection) {
    auto const name = printable(connection.file().string());
    if (connection.integer("PRAGMA application_id") != k_application_id) {
        throw Error{Kind::data, fmt::format("{} is the database of another program; move it away, or set BIOCTL_DATA_DIR", name)};
    }
    auto const version = connection.integer("PRAGMA user_version");
    if (version > newest_schema_version()) {
        throw Error{Kind::config, fmt::format("{} was written by a newer bioctl (schema {}, this one knows {}); install that one",
                                              name, version, newest_schema_version())};
    }
}

bool has_content(fs::path const& file, char const* suffix) {
    std::error_code error;
    auto const size = fs::file_size(fs::path{file.native() + suffix}, error);
    return !error && size > 0;
}

bool has_log(fs::path const& file) {
    return has_content(file, "-wal") || has_content(file, "-journal");
}

// The power went while the file was made: later pages came to the disk, its header did not, and the journal beside it tells
// SQLite to begin anew. Nothing of a stranger's begins like that.
bool was_being_made(fs::path const& file) {
    constexpr std::string_view k_magic{"SQLite format 3\0", 16};
    if (!has_content(file, "-journal")) return false;
    std::array<char, k_magic.size()> begin{};
    std::ifstream in{file, std::ios::binary};
    in.read(begin.data(), begin.size());
    if (std::string_view{begin.data(), begin.size()} == k_magic) return false;
    return std::equal(begin.begin(), begin.end(), k_magic.begin(), [](char a, char b) { return a == '\0' || a == b; });
}

// Reads only the header of the file, without locks and without the log, so that nothing of a stranger's is touched. What a store
// needs to be known by is in the header from its first transaction on: that one is made before the log exists.
void refuse_strangers(fs::path const& file, Options const& options) {
    std::error_code ignored;
    if (!fs::is_regular_file(file, ignored)) throw cannot_open(file, options.access, "not there");
    if (fs::file_size(file, ignored) == 0 || was_being_made(file)) return;
    if (vault_of_store(file)) return;  // what opens with our key is ours
    bool const is_alone = !has_log(file);
    Connection header{file, {.access = Access::read_only, .busy_timeout = options.busy_timeout}, View::frozen};
    // While another process writes its log back, the file may be shorter than its header says.
    header.execute("PRAGMA writable_schema = ON");
    check_identity(header);
    // SQLite takes a last page that is cut off for a whole one. With a log it may be right: the page can be in there.
    auto const page_size = static_cast<std::uintmax_t>(header.integer("PRAGMA page_size"));
    if (is_alone && fs::file_size(file, ignored) % page_size != 0) throw damaged(file, "cut off within a page");
}

void configure(Connection& connection) {
    connection.execute(
        "PRAGMA foreign_keys = ON;"
        "PRAGMA secure_delete = ON;"
        "PRAGMA synchronous = FULL;"   // a template that was acknowledged survives a power cut
        "PRAGMA cache_size = -65536;"  // at most 64 MB: in the order of people, pages are visited more than once
        "PRAGMA temp_store = MEMORY;"  // no vectors in files of /tmp
        "PRAGMA trusted_schema = OFF;"
        "PRAGMA cell_size_check = ON;");
}

// Version 0 is an empty file. Another process may have done the step in the meantime: then there is nothing left to do.
void migrate_one(Connection& connection, std::int64_t from) {
    connection.execute("BEGIN IMMEDIATE");
    try {
        if (connection.integer("PRAGMA user_version") == from) {
            connection.execute(migrations()[static_cast<std::size_t>(from)]);
            connection.execute(fmt::format("PRAGMA application_id = {}", k_application_id).c_str());
            connection.execute(fmt::format("PRAGMA user_version = {}", from + 1).c_str());
        }
        connection.execute("COMMIT");
    } catch (...) {
        connection.rollback();
        throw;
    }
}

// Needs a moment alone with the file, for which SQLite does not always wait by itself.
void switch_to_log(Connection& connection) {
    auto const deadline = std::chrono::steady_clock::now() + connection.options().busy_timeout;
    for (;;) {
        try {
            return connection.execute("PRAGMA journal_mode = WAL");
        } catch (Error const& error) {
            if (error.kind() != Kind::busy || std::chrono::steady_clock::now() >= deadline) throw;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
}

void migrate(Connection& connection) {
    for (auto version = connection.integer("PRAGMA user_version"); version < newest_schema_version(); ++version)
        migrate_one(connection, version);
}

std::unique_ptr<Connection> open_writer(fs::path const& file, Options const& options) {
    make_file(file);
    refuse_strangers(file, options);
    auto connection = std::make_unique<Connection>(file, options);
    connection->set_on_close(OnClose::leave);
    configure(*connection);
    if (connection->integer("PRAGMA page_count") > 0) check_identity(*connection);  // after a journal was rolled back
    migrate(*connection);
    check_identity(*connection);  // a newer bioctl may have been faster
    switch_to_log(*connection);
    connection->set_on_close(OnClose::checkpoint);
    return connection;
}

// While a backup was put in its place, the file itself was written: if a process died then, or its disk was full, only who writes
// can undo the half of that. False if this process may not.
bool roll_back(fs::path const& file, Options const& options) {
    if (!has_content(file, "-journal")) return false;
    try {
        Connection writer{file, {.access = Access::read_write, .busy_timeout = options.busy_timeout}};
        (void)writer.integer("PRAGMA user_version");
    } catch (Error const& error) {
        if (error.kind() != Kind::permission && error.kind() != Kind::cannot_create) throw;
        return false;
    }
    return true;
}

// After a refusal. A store on a medium or in a folder that cannot be written: SQLite cannot make its files there. As long as
// there is no log, the file alone is the whole truth.
std::unique_ptr<Connection> open_after(Error const& cause, fs::path const& file, Options const& options) {
    bool const is_denied = cause.kind() == Kind::permission || cause.kind() == Kind::cannot_create;
    if (!is_denied) throw Error{cause};
    if (roll_back(file, options)) return std::make_unique<Connection>(file, options);
    if (has_log(file)) {
        throw Error{cause.kind(),
                    fmt::format("{} has changes in a log beside it, which can only be read where files can be made; "
                                "copy them all to a folder that can be written",
                                printable(file.string()))};
    }
    return std::make_unique<Connection>(file, options, View::frozen);
}

std::unique_ptr<Connection> open_reader(fs::path const& file, Options const& options) {
    if (!Store::exists(file)) {
        throw Error{Kind::no_input,
                    fmt::format("{} is not there: nobody is enrolled; begin with `bioctl enroll`", printable(file.string()))};
    }
    refuse_strangers(file, options);
    // A reader cannot roll it back.
    if (was_being_made(file)) (void)open_writer(file, {.access = Access::read_write, .busy_timeout = options.busy_timeout});
    auto connection = std::make_unique<Connection>(file, options);
    try {
        (void)connection->integer("SELECT count(*) FROM sqlite_schema");
    } catch (Error const& error) {
        connection = open_after(error, file, options);
    }
    configure(*connection);
    check_identity(*connection);
    if (connection->integer("PRAGMA user_version") < newest_schema_version()) {
        connection.reset();
        (void)open_writer(file, {.access = Access::read_write, .busy_timeout = options.busy_timeout});
        return open_reader(file, options);
    }
    return connection;
}

}  // namespace

Store Store::open(fs::path const& file, Options const& options) {
    auto const absolute = fs::absolute(file);
    return Store{options.access == Access::read_only ? open_reader(absolute, options) : open_writer(absolute, options)};
}

int Store::version_of(fs::path const& file) {
    auto const absolute = fs::absolute(file);
    Options const options{.access = Access::read_only};
    if (!exists(absolute)) throw Error{Kind::no_input, fmt::format("{} is not there", printable(absolute.string()))};
    refuse_strangers(absolute, options);
    auto connection = std::make_unique<Connection>(absolute, options);
    try {
        return static_cast<int>(connection->integer("PRAGMA user_version"));
    } catch (Error const& error) {
        connection = open_after(error, absolute, options);
        return static_cast<int>(connection->integer("PRAGMA user_version"));
    }
}

Store Store::in_memory() {
    auto connection = std::make_unique<Connection>(k_in_memory, Options{});
    configure(*connection);
    migrate(*connection);
    return Store{std::move(connection)};
}

bool Store::exists(fs::path const& file) {
    std::error_code error;
    auto const status = fs::status(file, error);
    if (status.type() == fs::file_type::not_found) return false;
    return !fs::is_regular_file(status) || fs::file_size(file, error) > 0;
}

}  // namespace bioctl::store
