#include "cmd/context.hpp"

#include <fmt/format.h>

#include "cmd/install_paths.hpp"
#include "lib/base/text.hpp"

namespace bioctl::cmd {

std::atomic<int> stop_signal{0};

fs::path Context::data_dir() const {
    return settings.data_dir();
}

fs::path Context::media_dir() const {
    return data_dir() / "media";
}

fs::path Context::store_file() const {
    return data_dir() / "bioctl.db";
}

bool Context::has_store() const {
    auto const folder = data_dir();
    std::error_code error;
    // Else it would look like a store that nobody has begun yet.
    if (fs::exists(folder, error) && !fs::is_directory(folder, error))
        throw Error{Kind::config,
                    fmt::format("{}: is no folder, so it cannot be the data folder; see --data-dir", printable(folder.native()))};
    return store::Store::exists(store_file());
}

store::Store Context::open_store(store::Access access) const {
    auto const file = store_file();
    if (access == store::Access::read_only && !store::Store::exists(file)) {
        throw Error{Kind::no_input,
                    fmt::format("nobody is enrolled yet: {} is not there; run `bioctl enroll` or `bioctl bulk-enroll`",
                                printable(file.native()))};
    }
    talk.detail(fmt::format("store {}", printable(file.native())));
    return store::Store::open(file, {access, std::chrono::milliseconds{settings.busy_timeout_ms()}});
}

store::Store Context::open_store_to_change(bool is_rehearsal) const {
    if (is_rehearsal && !has_store()) return store::Store::in_memory();
    return open_store(is_rehearsal ? store::Access::read_only : store::Access::read_write);
}

face::ModelRegistry Context::models() const {
    auto const chosen = settings.models_dir();
    auto const builtin = chosen.empty() ? installed_models() : chosen;
    talk.detail(fmt::format("models {}", printable(builtin.native())));
    return {builtin, data_dir() / "models"};
}

}  // namespace bioctl::cmd
