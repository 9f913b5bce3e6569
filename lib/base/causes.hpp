#pragma once
// Errors whose cause is known more exactly than their Kind says, for those who answer strangers: a Kind is what a command's exit
// code needs, and does not tell whose fault it was.

#include "lib/base/error.hpp"

namespace bioctl {

/// Something of this machine is broken, such as the store: never the fault of whoever asked, whatever the Kind.
class OwnFault final : public Error {
public:
    using Error::Error;
    OwnFault(Error const& error) : Error(error) {}  // NOLINT: every Error of the store's file is one
};

/// Somebody or something has this name or number already.
class NameTaken final : public Error {
public:
    using Error::Error;
};

/// What is asked for would be possible, and a rule of ours forbids it: the last admin stays.
class RuleForbids final : public Error {
public:
    using Error::Error;
};

/// True for what a service outlasts: the store is locked by somebody else, the disk is full, a peer is away. What it could not do
/// it does later.
[[nodiscard]] inline bool may_pass(Error const& error) {
    switch (error.kind()) {
        case Kind::busy:
        case Kind::io:
        case Kind::unavailable:
        case Kind::cannot_create: return true;
        default: return false;
    }
}

}  // namespace bioctl
