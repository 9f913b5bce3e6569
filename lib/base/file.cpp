#include "lib/base/file.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/descriptor.hpp"
#include "lib/base/file_copy.hpp"
#include "lib/base/text.hpp"

namespace bioctl {

namespace {

std::string name_of(fs::path const& path) {
    return printable(path.native());
}

tl::unexpected<Error> too_large(std::string_view name, std::uint64_t max_bytes) {
    return failure(Kind::data, fmt::format("{}: larger than {}, the most that is read here", name, human_size(max_bytes)));
}

Result<Descriptor> open_for_reading(fs::path const& path) {
    int const fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return failure(errno_error(name_of(path), errno, Kind::io));
    return Descriptor{fd};
}

// A directory opens like a file; only reading it fails, and with mmap not even with a fitting message.
Result<struct stat> stat_of(int fd, std::string_view name) {
    struct stat info {};
    if (::fstat(fd, &info) != 0) return failure(errno_error(name, errno, Kind::io));
    if (S_ISDIR(info.st_mode)) return failure(Kind::no_input, fmt::format("{}: is a directory; name a file", name));
    return info;
}

ssize_t read_some(int fd, std::byte* to, std::size_t count) {
    for (;;) {
        auto const got = ::read(fd, to, count);
        if (got >= 0 || errno != EINTR) return got;
    }
}

constexpr std::uint64_t k_pipe_step = 64 * 1024;

}  // namespace

Result<Bytes> read_descriptor(int fd, std::string_view name, std::uint64_t max_bytes) {
    auto const info = stat_of(fd, name);
    if (!info) return failure(info.error());
    auto const announced = S_ISREG(info->st_mode) ? static_cast<std::uint64_t>(info->st_size) : 0;
    if (announced > max_bytes) return too_large(name, max_bytes);

    Bytes bytes(announced + 1);  // the one byte more tells the end of the file without growing the buffer
    std::size_t used = 0;
    for (;;) {
        if (used == bytes.size()) bytes.resize(std::min(std::max(2 * bytes.size(), k_pipe_step), max_bytes) + 1);
        auto const got = read_some(fd, bytes.data() + used, bytes.size() - used);
        if (got < 0) return failure(errno_error(name, errno, Kind::io));
        if (got == 0) break;
        used += static_cast<std::size_t>(got);
        if (used > max_bytes) return too_large(name, max_bytes);
    }
    bytes.resize(used);
    return bytes;
}

bool is_absent(fs::path const& path) {
    struct stat info {};
    return ::stat(path.c_str(), &info) != 0 && (errno == ENOENT || errno == ENOTDIR);
}

Result<Bytes> read_file(fs::path const& path, std::uint64_t max_bytes) {
    auto const file = open_for_reading(path);
    if (!file) return failure(file.error());
    return read_descriptor(file->get(), name_of(path), max_bytes);
}

namespace {

/// A file that does not outlive the object unless it was renamed to its target.
class TemporaryFile {
public:
    TemporaryFile(fs::path const& target, unsigned mode) : m_target(target) {
        // A short name of its own: the target's may be as long as the file system allows.
        static std::atomic<unsigned> counter{0};
        do {
            m_path = target.parent_path() / fmt::format(".bioctl-{}-{}.tmp", ::getpid(), counter++);
            m_fd = ::open(m_path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, static_cast<mode_t>(mode));
        } while (m_fd < 0 && errno == EEXIST);
        if (m_fd < 0) throw_write_error(target, errno);
    }
    TemporaryFile(TemporaryFile const&) = delete;
    TemporaryFile& operator=(TemporaryFile const&) = delete;
    ~TemporaryFile() {
        if (m_fd >= 0) ::close(m_fd);
        if (!m_is_renamed) ::unlink(m_path.c_str());
    }

    void write(ByteView content, Durability durability) {
        write_all(m_fd, content, m_target);
        if (durability == Durability::synced && ::fsync(m_fd) != 0) throw_write_error(m_target, errno);
        // Network file systems and quotas report a failed write only here.
        if (::close(std::exchange(m_fd, -1)) != 0) throw_write_error(m_target, errno);
    }
    /// Best effort: only root may give a file away.
    void take_after(struct stat const& info) const {
        [[maybe_unused]] auto const owner = ::fchown(m_fd, info.st_uid, info.st_gid);
        [[maybe_unused]] auto const mode = ::fchmod(m_fd, info.st_mode & 07777);
    }
    void rename_to_target() {
        if (::rename(m_path.c_str(), m_target.c_str()) != 0) throw_write_error(m_target, errno);
        m_is_renamed = true;
    }

private:
    fs::path const& m_target;
    fs::path m_path;
    int m_fd = -1;
    bool m_is_renamed = false;
};

void make_folder_of(fs::path const& path) {
    auto const folder = path.parent_path();
    if (folder.empty()) return;
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) throw_write_error(path, error.value());
}

}  // namespace

