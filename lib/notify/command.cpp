#include "lib/notify/command.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

#include "lib/base/descriptor.hpp"
#include "lib/base/text.hpp"
#include "lib/notify/address.hpp"
#include "lib/notify/notification.hpp"

namespace bioctl::notify {

namespace {

using Moment = std::chrono::steady_clock::time_point;
using std::chrono::steady_clock;

constexpr std::string_view k_scheme = "exec:";
constexpr std::size_t k_kept_errors = 4096;
constexpr std::chrono::seconds k_grace{2};  // between SIGTERM and SIGKILL
constexpr std::chrono::milliseconds k_look_again{20};
constexpr int k_exit_later = 75;  // EX_TEMPFAIL of sysexits(3)
constexpr auto k_path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// A file without a name that holds the text. A pipe would have to be fed while the program runs, and breaks when it does not
/// read.
void make_input(Descriptor& input, std::string_view text) {
    input.take(::memfd_create("notification", MFD_CLOEXEC));
    if (input.get() < 0) throw_errno("stdin of the program", errno, Kind::io);
    while (!text.empty()) {
        auto const written = ::write(input.get(), text.data(), text.size());
        if (written < 0 && errno != EINTR) throw_errno("stdin of the program", errno, Kind::io);
        if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::lseek(input.get(), 0, SEEK_SET) != 0) throw_errno("stdin of the program", errno, Kind::io);
}

/// posix_spawn's two lists, and what the child is to be like.
class Birth {
public:
    Birth(int input, int errors) {
        ::posix_spawn_file_actions_init(&m_files);
        ::posix_spawn_file_actions_adddup2(&m_files, input, STDIN_FILENO);
        ::posix_spawn_file_actions_addopen(&m_files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
        ::posix_spawn_file_actions_adddup2(&m_files, errors, STDERR_FILENO);
        ::posix_spawn_file_actions_addclosefrom_np(&m_files, STDERR_FILENO + 1);
        ::posix_spawn_file_actions_addchdir_np(&m_files, "/");
        ::posix_spawnattr_init(&m_attributes);
        ::posix_spawnattr_setflags(&m_attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
        ::posix_spawnattr_setpgroup(&m_attributes, 0);
        sigset_t signals;
        ::sigfillset(&signals);
        ::posix_spawnattr_setsigdefault(&m_attributes, &signals);
        ::sigemptyset(&signals);
        ::posix_spawnattr_setsigmask(&m_attributes, &signals);
    }
    ~Birth() {
        ::posix_spawn_file_actions_destroy(&m_files);
        ::posix_spawnattr_destroy(&m_attributes);
    }
    Birth(Birth const&) = delete;
    Birth& operator=(Birth const&) = delete;

    [[nodiscard]] pid_t run(Command const& command, std::vector<std::string> const& environment) const {
        auto const pointers = [](std::vector<std::string> const& texts) {
            std::vector<char*> list;
            for (auto const& text : texts)
                list.push_back(const_cast<char*>(text.c_str()));  // POSIX promises to leave them alone
            list.push_back(nullptr);
            return list;
        };
        std::vector<std::string> words{command.program};
        words.insert(words.end(), command.arguments.begin(), command.arguments.end());
        pid_t child = -1;
        auto const failed = ::posix_spawn(&child, command.program.c_str(), &m_files, &m_attributes, pointers(words).data(),
                                          pointers(environment).data());
        if (failed != 0) throw_errno(printable(command.program), failed, Kind::no_input);
        return child;
    }

private:
    posix_spawn_file_actions_t m_files{};
    posix_spawnattr_t m_attributes{};
};

struct Ended {
    int status = 0;  ///< as waitpid tells it
    bool is_timed_out = false;
    std::string errors{};
};

/// Watches over one child until it has ended. It is gone, with its group if need be, when the object is.
class Child {
public:
    Child(pid_t pid, int errors) : m_pid(pid), m_errors(errors) { ::fcntl(errors, F_SETFL, O_NONBLOCK); }
    ~Child() {
        if (m_pid < 0) return;
        ::kill(-m_pid, SIGKILL);
        ::waitpid(m_pid, nullptr, 0);
    }
    Child(Child const&) = delete;
    Child& operator=(Child const&) = delete;

    [[nodiscard]] Ended wait(std::chrono::milliseconds timeout) {
        Ended ended;
        auto status = wait_until(steady_clock::now() + timeout, ended.errors);
        if (!status) {
            ended.is_timed_out = true;
            ::kill(-m_pid, SIGTERM);
            status = wait_until(steady_clock::now() + k_grace, ended.errors);
            // What the program has started may outlive it.
            ::kill(-m_pid_of_group, SIGKILL);
        }
        if (!status) {
            int raw = 0;
            while (::waitpid(m_pid, &raw, 0) < 0 && errno == EINTR) {
            }
            m_pid = -1;
            status = raw;
        }
        ended.status = *status;
        return ended;
    }

private:
    /// None if it still runs at the deadline.
    std::optional<int> wait_until(Moment deadline, std::string& errors) {
        for (;;) {
            int status = 0;
            bool const is_over = ::waitpid(m_pid, &status, WNOHANG) == m_pid;
            bool const is_open = read_errors(errors);
            if (is_over) {
                m_pid = -1;
                return status;
            }
            auto const left = std::chrono::ceil<std::chrono::milliseconds>(deadline - steady_clock::now());
            if (left.count() <= 0) return std::nullopt;
            pollfd waiting{is_open ? m_errors : -1, POLLIN, 0};
            ::poll(&waiting, 1, static_cast<int>(std::min(left, k_look_again).count()));
        }
    }

    /// Takes what is there; false at the end. What is too much is read too, or the program would wait for a reader.
    bool read_errors(std::string& errors) {
        constexpr int k_most_reads = 64;  // then the clock is looked at
        std::array<char, 4096> buffer{};
        for (int i = 0; i < k_most_reads; ++i) {
            auto const got = ::read(m_errors, buffer.data(), buffer.size());
            if (got == 0) return false;
            if (got < 0) return errno == EAGAIN || errno == EINTR;
            auto const room = k_kept_errors - errors.size();
            errors.append(buffer.data(), std::min(static_cast<std::size_t>(got), room));
        }
        return true;
    }

    pid_t m_pid;
    pid_t m_pid_of_group = m_pid;
    int m_errors;
};

Ended run(Command const& command, std::vector<std::string> const& environment, std::string_view input,
          std::chrono::milliseconds timeout) {
    Descriptor stdin_file;
    make_input(stdin_file, input);
    int ends[2];
    if (::pipe2(&ends[0], O_CLOEXEC) != 0) throw_errno("stderr of the program", errno, Kind::io);
    Descriptor read_end{ends[0]}, write_end{ends[1]};
    Birth const birth{stdin_file.get(), write_end.get()};
    Child child{birth.run(command, environment), read_end.get()};
    write_end.close();
    return child.wait(timeout);
}

/// A variable of the environment ends at a NUL, and the kernel takes only so much of it.
std::string variable(std::string_view name, std::string_view value) {
    constexpr std::size_t k_longest = 1000;
    return fmt::format("{}={}", name, value.substr(0, std::min(k_longest, value.find('\0'))));
}

class Program final : public Channel {
public:
    explicit Program(ChannelConfig const& config) : m_command(parse_command(config.url).or_throw()), m_timeout(config.timeout) {}

    Reply send(Parcel const& parcel) override try {
        auto const notification = notification_from_json(parcel.rendered.body);
        if (!notification) return {.verdict = Verdict::refused, .reason = notification.error().message()};
        auto const ended = run(m_command,
                               {k_path, "LC_ALL=C.UTF-8", variable("BIOCTL_NOTIFICATION_TYPE", notification->type),
                                variable("BIOCTL_NOTIFICATION_CAUSE", notification->cause)},
                               parcel.rendered.body, m_timeout);
        return judged(ended);
    } catch (Error const& error) {
        return {.verdict = Verdict::doubtful, .is_answered = true, .reason = error.message()};
    }

private:
    [[nodiscard]] Reply judged(Ended const& ended) const {
        Reply reply{.verdict = Verdict::doubtful, .is_answered = true, .body = start_of_reply(ended.errors)};
        auto const name = printable(m_command.program);
        if (ended.is_timed_out) {
            reply.reason = fmt::format("{} was stopped after {} s", name, m_timeout.count());
        } else if (WIFSIGNALED(ended.status)) {
            reply.reason = fmt::format("{} was killed by signal {}", name, WTERMSIG(ended.status));
        } else if (auto const code = WEXITSTATUS(ended.status); code == 0) {
            reply.verdict = Verdict::delivered;
        } else {
            if (code == k_exit_later) reply.verdict = Verdict::later;
            reply.reason = fmt::format("{} ended with {}", name, code);
        }
        return reply;
    }

    Command m_command;
    std::chrono::seconds m_timeout;
};

}  // namespace

Result<Command> parse_command(std::string_view url) {
    if (!url.starts_with(k_scheme))
        return failure(Kind::usage, fmt::format("'{}': a program is given as exec:/path/to/program?arg=TEXT", printable(url)));
    auto const split = split_address(url.substr(k_scheme.size()), {"arg"});
    if (!split) return failure(split.error());
    auto program = percent_decoded(split->base);
    if (!program) return failure(program.error());
    if (!program->starts_with('/') || program->ends_with('/'))
        return failure(Kind::usage, fmt::format("'{}': the path of the program begins with a slash", printable(url)));
    Command command{.program = *std::move(program)};
    for (auto const& parameter : split->parameters)
        command.arguments.push_back(parameter.value);
    return command;
}

Result<void> check_command(ChannelConfig const& config) {
    if (auto const command = parse_command(config.url); !command) return failure(command.error());
    if (!config.secret.empty())
        return failure(Kind::usage, "a program gets no token from bioctl; leave --token-file out and let it read its own");
    return {};
}

std::unique_ptr<Channel> make_command(ChannelConfig const& config) {
    return std::make_unique<Program>(config);
}

}  // namespace bioctl::notify
