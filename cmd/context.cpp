#include "cmd/context.hpp"

#include <fmt/format.h>

#include "cmd/install_paths.hpp"
#include "lib/base/text.hpp"

namespace bioctl::cmd {

namespace {

/// Portraits and embeddings are personal data: a folder of ours is for its owner only. One that exists keeps its permissions.
void create_private(fs::path const& folder) {
    std::error_code error;
    bool const is_new = fs::create_directories(folder, error);
    if (!error && is_new) fs::permissions(folder, fs::perms::owner_all, error);
    if (error)
        throw_errno(fmt::format("cannot create the data folder {}", printable(folder.native())), error.value(),
                    Kind::cannot_create);
}

}  // namespace

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

store::Store Context::open_store(store::Access access) const {
    auto const file = store_file();
    if (access == store::Access::read_write) {
        create_private(data_dir());
    } else if (!store::Store::exists(file)) {
        throw Error{Kind::no_input,
                    fmt::format("nobody is enrolled yet: {} is not there; run `bioctl enroll` or `bioctl bulk-enroll`",
                                printable(file.native()))};
    }
    talk.detail(fmt::format("store {}", printable(file.native())));
    return store::Store::open(file, {access, std::chrono::milliseconds{settings.busy_timeout_ms()}});
}

face::ModelRegistry Context::models() const {
    auto const chosen = settings.models_dir();
    auto const builtin = chosen.empty() ? installed_models() : chosen;
    talk.detail(fmt::format("models {}", printable(builtin.native())));
    return {builtin, data_dir() / "models"};
}

}  // namespace bioctl::cmd
