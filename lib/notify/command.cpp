#include "lib/notify/command.hpp"

#include <cstring>

#include <fmt/format.h>

#include "lib/base/text.hpp"
#include "lib/net/query.hpp"
#include "lib/notify/notification.hpp"

namespace bioctl::notify {

namespace {

constexpr std::string_view k_scheme = "exec:";
constexpr int k_exit_later = 75;  // EX_TEMPFAIL of sysexits(3)
constexpr std::size_t k_most_arguments = 64;
constexpr std::size_t k_longest_told = 200;

tl::unexpected<Error> bad_address(std::string_view url, std::string_view cause) {
    return failure(Kind::usage, fmt::format("'{}': {}; write it as exec:/usr/local/bin/page?arg=--urgent&arg=two%20words",
                                            printable(url), cause));
}

std::string first_line(std::string_view text) {
    text = trim(text);
    return printable(text.substr(0, text.find('\n')).substr(0, k_longest_told));
}

std::string reason_of(CommandEnd const& end) {
    using How = CommandEnd::How;
    auto const said = first_line(end.errors);
    auto const with_words = [&](std::string what) { return said.empty() ? what : fmt::format("{}: {}", what, said); };
    switch (end.how) {
        case How::exited: return with_words(fmt::format("exit status {}", end.number));
        case How::killed: return with_words(fmt::format("killed by signal {}", end.number));
        case How::timed_out: return with_words("took longer than the time-out of the target and was stopped");
        case How::not_started: break;
    }
    return fmt::format("cannot be started: {}", std::strerror(end.number));
}

Verdict verdict_of(CommandEnd const& end) {
    if (end.how != CommandEnd::How::exited) return Verdict::doubtful;
    if (end.number == 0) return Verdict::delivered;
    return end.number == k_exit_later ? Verdict::later : Verdict::doubtful;
}

}  // namespace

Result<Command> parse_command(std::string const& url) {
    if (!url.starts_with(k_scheme)) return bad_address(url, "the address of a program begins with exec:");
    auto program = net::percent_decoded(net::without_query(url).substr(k_scheme.size()));
    if (!program) return failure(program.error());
    Command command{.program = *std::move(program)};
    if (!command.program.starts_with('/') || command.program.ends_with('/'))
        return bad_address(url, "the program needs its whole path, from the first slash on");
    auto const query = net::query_of(url);
    if (!query) return failure(query.error());
    for (auto const& [name, value] : *query) {
        if (name != "arg") return bad_address(url, fmt::format("'{}' is not arg", printable(name)));
        command.arguments.push_back(value);
    }
    if (command.arguments.size() > k_most_arguments) return bad_address("exec", "there are more than 64 arguments");
    return command;
}

Reply CommandChannel::send(Parcel const& parcel) {
    auto const command = parse_command(m_setup.url);
    auto const notification = parse_notification(parcel.rendered.body);
    if (!command) return {.verdict = Verdict::refused, .reason = command.error().message()};
    if (!notification) return {.verdict = Verdict::refused, .reason = notification.error().message()};
    std::vector<std::string> const environment{fmt::format("BIOCTL_NOTIFICATION_TYPE={}", notification->level),
                                               fmt::format("BIOCTL_NOTIFICATION_CAUSE={}", notification->cause),
                                               fmt::format("BIOCTL_IDEMPOTENCY_KEY={}", parcel.idempotency_key)};
    auto const end = run_command(*command, parcel.rendered.body, environment, m_setup.timeout);
    Reply reply;
    reply.verdict = verdict_of(end);
    reply.has_answer = end.how == CommandEnd::How::exited;
    reply.body = start_of_reply(end.errors);
    if (reply.verdict != Verdict::delivered) reply.reason = reason_of(end);
    return reply;
}

}  // namespace bioctl::notify
