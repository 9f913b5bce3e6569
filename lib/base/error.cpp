#include "lib/base/error.hpp"

#include <cerrno>
#include <system_error>

#include <fmt/format.h>

namespace bioctl {

Error Error::within(std::string_view prefix) const {
    return Error{m_kind, fmt::format("{}: {}", prefix, what())};
}

namespace {

Kind kind_of_errno(int error_number, Kind otherwise) {
    switch (error_number) {
        case ENOSPC:
        case EDQUOT:
        case EIO: return Kind::io;
        case EACCES:
        case EPERM: return Kind::permission;
        case ENOENT:
        case ENOTDIR: return Kind::no_input;
        case EROFS: return Kind::cannot_create;
        default: return otherwise;
    }
}

}  // namespace

Error errno_error(std::string_view what, int error_number, Kind otherwise) {
    return Error{kind_of_errno(error_number, otherwise),
                 fmt::format("{}: {}", what, std::generic_category().message(error_number))};
}

void throw_errno(std::string_view what, int error_number, Kind otherwise) {
    throw errno_error(what, error_number, otherwise);
}

}  // namespace bioctl
