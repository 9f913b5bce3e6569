#pragma once
// A program of the user's own: run for each notification, directly, never by a shell.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lib/notify/channel.hpp"

namespace bioctl::notify {

/// Of an address such as "exec:/usr/local/bin/page?arg=--urgent&arg=two%20words".
struct Command {
    std::string program;                   ///< absolute
    std::vector<std::string> arguments{};  ///< without the program's name, in order, as given
};

[[nodiscard]] Result<Command> parse_command(std::string_view url);

[[nodiscard]] Result<void> check_command(ChannelConfig const& config);

/// The program gets the message as JSON on stdin, PATH, LC_ALL, BIOCTL_NOTIFICATION_TYPE and BIOCTL_NOTIFICATION_CAUSE as its
/// whole environment, / as its folder, and no open file of ours; its stdout is thrown away, the start of its stderr is the reply.
/// It is a process group of its own, which gets SIGTERM after the time-out and SIGKILL two seconds later. Exit status 0 is
/// delivered, 75 means later, everything else is doubtful.
[[nodiscard]] std::unique_ptr<Channel> make_command(ChannelConfig const& config);

}  // namespace bioctl::notify
