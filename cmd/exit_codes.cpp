#include "cmd/exit_codes.hpp"

#include <sysexits.h>

namespace bioctl::cmd {

int exit_code(Kind kind) {
    switch (kind) {
        case Kind::usage: return EX_USAGE;
        case Kind::data: return EX_DATAERR;
        case Kind::no_input: return EX_NOINPUT;
        case Kind::no_host: return EX_NOHOST;
        case Kind::unavailable: return EX_UNAVAILABLE;
        case Kind::bug: return EX_SOFTWARE;
        case Kind::cannot_create: return EX_CANTCREAT;
        case Kind::io: return EX_IOERR;
        case Kind::busy: return EX_TEMPFAIL;
        case Kind::protocol: return EX_PROTOCOL;
        case Kind::permission: return EX_NOPERM;
        case Kind::config: return EX_CONFIG;
    }
    return EX_SOFTWARE;
}

std::string_view name_of(Kind kind) {
    switch (kind) {
        case Kind::usage: return "usage";
        case Kind::data: return "data";
        case Kind::no_input: return "no_input";
        case Kind::no_host: return "no_host";
        case Kind::unavailable: return "unavailable";
        case Kind::bug: return "bug";
        case Kind::cannot_create: return "cannot_create";
        case Kind::io: return "io";
        case Kind::busy: return "busy";
        case Kind::protocol: return "protocol";
        case Kind::permission: return "permission";
        case Kind::config: return "config";
    }
    return "bug";
}

}  // namespace bioctl::cmd
