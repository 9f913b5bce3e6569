#pragma once
// An open file that closes itself, and how all of a text is written into one.

#include <filesystem>
#include <utility>

#include <unistd.h>

#include "lib/base/bytes.hpp"

namespace bioctl {

class Descriptor {
public:
    explicit Descriptor(int fd = -1) : m_fd(fd) {}
    Descriptor(Descriptor&& other) noexcept : m_fd(other.release()) {}
    Descriptor& operator=(Descriptor&&) = delete;
    ~Descriptor() { close(); }

    void close() {
        if (m_fd >= 0) ::close(release());
    }
    void take(int fd) {
        close();
        m_fd = fd;
    }
    [[nodiscard]] int get() const { return m_fd; }
    int release() { return std::exchange(m_fd, -1); }

private:
    int m_fd;
};

/// Error "cannot write PATH: ...": a missing or wrong folder is an output that cannot be made, not an input that is missing.
[[noreturn]] void throw_write_error(std::filesystem::path const& path, int error_number);

/// Throws as throw_write_error(), with the name of `target`.
void write_all(int fd, ByteView content, std::filesystem::path const& target);

}  // namespace bioctl
