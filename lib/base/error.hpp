#pragma once
// The one error type of bioctl. lib/ throws it or returns it inside a Result; cmd/main.cpp turns its Kind into an exit code.

#include <stdexcept>
#include <string>
#include <string_view>

namespace bioctl {

/// What went wrong, as the caller has to react to it. The exit codes in brackets are given by cmd/main.cpp (sysexits(3)).
enum class Kind {
    usage,          ///< the command line is wrong [64]
    data,           ///< a file or a message is not what it claims to be [65]
    no_input,       ///< a file, model, person or gallery asked for is not there [66]
    no_host,        ///< a host name is unknown [68]
    unavailable,    ///< a peer cannot be reached [69]
    bug,            ///< an assumption of ours does not hold [70]
    cannot_create,  ///< an output cannot be created: no such folder, read-only medium [73]
    io,             ///< reading or writing failed half-way: full disk, damaged medium [74]
    busy,           ///< somebody else holds it; the same call may succeed later [75]
    protocol,       ///< a peer speaks nonsense [76]
    permission,     ///< access refused [77]
    config,         ///< a setting is wrong or missing [78]
};

/// A failure with a message for people: the thing, the cause and the next step ("gate.jpg: truncated JPEG; copy it again").
class Error : public std::runtime_error {
public:
    Error(Kind kind, std::string const& message) : std::runtime_error(message), m_kind(kind) {}

    [[nodiscard]] Kind kind() const noexcept { return m_kind; }
    [[nodiscard]] std::string message() const { return what(); }

    /// The same failure seen from one level up: "prefix: message". The kind stays.
    [[nodiscard]] Error within(std::string_view prefix) const;

private:
    Kind m_kind;
};

/// Throws Error{kind, "<what>: <strerror(error_number)>"}; ENOSPC and EIO become Kind::io, EACCES and EPERM Kind::permission,
/// ENOENT and ENOTDIR Kind::no_input, EROFS Kind::cannot_create; `otherwise` is the kind of everything else.
[[noreturn]] void throw_errno(std::string_view what, int error_number, Kind otherwise);

/// The Error that throw_errno would throw.
[[nodiscard]] Error errno_error(std::string_view what, int error_number, Kind otherwise);

}  // namespace bioctl
