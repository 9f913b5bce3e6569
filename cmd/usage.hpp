#pragma once
// The short help: fits a screen, needs no man page.

#include <string>
#include <vector>

#include "cmd/verb.hpp"

namespace bioctl::cmd {

/// The verbs by group, as `bioctl` prints them.
[[nodiscard]] std::string verb_list(std::vector<Verb> const& table);

/// Arguments and options of one verb, as `bioctl VERB --help` prints them.
[[nodiscard]] std::string verb_usage(std::string_view noun, Verb const& verb);

/// The verbs of a noun, as `bioctl people --help` prints them. `name` is the way to it: "people", "accounts keys".
[[nodiscard]] std::string noun_usage(std::string_view name, Verb const& noun);

/// "Faces", ...
[[nodiscard]] std::string_view title_of(Group group);

}  // namespace bioctl::cmd
