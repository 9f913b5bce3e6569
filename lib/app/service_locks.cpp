#include "lib/app/service_locks.hpp"

#include <system_error>

#include <fmt/format.h>

#include "lib/base/text.hpp"

namespace bioctl::app {

std::vector<FileLock> lock_services(fs::path const& folder) {
    std::vector<FileLock> locks;
    for (auto const& place : {folder, folder / "locks"}) {
        std::error_code error;
        for (fs::directory_iterator entry{place, error}; !error && entry != fs::directory_iterator{}; entry.increment(error)) {
            if (entry->path().extension() != ".lock") continue;
            auto lock = FileLock::try_acquire(entry->path());
            if (!lock) {
                throw Error{Kind::busy,
                            fmt::format("process {} works in {} ({}); stop it and try again", FileLock::holder(entry->path()),
                                        printable(folder.string()), printable(entry->path().filename().string()))};
            }
            locks.push_back(*std::move(lock));
        }
    }
    return locks;
}

}  // namespace bioctl::app
