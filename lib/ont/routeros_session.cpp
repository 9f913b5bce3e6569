#include "lib/ont/routeros_session.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <openssl/evp.h>

#include "lib/base/bytes.hpp"
#include "lib/base/text.hpp"

namespace bioctl::ont {

namespace {

using Type = RouterReply::Type;

constexpr std::size_t k_longest_challenge = 256;

/// What a router says, for one line of a message.
std::string said(std::string_view bytes) {
    constexpr std::size_t k_longest = 300;
    return printable(router_text(bytes, k_longest));
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::optional<std::string> bytes_of_hex(std::string_view hex) {
    if (hex.empty() || hex.size() % 2 != 0 || hex.size() > k_longest_challenge) return std::nullopt;
    std::string bytes;
    for (std::size_t i = 0; i < hex.size(); i += 2) {
        auto const high = hex_digit(hex[i]), low = hex_digit(hex[i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        bytes += static_cast<char>(high * 16 + low);
    }
    return bytes;
}

/// A trap at login that is not about user and password: another try later may well succeed.
bool is_passing(std::string_view message) {
    auto const lower = to_lower_ascii(message);
    auto const has = [&](std::string_view words) { return lower.find(words) != std::string::npos; };
    return has("not responding") || has("timeout") || has("timed out") || has("too many") || has("maximum connections");
}

/// Some end the connection instead of answering a wrong login with a trap.
bool is_refusal(std::string_view reason) {
    auto const lower = to_lower_ascii(reason);
    return lower.find("user name or password") != std::string::npos || lower.find("cannot log in") != std::string::npos;
}

}  // namespace

Result<std::string> md5_response(std::string_view password, std::string_view challenge) {
    auto const bytes = bytes_of_hex(challenge);
    if (!bytes) return failure(Kind::protocol, fmt::format("its login challenge '{}' is not hexadecimal", said(challenge)));
    std::string text(1, '\0');
    text += password;
    text += *bytes;
    std::array<std::byte, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(digest.data()), &size, EVP_md5(), nullptr) != 1)
        return failure(Kind::config, "this machine's OpenSSL has no MD5, which routers before RouterOS 6.43 log in with");
    return fmt::format("00{}", to_hex(ByteView{digest}.first(size)));
}

RouterOsSession::RouterOsSession(RouterAccess const& access, RouterTimes const& times, Deadline deadline) : m_times(times) {
    auto const now = [] { return std::chrono::steady_clock::now(); };
    m_stream.emplace(access, times.should_stop, std::min(deadline, now() + times.connect));
    log_in(access, std::min(deadline, now() + times.login));
}

void RouterOsSession::log_in(RouterAccess const& access, Deadline deadline) {
    Traps traps;
    Words command{"/login"};
    if (access.login != RouterLogin::md5) {
        command.push_back(fmt::format("=name={}", access.user));
        command.push_back(fmt::format("=password={}", access.password));
    }
    auto const done = ask(std::move(command), deadline, {}, traps);
    if (traps.count == 0 && access.login != RouterLogin::plain && done.has("ret"))
        return answer_challenge(access, done.get("ret"), deadline);
    if (traps.count > 0) {
        m_stream.reset();
        if (is_passing(traps.first))
            throw Error{Kind::unavailable, fmt::format("the login failed: {}; try again later", said(traps.first))};
        throw Error{Kind::permission, fmt::format("the login was refused: {}; check user and password, and whether the user "
                                                  "may use the api from here",
                                                  said(traps.first))};
    }
    if (access.login == RouterLogin::automatic || (access.login == RouterLogin::plain && !done.has("ret"))) return;
    m_stream.reset();
    throw Error{Kind::protocol, access.login == RouterLogin::plain
                                    ? "it asks for the login of RouterOS before 6.43; set --login md5 or auto"
                                    : "it gave no login challenge, as RouterOS since 6.43 does; set --login plain or auto"};
}

void RouterOsSession::answer_challenge(RouterAccess const& access, std::string_view challenge, Deadline deadline) {
    auto const response = md5_response(access.password, challenge);
    if (!response) {
        m_stream.reset();
        throw response.error();
    }
    Traps traps;
    static_cast<void>(
        ask({"/login", fmt::format("=name={}", access.user), fmt::format("=response={}", *response)}, deadline, {}, traps));
    if (traps.count == 0) return;
    m_stream.reset();
    if (is_passing(traps.first))
        throw Error{Kind::unavailable, fmt::format("the login failed: {}; try again later", said(traps.first))};
    constexpr std::string_view k_newer = " (RouterOS since 6.43 needs --login plain or auto)";
    throw Error{Kind::permission, fmt::format("the login was refused: {}; check user and password{}", said(traps.first),
                                              access.login == RouterLogin::md5 ? k_newer : "")};
}

RouterReply RouterOsSession::run(Words command, Deadline deadline, RowTaker const& take) {
    auto const name = command.empty() ? std::string{} : command.front();
    Traps traps;
    auto done = ask(std::move(command), std::min(deadline, std::chrono::steady_clock::now() + m_times.command), take, traps);
    if (traps.count > 0) throw Error{Kind::data, fmt::format("it refuses {}: {}", said(name), said(traps.first))};
    return done;
}

void RouterOsSession::print(std::string_view menu, std::vector<std::string> const& fields, Deadline deadline,
                            RowTaker const& take) {
    Words command{fmt::format("{}/print", menu)};
    if (!fields.empty()) command.push_back(fmt::format("=.proplist={}", fmt::join(fields, ",")));
    run(std::move(command), deadline, take);
}

/// Whatever goes wrong half-way leaves replies unread, so the connection goes with it.
RouterReply RouterOsSession::ask(Words command, Deadline deadline, RowTaker const& take, Traps& traps) {
    if (!m_stream) throw Error{Kind::unavailable, "the connection was dropped after an earlier failure"};
    try {
        auto const tag = std::to_string(++m_tag);
        command.push_back(fmt::format(".tag={}", tag));
        m_stream->write(encoded_sentence(command), deadline);
        return read_replies(tag, deadline, take, traps);
    } catch (...) {
        m_stream.reset();
        throw;
    }
}

RouterReply RouterOsSession::read_replies(std::string const& tag, Deadline deadline, RowTaker const& take, Traps& traps) {
    std::size_t rows = 0;
    for (;;) {
        auto reply = next_reply(deadline);
        if (reply.type == Type::fatal) {
            auto const& reason = reply.text.empty() ? std::string{reply.get("message")} : reply.text;
            throw Error{is_refusal(reason) ? Kind::permission : Kind::unavailable,
                        fmt::format("the router ended the connection: {}", said(reason))};
        }
        // Some that stand in for routers do not repeat the tag.
        if (!reply.tag.empty() && reply.tag != tag) continue;
        if (reply.type == Type::done) return reply;
        if (reply.type == Type::trap) {
            if (++traps.count == 1) traps.first = reply.has("message") ? std::string{reply.get("message")} : "no reason given";
        } else if (reply.type == Type::row) {
            if (++rows > m_times.most_rows)
                throw Error{Kind::protocol, fmt::format("it sends more than {} rows", m_times.most_rows)};
            if (take) take(reply);
        }
    }
}

RouterReply RouterOsSession::next_reply(Deadline deadline) {
    for (;;) {
        if (auto const words = m_reader.next()) return reply_from(*words);
        // Bytes that come drop by drop, or sentences that are skipped, must not outrun the deadline.
        if (std::chrono::steady_clock::now() >= deadline)
            throw Error{Kind::unavailable, "no whole answer in time; the connection was dropped"};
        m_reader.feed(m_stream->read(deadline)).or_throw();
    }
}

}  // namespace bioctl::ont
