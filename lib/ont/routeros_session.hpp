#pragma once
// The RouterOS API over one connection. Private to ont/: see open_router() for what others use.

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "lib/ont/router_link.hpp"
#include "lib/ont/router_stream.hpp"

namespace bioctl::ont {

/// "00" and the MD5 of a zero byte, the password and the challenge, in hex: the login of RouterOS before 6.43. Kind::protocol if
/// the challenge is not pairs of hex digits.
[[nodiscard]] Result<std::string> md5_response(std::string_view password, std::string_view challenge);

class RouterOsSession final : public RouterLink {
public:
    /// Connects and logs in. Error{permission} for a refused login, see RouterLink for the rest.
    RouterOsSession(RouterAccess const& access, RouterTimes const& times, Deadline deadline);

    /// One command; returns what came with `!done`. Rows go to `take`, whose exceptions drop the connection.
    RouterReply run(Words command, Deadline deadline, RowTaker const& take);

    void print(std::string_view menu, std::vector<std::string> const& fields, Deadline deadline, RowTaker const& take) override;
    [[nodiscard]] bool is_open() const override { return m_stream.has_value(); }

private:
    struct Traps {
        int count = 0;
        std::string first{};
    };
    void log_in(RouterAccess const& access, Deadline deadline);
    void answer_challenge(RouterAccess const& access, std::string_view challenge, Deadline deadline);
    RouterReply ask(Words command, Deadline deadline, RowTaker const& take, Traps& traps);
    RouterReply read_replies(std::string const& tag, Deadline deadline, RowTaker const& take, Traps& traps);
    [[nodiscard]] RouterReply next_reply(Deadline deadline);

    RouterTimes m_times;
    std::optional<RouterStream> m_stream;  // none after a failure
    SentenceReader m_reader;
    std::uint64_t m_tag = 0;
};

}  // namespace bioctl::ont
