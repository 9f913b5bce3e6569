#include "lib/store/errors.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <system_error>

#include <fmt/format.h>
#include <sqlite3.h>

#include "lib/base/text.hpp"
#include "lib/base/vault.hpp"

namespace bioctl::store {

namespace {

std::string_view advice(Kind kind) {
    switch (kind) {
        case Kind::permission: return "run as its owner, or set BIOCTL_DATA_DIR to a folder of your own";
        case Kind::cannot_create: return "set BIOCTL_DATA_DIR to a folder that can be written";
        default: return "see `bioctl doctor`";
    }
}

Error with_advice(std::string_view what, int error_number, Kind otherwise) {
    auto const error = errno_error(what, error_number, otherwise);
    return Error{error.kind(), fmt::format("{}; {}", error.message(), advice(error.kind()))};
}

// errno, or 0 if the effective user may do this.
int denial(fs::path const& path, int mode) {
    return ::faccessat(AT_FDCWD, path.c_str(), mode, AT_EACCESS) == 0 ? 0 : errno;
}

std::optional<Error> denied_write(fs::path const& file) {
    if (int const error = denial(file, W_OK); error != 0) {
        return with_advice(fmt::format("{} cannot be written", printable(file.string())), error, Kind::io);
    }
    // The write-ahead log is made beside the file.
    auto const folder = file.parent_path();
    if (int const error = denial(folder, W_OK | X_OK); error != 0) {
        return with_advice(fmt::format("the folder {} cannot be written", printable(folder.string())), error, Kind::io);
    }
    return std::nullopt;
}

Error read_only(std::string const& name, int code, fs::path const& file) {
    if (code == SQLITE_READONLY_DBMOVED) {
        return {Kind::io, fmt::format("{} was moved or replaced while it was in use; start again", name)};
    }
    if (auto denied = denied_write(file)) return *denied;
    return {Kind::cannot_create, fmt::format("{} cannot be written; {}", name, advice(Kind::cannot_create))};
}

Error disk_full(std::string const& name) {
    return {Kind::io, fmt::format("{}: disk full; make room and try again, the store is as it was before", name)};
}

/// SQLite calls it an I/O error when the disk has no room for the shared memory beside the store.
bool has_no_room(fs::path const& file) {
    constexpr std::uintmax_t k_least = 64 * 1024;
    std::error_code error;
    auto const space = fs::space(file.parent_path(), error);
    return !error && space.available < k_least;
}

}  // namespace

OwnFault sqlite_error(int code, std::string_view cause, fs::path const& file) {
    auto const name = printable(file.string());
    switch (code & 0xFF) {  // the low byte of an extended code is the plain one
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_PROTOCOL: return {Kind::busy, fmt::format("{}: another process is writing; wait for it and try again", name)};
        case SQLITE_FULL: return disk_full(name);
        case SQLITE_READONLY: return read_only(name, code, file);
        case SQLITE_CORRUPT: return damaged(file, cause);
        case SQLITE_NOTADB:
            if (Vault::is_sealed(file.parent_path()))
                return {Kind::busy, fmt::format("{} was sealed or opened meanwhile; start again", name)};
            return {Kind::data,
                    fmt::format(
                        "{} is not a bioctl store ({}); move it away or restore a backup; a sealed one wants its {} beside it",
                        name, cause, k_envelope)};
        case SQLITE_CANTOPEN: return cannot_open(file, Access::read_write, cause);
        case SQLITE_PERM:
        case SQLITE_AUTH: return {Kind::permission, fmt::format("{}: {}; {}", name, cause, advice(Kind::permission))};
        case SQLITE_IOERR:
            if (code == SQLITE_IOERR_DATA) return damaged(file, "a page is not what was sealed");
            if (has_no_room(file)) return disk_full(name);
            [[fallthrough]];
        case SQLITE_NOLFS:
        case SQLITE_NOMEM:
            return {Kind::io, fmt::format("{}: {}; check the disk and the free memory, then try again", name, cause)};
        default: return {Kind::bug, fmt::format("{}: {} (SQLite {})", name, cause, code)};
    }
}

OwnFault damaged(fs::path const& file, std::string_view cause) {
    return {Kind::data, fmt::format("{}: the store is damaged ({}); restore a backup, `bioctl doctor` tells more",
                                    printable(file.string()), cause)};
}

OwnFault cannot_open(fs::path const& file, Access access, std::string_view cause) {
    auto const name = printable(file.string());
    std::error_code ignored;
    if (fs::exists(file, ignored) && !fs::is_regular_file(file, ignored)) {
        return {Kind::data, fmt::format("{} is not a file, so it cannot be the store; move it away", name)};
    }
    if (int const error = denial(file, R_OK); error != 0) {
        return with_advice(fmt::format("{} cannot be read", name), error, Kind::io);
    }
    if (access == Access::read_write) {
        if (auto denied = denied_write(file)) return *denied;
    }
    return {Kind::io, fmt::format("{}: {}; check the disk and the folder it lies in", name, cause)};
}

}  // namespace bioctl::store
