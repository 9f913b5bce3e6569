// The list of contents of a backup that came from elsewhere. Its digest is right: that is noted beside it by whoever wrote it.

#include <filesystem>

#include <fmt/format.h>

#include "lib/app/store_manifest.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/support/temp_dir.hpp"

using namespace bioctl;

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    static test::TempDir const folder;
    test::write_text(folder / app::k_manifest, fuzz::text_of(data, size));
    auto const digest = to_hex(app::manifest_digest(folder.path()));
    test::write_text(folder / app::k_manifest_digest, fmt::format("{}  {}\n", digest, app::k_manifest));
    fuzz::may_refuse([&] {
        app::read_manifest(folder.path(), [&](app::BackupFile const& file) {
            auto const inside = (folder.path() / file.path).lexically_normal().lexically_relative(folder.path());
            fuzz::require(!inside.empty() && *inside.begin() != ".." && inside != ".", "a file is inside of the backup");
            fuzz::require(file.path.find('\0') == std::string::npos, "a path is what the system takes it for");
        });
    });
    return 0;
}
