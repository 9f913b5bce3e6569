#pragma once
// Counts of single servers, added up. Private to app/.

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <utility>

#include "lib/store/hotspot.hpp"

namespace bioctl::app {

/// Tells how many users there were at each moment, all routers and servers together. A router that was not asked at a moment
/// counts as at its last answer, for at most k_longest_carry.
class HotspotTally {
public:
    static constexpr std::chrono::minutes k_longest_carry{15};

    using Take = std::function<void(Timestamp at, std::int64_t users)>;
    explicit HotspotTally(Take take) : m_take(std::move(take)) {}

    /// By time.
    void add(store::HotspotCount const& count) {
        if (count.at != m_at) finish();
        m_at = count.at;
        auto& router = m_routers[count.router];
        if (router.at != count.at) router = {count.at, 0};
        router.users += count.users;
    }

    /// The last moment is complete.
    void finish() {
        if (m_routers.empty()) return;
        std::int64_t users = 0;
        std::erase_if(m_routers, [&](auto const& router) { return router.second.at + k_longest_carry < m_at; });
        for (auto const& [key, router] : m_routers)
            users += router.users;
        m_take(m_at, users);
    }

private:
    struct Last {
        Timestamp at{};
        std::int64_t users = 0;
    };
    Take m_take;
    std::map<std::int64_t, Last> m_routers;
    Timestamp m_at{};
};

}  // namespace bioctl::app
