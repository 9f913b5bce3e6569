#pragma once
// What can be typed, as data: read once from the declared options, used by the short help, the man pages and the completions.

#include <string>
#include <string_view>
#include <vector>

#include "cmd/verb.hpp"

namespace bioctl::cmd {

/// An option, or a positional argument (then `names` is empty).
struct Argument {
    std::vector<std::string> names;  ///< with dashes, short ones first: "-t", "--threshold"
    std::string value;               ///< "DISTANCE", "warn|reject|allow"; "" for a flag
    std::vector<std::string> choices;
    std::string summary;
    std::string default_value;  ///< "" if there is none worth telling
    bool is_required = false;
    bool is_repeated = false;

    [[nodiscard]] bool is_option() const { return !names.empty(); }
    [[nodiscard]] bool is_flag() const { return is_option() && value.empty(); }
};

struct VerbSyntax {
    std::string name;  ///< with its noun: "people list"
    std::string summary;
    Group group{};
    std::vector<Argument> positionals, options;

    /// "bioctl people show [OPTION]... ID"
    [[nodiscard]] std::string usage() const;
};

/// A noun with the way to it.
struct NounSyntax {
    std::string name;  ///< "people", "accounts keys"
    Verb const* row = nullptr;
};

/// `noun` is "" for verbs of one word.
[[nodiscard]] VerbSyntax syntax_of(std::string_view noun, Verb const& verb);

/// Every verb that runs, in the order of the table.
[[nodiscard]] std::vector<VerbSyntax> all_syntax(std::vector<Verb> const& table);

/// Every noun, before those below it.
[[nodiscard]] std::vector<NounSyntax> all_nouns(std::vector<Verb> const& table);

/// The options every verb takes.
[[nodiscard]] std::vector<Argument> global_options();

/// What the shell completes for a value.
enum class ValueSort { text, file, folder, person, key, verb };
[[nodiscard]] ValueSort sort_of(Argument const& argument);

}  // namespace bioctl::cmd
