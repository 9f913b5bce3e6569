#pragma once
// Templates to elsewhere: .npy files that NumPy and the old services read, and NDJSON that people import reads.

#include <functional>
#include <string_view>

#include "lib/app/people_transfer.hpp"
#include "lib/app/workspace.hpp"

namespace bioctl::app {

enum class Overwrite { no, yes };

struct ExportSummary {
    std::size_t people = 0;
    std::size_t templates = 0;
    std::size_t left_out = 0;        ///< templates of other contracts, which are not exported
    std::size_t palms_left_out = 0;  ///< by export_npy()
};

struct ExportedFile {
    std::string_view person_id;
    fs::path file;
    std::size_t templates = 0;
    match::Precision precision{};
};

/// <directory>/<id>.npy for everybody with a face of the active contract, (N, D), rows in the order they were added, mode
/// 0600: float64 if any of the person's templates was imported as such, else float32. Throws Error{cannot_create} before
/// anything is written if a file exists and may not be overwritten.
ExportSummary export_npy(Workspace const& workspace, fs::path const& directory, Overwrite overwrite,
                         std::function<void(ExportedFile const&)> const& on_file);

/// One line for everybody, by id, see to_json_line(); without the newline. Somebody without a template has an empty list.
ExportSummary export_json(Workspace const& workspace, std::function<void(std::string_view line)> const& sink);

/// The same to a file, mode 0600, complete or not there at all. Throws Error{cannot_create} if it exists and may not be
/// overwritten.
ExportSummary export_json_file(Workspace const& workspace, fs::path const& file, Overwrite overwrite);

}  // namespace bioctl::app