void write_file(fs::path const& path, ByteView content, Durability durability, unsigned mode) {
    make_folder_of(path);
    TemporaryFile file{path, mode};
    file.write(content, durability);
    file.rename_to_target();
    if (durability == Durability::synced) sync_folder(path.parent_path());
}

void rewrite_file(fs::path const& path, ByteView content, Durability durability) {
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) throw_write_error(path, errno);
    TemporaryFile file{path, S_IRUSR | S_IWUSR};
    file.take_after(info);
    file.write(content, durability);
    file.rename_to_target();
    if (durability == Durability::synced) sync_folder(path.parent_path());
}

void make_private_folders(fs::path const& folder) {
    if (folder.empty()) return;  // of a bare file name: the working folder
    auto const make = [&] { return ::mkdir(folder.c_str(), S_IRWXU) == 0 ? 0 : errno; };
    int failed = make();
    if (failed == ENOENT && folder.has_relative_path()) {
        make_private_folders(folder.parent_path());
        failed = make();
    }
    std::error_code unknown;
    if (failed == 0 || (failed == EEXIST && fs::is_directory(folder, unknown))) return;
    // no_input would be: a part of the path is a file.
    auto const error = errno_error(fmt::format("cannot make the folder {}", name_of(folder)), failed, Kind::cannot_create);
    throw Error{error.kind() == Kind::no_input ? Kind::cannot_create : error.kind(), error.message()};
}

std::optional<FileLock> FileLock::try_acquire(fs::path const& path) {
    make_folder_of(path);
    Descriptor file{::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640)};
    if (file.get() < 0) throw_write_error(path, errno);
    while (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK) return std::nullopt;
        if (errno != EINTR) throw_write_error(path, errno);
    }
    if (::ftruncate(file.get(), 0) != 0) throw_write_error(path, errno);
    write_all(file.get(), as_bytes(fmt::format("{}\n", ::getpid())), path);
    return FileLock{file.release()};
}

FileLock::FileLock(FileLock&& other) noexcept : m_fd(std::exchange(other.m_fd, -1)) {}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
    std::swap(m_fd, other.m_fd);
    return *this;
}

FileLock::~FileLock() {
    if (m_fd < 0) return;
    // The file stays (removing it would let two processes lock two files of one name), but it names nobody any more.
    [[maybe_unused]] auto const ignored = ::ftruncate(m_fd, 0);
    ::close(m_fd);
}

int FileLock::holder(fs::path const& path) {
    constexpr std::uint64_t k_longest_pid = 32;
    auto const bytes = read_file(path, k_longest_pid);
    if (!bytes) return 0;
    auto const text = as_text(*bytes);
    int pid = 0;
    std::from_chars(text.data(), text.data() + text.size(), pid);
    return std::max(pid, 0);
}

MappedFile::MappedFile(fs::path const& path) {
    auto const file = open_for_reading(path);
    if (!file) throw file.error();
    auto const info = stat_of(file->get(), name_of(path));
    if (!info) throw info.error();
    m_size = static_cast<std::size_t>(info->st_size);
    if (m_size == 0) return;  // mmap refuses an empty range
    auto* const data = ::mmap(nullptr, m_size, PROT_READ, MAP_PRIVATE, file->get(), 0);
    if (data == MAP_FAILED) throw_errno(name_of(path), errno, Kind::io);
    m_data = static_cast<std::byte const*>(data);
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : m_data(std::exchange(other.m_data, nullptr)), m_size(std::exchange(other.m_size, 0)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
    std::swap(m_data, other.m_data);
    std::swap(m_size, other.m_size);
    return *this;
}

MappedFile::~MappedFile() {
    if (m_data != nullptr) ::munmap(const_cast<std::byte*>(m_data), m_size);
}

}  // namespace bioctl
