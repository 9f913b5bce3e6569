// A program is started, fed, listened to and, if it takes too long, stopped.

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include "lib/notify/command.hpp"

namespace bioctl::notify {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t k_most_errors = 4096;
constexpr milliseconds k_grace{2000};  // between SIGTERM and SIGKILL
constexpr auto k_path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

class Descriptor {
public:
    explicit Descriptor(int fd = -1) : m_fd(fd) {}
    Descriptor(Descriptor&& other) noexcept : m_fd(std::exchange(other.m_fd, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(m_fd, other.m_fd);
        return *this;
    }
    ~Descriptor() {
        if (m_fd >= 0) ::close(m_fd);
    }
    [[nodiscard]] int get() const { return m_fd; }

private:
    int m_fd;
};

/// A file in memory: whoever does not read it blocks nobody, and no SIGPIPE comes of it.
Descriptor input_file(std::string_view input) {
    Descriptor file{::memfd_create("message", MFD_CLOEXEC)};
    while (file.get() >= 0 && !input.empty()) {
        auto const written = ::write(file.get(), input.data(), input.size());
        if (written < 0) return Descriptor{};
        input.remove_prefix(static_cast<std::size_t>(written));
    }
    if (file.get() >= 0) ::lseek(file.get(), 0, SEEK_SET);
    return file;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (auto& text : texts)
        pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

class SpawnRules {
public:
    SpawnRules(int input, int errors) {
        posix_spawn_file_actions_init(&m_actions);
        posix_spawnattr_init(&m_attributes);
        posix_spawn_file_actions_adddup2(&m_actions, input, STDIN_FILENO);
        posix_spawn_file_actions_addopen(&m_actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
        posix_spawn_file_actions_adddup2(&m_actions, errors, STDERR_FILENO);
        posix_spawn_file_actions_addclosefrom_np(&m_actions, STDERR_FILENO + 1);
        posix_spawn_file_actions_addchdir_np(&m_actions, "/");
        sigset_t none, all;
        sigemptyset(&none);
        sigfillset(&all);
        posix_spawnattr_setsigmask(&m_attributes, &none);
        posix_spawnattr_setsigdefault(&m_attributes, &all);
        posix_spawnattr_setpgroup(&m_attributes, 0);
        posix_spawnattr_setflags(&m_attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    }
    ~SpawnRules() {
        posix_spawn_file_actions_destroy(&m_actions);
        posix_spawnattr_destroy(&m_attributes);
    }
    SpawnRules(SpawnRules const&) = delete;
    SpawnRules& operator=(SpawnRules const&) = delete;

    /// 0, or errno.
    int spawn(pid_t& pid, Command const& command, std::vector<std::string> environment) const {
        auto words = command.arguments;
        words.insert(words.begin(), command.program);
        environment.emplace_back(k_path);
        return ::posix_spawn(&pid, command.program.c_str(), &m_actions, &m_attributes, pointers_to(words).data(),
                             pointers_to(environment).data());
    }

private:
    posix_spawn_file_actions_t m_actions{};
    posix_spawnattr_t m_attributes{};
};

/// A child that runs. It is the leader of its process group.
class Child {
public:
    Child(pid_t pid, Descriptor errors) : m_pid(pid), m_errors(std::move(errors)), m_end(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))) {}

    /// True once it has ended; then it is reaped.
    bool wait_until(steady_clock::time_point deadline) {
        for (;;) {
            auto const left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
            if (left.count() <= 0) return false;
            std::array<pollfd, 2> watched{pollfd{m_end.get(), POLLIN, 0}, pollfd{m_errors.get(), POLLIN, 0}};
            // Without a pidfd (an old kernel, no descriptor left) it is looked after in short steps.
            constexpr milliseconds k_step{20};
            auto const patience = m_end.get() >= 0 ? left : std::min(left, k_step);
            if (::poll(watched.data(), watched.size(), static_cast<int>(patience.count())) < 0 && errno != EINTR) return false;
            if (watched[1].revents != 0) listen();
            if (reap(WNOHANG)) return true;
        }
    }

    void signal_group(int number) const { ::kill(-m_pid, number); }

    bool reap(int flags) {
        int status = 0;
        auto const got = ::waitpid(m_pid, &status, flags);
        if (got == 0 || (got < 0 && errno == EINTR)) return false;
        if (got < 0) status = 0xFF00;  // somebody else has reaped it: how it ended is not known
        m_status = status;
        listen();
        return true;
    }

    [[nodiscard]] CommandEnd end(bool was_stopped) {
        using How = CommandEnd::How;
        if (was_stopped) return {How::timed_out, 0, std::move(m_text)};
        if (WIFSIGNALED(m_status)) return {How::killed, WTERMSIG(m_status), std::move(m_text)};
        return {How::exited, WEXITSTATUS(m_status), std::move(m_text)};
    }

private:
    /// Everything that is there is read, so that nobody waits for room; the beginning is kept.
    void listen() {
        std::array<char, 4096> piece{};
        // One who floods it must not keep us from the clock.
        constexpr int k_most_pieces = 64;
        for (int i = 0; i < k_most_pieces && m_errors.get() >= 0; ++i) {
            auto const got = ::read(m_errors.get(), piece.data(), piece.size());
            if (got < 0) return;
            if (got == 0) m_errors = Descriptor{};
            m_text.append(piece.data(), std::min(static_cast<std::size_t>(got), k_most_errors - m_text.size()));
        }
    }

    pid_t m_pid;
    Descriptor m_errors, m_end;
    std::string m_text{};
    int m_status = 0;
};

}  // namespace

CommandEnd run_command(Command const& command, std::string_view input, std::vector<std::string> const& environment,
                       milliseconds timeout) {
    using How = CommandEnd::How;
    auto const file = input_file(input);
    std::array<int, 2> ends{-1, -1};
    if (file.get() < 0 || ::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) return {How::not_started, errno, {}};
    Descriptor reading{ends[0]};
    Descriptor writing{ends[1]};
    // Only our end does not block: a program must not find EAGAIN on its standard error.
    ::fcntl(writing.get(), F_SETFL, 0);
    pid_t pid = -1;
    if (auto const error = SpawnRules{file.get(), writing.get()}.spawn(pid, command, environment); error != 0)
        return {How::not_started, error, {}};
    writing = Descriptor{};
    Child child{pid, std::move(reading)};
    if (child.wait_until(steady_clock::now() + timeout)) return child.end(false);
    child.signal_group(SIGTERM);
    bool const has_ended = child.wait_until(steady_clock::now() + k_grace);
    child.signal_group(SIGKILL);  // and all that it has started
    while (!has_ended && !child.reap(0)) {
    }
    return child.end(true);
}

}  // namespace bioctl::notify
