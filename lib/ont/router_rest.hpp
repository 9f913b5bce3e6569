#pragma once
// The REST interface of RouterOS 7.1 and later, for where only HTTP(S) gets through. Private to ont/: see open_router().

#include <string>
#include <string_view>
#include <vector>

#include "lib/net/exchange.hpp"
#include "lib/ont/router_link.hpp"

namespace bioctl::ont {

class RouterRest final : public RouterLink {
public:
    /// Asks for the router's name, which tells whether user and password are right.
    RouterRest(RouterAccess const& access, RouterTimes const& times, std::chrono::steady_clock::time_point deadline);

    void print(std::string_view menu, std::vector<std::string> const& fields, std::chrono::steady_clock::time_point deadline,
               RowTaker const& take) override;
    [[nodiscard]] bool is_open() const override { return m_is_open; }

private:
    RouterTimes m_times;
    std::string m_base, m_authorization;
    net::Session m_session;
    bool m_is_open = true;
};

}  // namespace bioctl::ont
