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

}  // namespace bioctl
