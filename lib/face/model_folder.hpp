#pragma once
// The folder of imported models on disk: <imported_dir>/<id>/{model.json, weights}. Every change is made in a temporary folder
// beside it and renamed, under a lock, so that a killed process leaves the old state or the new one.

#include <filesystem>
#include <string>
#include <vector>

#include "lib/base/file.hpp"
#include "lib/face/model_import.hpp"
#include "lib/face/models.hpp"

namespace bioctl::face {

/// The model folders, by name; none if imported_dir is absent. Throws Error if it cannot be read.
[[nodiscard]] std::vector<fs::path> model_folders(fs::path const& imported_dir);

/// Throws Error{Kind::data} naming the file if model.json is damaged or the weights have another size than it says.
[[nodiscard]] ModelInfo read_model_folder(fs::path const& folder);

/// Held while imported_dir is changed; makes the folder and sweeps away what killed processes left. Error{Kind::busy} while
/// another process holds it.
[[nodiscard]] FileLock lock_for_changes(fs::path const& imported_dir);

/// What storing a prepared model under this folder makes of it.
[[nodiscard]] ModelInfo stored_info(PreparedModel const& model, fs::path const& folder);

/// Writes a whole model folder, durably; replaces one of that name. The lock is held by the caller.
void write_model_folder(PreparedModel const& model, fs::path const& folder);

/// The lock is held by the caller.
void remove_model_folder(fs::path const& folder);

}  // namespace bioctl::face
