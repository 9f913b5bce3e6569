#pragma once
// Files that get their name when they are whole.

#include "lib/base/file.hpp"

namespace bioctl {

/// Where this process writes what is to become `target`: beside it, .NAME.PROCESS.partial.
[[nodiscard]] std::filesystem::path partial_of(std::filesystem::path const& target);

/// Overwrites and deletes what processes that were killed have left of `target`, which may be secret: before this one begins.
/// Throws Error{io, ...} where that is not possible.
void remove_partial_rests(std::filesystem::path const& target);

}  // namespace bioctl
