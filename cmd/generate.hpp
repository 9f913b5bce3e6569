#pragma once
// What is written from the table of verbs: the changing parts of the man pages, and the completions.

#include <string>
#include <string_view>
#include <vector>

#include "cmd/verb.hpp"

namespace bioctl::cmd {

/// A man page in scdoc with the parts between `; begin X` and `; end X` written anew. `row` is nullptr for bioctl(1).
/// X: synopsis and options; in bioctl(1) verbs and global options; in any page settings.
/// Throws Error{data} naming the page and the line for an unknown part, one without end, and a page without its parts.
[[nodiscard]] std::string regenerated(std::string_view page, std::string_view name, Verb const* row,
                                      std::vector<Verb> const& table);

[[nodiscard]] std::string bash_completion(std::vector<Verb> const& table);
[[nodiscard]] std::string zsh_completion(std::vector<Verb> const& table);
[[nodiscard]] std::string fish_completion(std::vector<Verb> const& table);

/// 'text' for a shell, quotes within doubled the way bash and zsh want it.
[[nodiscard]] std::string shell_quoted(std::string_view text);

}  // namespace bioctl::cmd
