#include <unordered_set>

#include <fmt/format.h>

#include "lib/app/store_backup.hpp"
#include "lib/base/text.hpp"

namespace bioctl::app {

namespace {

bool is_of_manifest(std::string_view path) {
    return path == k_manifest || path == k_manifest_digest;
}

}  // namespace

BackupCheck verify_backup(fs::path const& backup, std::function<void(BackupFinding const&)> const& on_finding) {
    BackupCheck check;
    std::unordered_set<std::string> known;
    auto const find = [&](std::string kind, std::string const& path) {
        ++check.findings;
        on_finding({std::move(kind), path});
    };
    check.head = read_manifest(backup, [&](BackupFile const& file) {
        known.insert(file.path);
        ++check.files;
        check.bytes += file.stamp.bytes;
        auto const stamp = stamp_of(backup / file.path);
        if (!stamp) return find(stamp.error().kind() == Kind::no_input ? "missing" : "unreadable", file.path);
        if (stamp->digest != file.stamp.digest) find("changed", file.path);
    });
    check.manifest = manifest_digest(backup);
    for (auto const& entry : fs::recursive_directory_iterator{backup}) {
        if (entry.is_directory() && !entry.is_symlink()) continue;
        auto const path = entry.path().lexically_relative(backup).string();
        if (!known.contains(path) && !is_of_manifest(path)) find("extra", path);
    }
    return check;
}

}  // namespace bioctl::app
