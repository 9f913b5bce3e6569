#pragma once
// The channel to programs of this machine: the message on standard input, never through a shell.

#include <chrono>
#include <string>
#include <vector>

#include "lib/notify/channel.hpp"

namespace bioctl::notify {

/// What stands in "exec:/usr/local/bin/page?arg=--urgent&arg=two%20words".
struct Command {
    std::string program{};                 ///< absolute path
    std::vector<std::string> arguments{};  ///< without the program's name
};

/// Kind::usage naming what is wrong.
[[nodiscard]] Result<Command> parse_command(std::string const& url);

struct CommandEnd {
    enum class How { exited, killed, timed_out, not_started } how = How::not_started;
    int number = 0;        ///< exit status, signal, or errno
    std::string errors{};  ///< the first 4 kB of its standard error
};

/// Runs it to its end, or to SIGTERM after `timeout` and SIGKILL two seconds later, both to all that it started and left in its
/// process group. It gets `input`, `environment` ("NAME=value") and nothing else of ours: no other variable but PATH, no open
/// file, no blocked or ignored signal; its folder is /. Its standard output is thrown away. Thread-safe; leaves no zombie.
[[nodiscard]] CommandEnd run_command(Command const& command, std::string_view input, std::vector<std::string> const& environment,
                                     std::chrono::milliseconds timeout);

/// Exit 0 is delivered, 75 later; everything else may be a slip that somebody repairs: doubtful.
class CommandChannel final : public Channel {
public:
    explicit CommandChannel(ChannelSetup setup) : m_setup(std::move(setup)) {}
    [[nodiscard]] Reply send(Parcel const& parcel) override;

private:
    ChannelSetup m_setup;
};

}  // namespace bioctl::notify
