#include "lib/image/photo.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/file.hpp"
#include "lib/base/text.hpp"
#include "lib/image/codecs.hpp"

namespace bioctl::image {

std::string_view name_of(Format format) {
    switch (format) {
        case Format::unknown: return "unknown format";
        case Format::jpeg: return "JPEG";
        case Format::png: return "PNG";
        case Format::webp: return "WebP";
        case Format::bmp: return "BMP";
        case Format::tiff: return "TIFF";
        case Format::heif: return "HEIC";
        case Format::avif: return "AVIF";
    }
    return "unknown format";
}

namespace {

Kind kind_of(Failure::Reason reason) {
    switch (reason) {
        case Failure::Reason::missing:
        case Failure::Reason::not_a_file: return Kind::no_input;
        case Failure::Reason::permission: return Kind::permission;
        case Failure::Reason::io: return Kind::io;
        case Failure::Reason::too_large:
        case Failure::Reason::unreadable: return Kind::data;
    }
    return Kind::bug;
}

}  // namespace

Error Failure::as_error(std::string_view name) const {
    return Error{kind_of(reason), fmt::format("{}: {}", printable(name), detail)};
}

tl::unexpected<Failure> unreadable(std::string detail) {
    return tl::unexpected<Failure>(Failure{Failure::Reason::unreadable, std::move(detail)});
}

tl::unexpected<Failure> truncated(Format format) {
    return unreadable(fmt::format("truncated {}; copy it again", name_of(format)));
}

tl::unexpected<Failure> damaged(Format format, std::string_view cause) {
    constexpr std::size_t k_longest_cause = 200;
    return unreadable(
        fmt::format("damaged {} ({}); copy it again", name_of(format), printable(cause.substr(0, k_longest_cause))));
}

namespace {

Failure failure_of_errno(int error_number) {
    switch (error_number) {
        case ENOENT:
        case ENOTDIR: return {Failure::Reason::missing, "no such file"};
        case ENXIO: return {Failure::Reason::not_a_file, "is a socket, not a file"};
        case EACCES:
        case EPERM: return {Failure::Reason::permission, "may not be read; check its permissions and its folder's"};
        default: return {Failure::Reason::io, errno_error("cannot be read", error_number, Kind::io).message()};
    }
}

Failure beyond_max_bytes(Limits const& limits) {
    return {Failure::Reason::too_large, fmt::format("is larger than max-bytes, {}", human_size(limits.max_bytes))};
}

Outcome<Bytes> read_photo(int fd, Limits const& limits) {
    struct stat info {};
    if (::fstat(fd, &info) != 0) return tl::unexpected(failure_of_errno(errno));
    if (S_ISDIR(info.st_mode)) return tl::unexpected(Failure{Failure::Reason::not_a_file, "is a directory, not a photo"});
    auto bytes = read_descriptor(fd, "cannot be read", limits.max_bytes);
    if (bytes) return std::move(*bytes);
    if (bytes.error().kind() == Kind::data) return tl::unexpected(beyond_max_bytes(limits));
    return tl::unexpected(Failure{Failure::Reason::io, bytes.error().message()});
}

}  // namespace

Outcome<Bytes> read(std::filesystem::path const& path, Limits const& limits) {
    int const fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return tl::unexpected(failure_of_errno(errno));
    auto bytes = read_photo(fd, limits);
    ::close(fd);
    return bytes;
}

bool has_image_extension(std::filesystem::path const& path) {
    constexpr std::array<std::string_view, 12> k_extensions{".jpg", ".jpeg", ".jpe",  ".jfif", ".png",  ".webp",
                                                            ".bmp", ".tif",  ".tiff", ".heic", ".heif", ".avif"};
    auto const extension = to_lower_ascii(path.extension().native());
    return std::ranges::find(k_extensions, extension) != k_extensions.end();
}

}  // namespace bioctl::image
