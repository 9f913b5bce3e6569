#include "lib/base/claims.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <mutex>
#include <set>

#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/base/text.hpp"

namespace bioctl {

namespace {

struct flock one_byte(short type, std::int64_t number) {
    struct flock lock {};
    lock.l_type = type;
    lock.l_whence = SEEK_SET;
    lock.l_start = number;
    lock.l_len = 1;
    return lock;
}

}  // namespace

struct Claims::Claim::File {
    std::filesystem::path path;
    int fd = -1;
    std::mutex mutex;
    std::set<std::int64_t> taken{};  // the kernel sees no difference between two claims of one description

    explicit File(std::filesystem::path file) : path(std::move(file)) {
        make_private_folders(path.parent_path());
        fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
        if (fd < 0) throw_errno(printable(path.native()), errno, Kind::cannot_create);
    }
    ~File() { ::close(fd); }
    File(File const&) = delete;
    File& operator=(File const&) = delete;
};

Claims::Claim::~Claim() {
    if (!m_file) return;
    std::lock_guard const lock{m_file->mutex};
    auto unlock = one_byte(F_UNLCK, m_number);
    ::fcntl(m_file->fd, F_OFD_SETLK, &unlock);  // closing the file frees it in any case
    m_file->taken.erase(m_number);
}

Claims::Claims(std::filesystem::path const& file) : m_file(std::make_shared<Claim::File>(file)) {}

std::optional<Claims::Claim> Claims::try_claim(std::int64_t number) {
    std::lock_guard const lock{m_file->mutex};
    if (m_file->taken.contains(number)) return std::nullopt;
    auto request = one_byte(F_WRLCK, number);
    if (::fcntl(m_file->fd, F_OFD_SETLK, &request) != 0) {
        if (errno == EAGAIN || errno == EACCES) return std::nullopt;
        throw_errno(printable(m_file->path.native()), errno, Kind::io);
    }
    m_file->taken.insert(number);
    return Claim{m_file, number};
}

}  // namespace bioctl
