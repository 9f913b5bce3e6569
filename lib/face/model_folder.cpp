#include "lib/face/model_folder.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/error.hpp"
#include "lib/base/file_copy.hpp"
#include "lib/base/text.hpp"
#include "lib/face/model_json.hpp"

namespace bioctl::face {

namespace {

constexpr std::uint64_t k_max_json_bytes = 64 * 1024;
constexpr std::string_view k_temporary_prefix = ".tmp-";

std::string shown(fs::path const& path) {
    return printable(path.string());
}

/// A hidden name beside the folder, free because only the holder of the lock makes one.
fs::path temporary_beside(fs::path const& folder, std::string_view purpose) {
    return folder.parent_path() / fmt::format("{}{}-{}", k_temporary_prefix, purpose, folder.filename().string());
}

void rename_folder(fs::path const& from, fs::path const& to) {
    std::error_code failed;
    fs::rename(from, to, failed);
    if (failed) throw_errno(fmt::format("cannot rename {} to {}", shown(from), shown(to)), failed.value(), Kind::cannot_create);
    sync_folder(to.parent_path());
}

std::vector<fs::path> entries_of(fs::path const& folder) {
    std::vector<fs::path> entries;
    std::error_code failed;
    for (fs::directory_iterator entry{folder, failed}; !failed && entry != fs::directory_iterator{}; entry.increment(failed))
        entries.push_back(entry->path());
    if (failed && failed != std::errc::no_such_file_or_directory) throw_errno(shown(folder), failed.value(), Kind::io);
    std::sort(entries.begin(), entries.end());
    return entries;
}

}  // namespace

std::vector<fs::path> model_folders(fs::path const& imported_dir) {
    auto folders = entries_of(imported_dir);
    std::erase_if(folders, [](fs::path const& path) {
        std::error_code gone;
        return path.filename().string().starts_with('.') || !fs::is_directory(path, gone);
    });
    return folders;
}

ModelInfo read_model_folder(fs::path const& folder) {
    auto const file = folder / "model.json";
    auto const text = read_file(file, k_max_json_bytes);
    if (!text) throw Error{text.error().kind() == Kind::no_input ? Kind::data : text.error().kind(), text.error().message()};
    ModelInfo model;
    try {
        model = model_from_json(*text, folder);
        if (model.id != folder.filename().string())
            throw Error{Kind::data, fmt::format("is of the model '{}'", printable(model.id))};
    } catch (Error const& error) {
        throw error.within(shown(file));
    }
    std::error_code failed;
    auto const size = fs::file_size(model.file, failed);
    if (failed) throw Error{Kind::data, fmt::format("{}: {}", shown(model.file), failed.message())};
    if (size != model.bytes)
        throw Error{Kind::data, fmt::format("{}: has {} bytes instead of {}", shown(model.file), size, model.bytes)};
    return model;
}

FileLock lock_for_changes(fs::path const& imported_dir) {
    make_private_folders(imported_dir);
    auto const file = imported_dir / ".lock";
    auto lock = FileLock::try_acquire(file);
    if (!lock) {
        throw Error{Kind::busy, fmt::format("the models in {} are being changed by process {}; try again later",
                                            shown(imported_dir), FileLock::holder(file))};
    }
    for (auto const& entry : entries_of(imported_dir)) {
        std::error_code stays;  // harmless: its name is hidden, and the next change tries again
        if (entry.filename().string().starts_with(k_temporary_prefix)) fs::remove_all(entry, stays);
    }
    return std::move(*lock);
}

ModelInfo stored_info(PreparedModel const& model, fs::path const& folder) {
    auto info = model.info;
    info.id = folder.filename().string();
    info.file = folder / model.weights_name;
    info.bytes = model.weights.size();
    info.sha256 = to_hex(sha256(model.weights));
    if (!model.manifest.empty()) {
        info.manifest = folder / "weights_manifest.json";
        info.manifest_sha256 = to_hex(sha256(as_bytes(model.manifest)));
    }
    if (info.kind == ModelKind::embedder && info.space.empty())
        info.space = fmt::format("{}:{}", name_of(info.format), info.sha256.substr(0, 12));
    return info;
}

void write_model_folder(PreparedModel const& model, fs::path const& folder) {
    auto const stage = temporary_beside(folder, "new");
    auto const info = stored_info(model, folder);
    write_file(stage / info.file.filename(), model.weights, Durability::synced);
    if (!model.manifest.empty()) write_file(stage / info.manifest.filename(), as_bytes(model.manifest), Durability::synced);
    write_file(stage / "model.json", as_bytes(to_json(info)), Durability::synced);
    // A damaged folder goes away only when the new one is in its place.
    std::error_code failed;
    auto const old = temporary_beside(folder, "old");
    bool const is_replaced = fs::exists(folder, failed);
    if (is_replaced) rename_folder(folder, old);
    rename_folder(stage, folder);
    if (is_replaced) fs::remove_all(old, failed);  // its name is hidden, and the next change tries again
}

void remove_model_folder(fs::path const& folder) {
    std::error_code failed;
    if (!fs::exists(folder, failed)) return;
    auto const doomed = temporary_beside(folder, "old");
    rename_folder(folder, doomed);
    fs::remove_all(doomed, failed);
    if (failed) throw_errno(fmt::format("cannot delete {}", shown(doomed)), failed.value(), Kind::io);
}

}  // namespace bioctl::face
