#pragma once
// The portraits below <data-dir>/media: files that belong to template rows.
//
// Rows go first, files after the commit: an interruption leaves files without rows, never a template that should be gone.
// Enrolment writes a portrait inside its write transaction, so what has no row while we hold the write lock is nobody's.

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "lib/store/store.hpp"

namespace bioctl::app {

namespace fs = std::filesystem;

/// Files below media_dir/faces that no template uses, as paths relative to media_dir, sorted: what an interrupted removal or
/// enrolment left behind. A portrait that is just being enrolled may be among them; remove_unused_crops() looks again.
[[nodiscard]] std::vector<std::string> stray_crops(store::Store& store, fs::path const& media_dir);

/// Deletes those of `crops` (relative to media_dir) that no template uses; absent files are fine. Returns the number deleted.
/// Throws Error naming the first file that cannot be deleted, after all others were.
std::size_t remove_unused_crops(store::Store& store, fs::path const& media_dir, std::span<std::string const> crops);

/// Overwrites deleted rows in the file and in its write-ahead log. False if another process is reading, so that freed bytes stay
/// in the log until the next checkpoint.
bool clear_write_log(store::Store& store);

}  // namespace bioctl::app
