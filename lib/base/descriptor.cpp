#include "lib/base/descriptor.hpp"

#include <cerrno>

#include <fmt/format.h>

#include "lib/base/error.hpp"
#include "lib/base/text.hpp"

namespace bioctl {

void throw_write_error(std::filesystem::path const& path, int error_number) {
    auto error = errno_error(fmt::format("cannot write {}", printable(path.native())), error_number, Kind::cannot_create);
    if (error.kind() == Kind::no_input) throw Error{Kind::cannot_create, error.message()};
    throw error;
}

void write_all(int fd, ByteView content, std::filesystem::path const& target) {
    while (!content.empty()) {
        auto const written = ::write(fd, content.data(), content.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) throw_write_error(target, errno);
        content = content.subspan(static_cast<std::size_t>(written));
    }
}

}  // namespace bioctl
