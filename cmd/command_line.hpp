#pragma once
// From argv to a row of the table.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cmd/ui/terminal.hpp"
#include "cmd/verb.hpp"
#include "cmd/verb_app.hpp"

namespace bioctl::cmd {

/// Which verb is meant. Found before any option is declared, so that only that verb's are.
struct Call {
    Verb const* noun = nullptr;          ///< the row "people" of "people list", "keys" of "accounts keys list"
    std::string noun_name;               ///< "people", "accounts keys"; "" if there is none
    Verb const* verb = nullptr;          ///< "list" of "people list"; nullptr for a noun alone, and when nothing was named
    std::string unknown;                 ///< a first word that is no verb
    std::vector<std::string> arguments;  ///< all others, in order, options included

    /// "people list"
    [[nodiscard]] std::string name() const;
};

/// Global options may stand before the verb. Throws Error{usage} for another option there, and for a further word that is no verb
/// of its noun.
[[nodiscard]] Call find_call(std::span<std::string const> arguments, std::vector<Verb> const& table);

enum class Wish { run, help, version };

/// Fills the options of `app`. Throws Error{usage} naming the verb, what is wrong and where to read on.
[[nodiscard]] Wish parse(VerbApp& app, Call const& call);

/// For messages before or without parsing: --json and --color, wherever they stand.
[[nodiscard]] ui::TalkOptions early_talk_options(std::span<std::string const> arguments);

}  // namespace bioctl::cmd
