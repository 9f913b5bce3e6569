#pragma once
// Templates from elsewhere: the old service's .npy files, and the JSON of people export. Importing the same again adds nothing.

#include <functional>
#include <istream>
#include <string>
#include <variant>

#include "lib/app/enrol.hpp"
#include "lib/app/people_transfer.hpp"

namespace bioctl::app {

enum class RefusalReason { bad_id, bad_record, bad_vector, other_contract, unreadable };
/// "bad_id", "bad_record", ...
[[nodiscard]] std::string_view name_of(RefusalReason reason);

struct Refusal {
    RefusalReason reason{};
    std::string detail;  ///< one line for people, without the file's name
};

struct Imported {
    std::size_t added = 0;      ///< templates
    std::size_t unchanged = 0;  ///< were there already: the same numbers, or the same face of the same photo
};

/// One .npy file, or one line of JSON.
struct ImportRecord {
    std::string file;
    std::size_t line = 0;   ///< from 1; 0 for .npy
    std::string person_id;  ///< "" if it could not be told
    std::variant<Imported, Refusal> outcome;
};

struct ImportSummary {
    std::size_t people = 0;  ///< files or lines taken
    std::size_t templates = 0;
    std::size_t unchanged = 0;
    std::size_t rejected = 0;    ///< files or lines refused
    bool stopped_early = false;  ///< by `should_stop`
};

struct ImportEvents {
    std::function<void(ImportRecord const&)> on_record;  ///< in input order, after it is durable
    std::function<bool()> should_stop;
};

/// The *.npy files of the folder, by name. Throws Error{no_input} if there is no such folder, or no such file in it.
[[nodiscard]] std::vector<fs::path> npy_files(fs::path const& directory);

/// Each file is one person, <id>.npy. Throws Error{data} if the active model's vectors are of another space than those of the old
/// services.
ImportSummary import_npy(Workspace const& workspace, std::vector<fs::path> const& files, Mode mode, ImportEvents const& events);

/// One person a line, see to_json_line(). Taken are lines of the active contract or of its vector space; lines above 16 MB are
/// refused unread. `name` is what records and sources call the input.
ImportSummary import_json(Workspace const& workspace, std::istream& input, std::string_view name, Mode mode,
                          ImportEvents const& events);

}  // namespace bioctl::app
