#include "lib/base/file_copy.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <functional>
#include <utility>
#include <vector>

#include "lib/base/descriptor.hpp"
#include "lib/base/text.hpp"

namespace bioctl {

namespace {

constexpr std::size_t k_step = 128 * 1024;

std::string name_of(fs::path const& path) {
    return printable(path.native());
}

/// O_NONBLOCK: a pipe in the place of a file must not hold us up.
int open_to_read(fs::path const& file) {
    return ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
}

std::int64_t modified_ns(struct stat const& info) {
    constexpr std::int64_t k_second = 1'000'000'000;
    return static_cast<std::int64_t>(info.st_mtim.tv_sec) * k_second + static_cast<std::int64_t>(info.st_mtim.tv_nsec);
}

/// Size, time and digest of what is read to the end; `take` gets every piece.
Result<FileStamp> read_through(int fd, fs::path const& file, std::function<void(ByteView)> const& take) {
    struct stat info {};
    if (::fstat(fd, &info) != 0) return failure(errno_error(name_of(file), errno, Kind::io));
    if (!S_ISREG(info.st_mode)) return failure(Kind::no_input, fmt::format("{} is no regular file", name_of(file)));
    FileStamp stamp{.bytes = 0, .modified_ns = modified_ns(info), .digest = {}};
    Sha256Stream digest;
    Bytes piece(k_step);
    for (;;) {
        auto const got = ::read(fd, piece.data(), piece.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return failure(errno_error(name_of(file), errno, Kind::io));
        if (got == 0) break;
        ByteView const bytes{piece.data(), static_cast<std::size_t>(got)};
        digest.add(bytes);
        take(bytes);
        stamp.bytes += bytes.size();
    }
    stamp.digest = digest.finish();
    return stamp;
}

void set_modified(int fd, std::int64_t ns, fs::path const& to) {
    constexpr std::int64_t k_second = 1'000'000'000;
    timespec time{};
    time.tv_sec = static_cast<time_t>(ns / k_second);
    time.tv_nsec = static_cast<long>(ns % k_second);
    std::array const times{time, time};
    if (::futimens(fd, times.data()) != 0) throw_write_error(to, errno);
}

}  // namespace

Result<FileStamp> stamp_of(fs::path const& file) {
    Descriptor const source{open_to_read(file)};
    if (source.get() < 0 && errno == ELOOP) return failure(Kind::no_input, fmt::format("{} is a link", name_of(file)));
    if (source.get() < 0) return failure(errno_error(name_of(file), errno, Kind::io));
    return read_through(source.get(), file, [](ByteView) {});
}

std::optional<FileStamp> copy_file_to(fs::path const& from, fs::path const& to) {
    Descriptor const source{open_to_read(from)};
    if (source.get() < 0 && (errno == ENOENT || errno == ENOTDIR)) return std::nullopt;
    if (source.get() < 0 && errno == ELOOP) throw Error{Kind::data, fmt::format("{} is a link", name_of(from))};
    if (source.get() < 0) throw_errno(name_of(from), errno, Kind::io);
    Descriptor target{::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
    if (target.get() < 0) throw_write_error(to, errno);
    auto const stamp = read_through(source.get(), from, [&](ByteView bytes) { write_all(target.get(), bytes, to); });
    if (!stamp) throw stamp.error();
    set_modified(target.get(), stamp->modified_ns, to);
    // Network file systems and quotas report a failed write only here.
    if (::close(target.release()) != 0) throw_write_error(to, errno);
    return *stamp;
}

void sync_below(fs::path const& folder) {
    constexpr std::size_t k_most = 1000;
    std::vector<fs::path> files, folders{folder};
    for (auto const& entry : fs::recursive_directory_iterator{folder}) {
        if (entry.is_symlink()) continue;
        if (entry.is_directory()) {
            folders.push_back(entry.path());
        } else if (entry.hard_link_count() == 1 && files.size() <= k_most) {
            files.push_back(entry.path());
        }
    }
    if (files.size() + folders.size() > k_most) {
        Descriptor const fd{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
        if (fd.get() < 0 || ::syncfs(fd.get()) != 0) throw_write_error(folder, errno);
        return;
    }
    for (auto const& file : files)
        sync_file(file);
    for (auto const& each : folders)
        sync_folder(each);
}

void sync_file(fs::path const& file) {
    Descriptor const fd{::open(file.c_str(), O_RDONLY | O_CLOEXEC)};
    if (fd.get() < 0 || ::fsync(fd.get()) != 0) throw_write_error(file, errno);
}

namespace {

/// As far as the process may: what root replaces belongs to the service still.
void take_owner(fs::path const& draft, fs::path const& file) {
    struct stat info {};
    if (::stat(file.c_str(), &info) == 0) static_cast<void>(::chown(draft.c_str(), info.st_uid, info.st_gid) == 0);
}

}  // namespace

void replace_and_wipe(fs::path const& draft, fs::path const& file) {
    // A name of its own for what is there, so that it can be overwritten when its place is taken. One is left of a process that
    // was killed: its content is no secret less.
    auto const old = file.parent_path() / fmt::format(".{}.old", file.filename().string());
    wipe(old);
    take_owner(draft, file);
    // FAT and some network file systems know no links: then it is replaced, and not wiped.
    bool const is_kept = ::link(file.c_str(), old.c_str()) == 0;
    if (!is_kept && errno != ENOENT && errno != EPERM && errno != ENOTSUP) throw_write_error(old, errno);
    if (::rename(draft.c_str(), file.c_str()) != 0) throw_write_error(file, errno);
    sync_folder(file.parent_path());
    wipe(old);
}

void wipe(fs::path const& file) {
    constexpr std::size_t k_block = 64 * 1024;
    static std::vector<std::byte> const zeros(k_block);
    Descriptor const fd{::open(file.c_str(), O_WRONLY | O_NOFOLLOW | O_CLOEXEC)};
    if (fd.get() < 0 && errno == ENOENT) return;
    if (fd.get() < 0) throw_write_error(file, errno);
    struct stat info {};
    if (::fstat(fd.get(), &info) != 0) throw_write_error(file, errno);
    // By another name the content is somebody's still: of a run that was killed before it renamed, or of a backup made of links.
    auto left = info.st_nlink > 1 ? 0U : static_cast<std::uint64_t>(info.st_size);
    for (; left > 0; left -= std::min<std::uint64_t>(left, k_block))
        write_all(fd.get(), ByteView{zeros}.first(static_cast<std::size_t>(std::min<std::uint64_t>(left, k_block))), file);
    if (::fsync(fd.get()) != 0 || ::unlink(file.c_str()) != 0) throw_write_error(file, errno);
}

void sync_folder(fs::path const& folder) {
    auto const name = folder.empty() ? fs::path{"."} : folder;
    Descriptor const fd{::open(name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (fd.get() >= 0 && ::fsync(fd.get()) == 0) return;
    // Some file systems cannot sync a folder, and one that may not be read cannot be opened for it. The rename has happened.
    if (errno == EIO || errno == ENOSPC || errno == EDQUOT) throw_write_error(name, errno);
}

}  // namespace bioctl
