#pragma once
// Asks all routers who is logged in to their hotspots, and stores it.

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lib/app/hotspot.hpp"
#include "lib/app/store_writer.hpp"
#include "lib/base/clock.hpp"
#include "lib/base/seal.hpp"
#include "lib/ont/router_link.hpp"
#include "lib/store/routers.hpp"

namespace bioctl::app {

struct HotspotPollerSetup {
    StoreWriter& writer;
    SealKey const& key;
    Clock const& clock;
    std::function<bool()> should_stop;
    ont::RouterTimes times{};
    int jobs = 16;  ///< routers that are asked at the same time
};

struct RouterPoll {
    std::string name{};
    std::int64_t users = 0, joined = 0, left = 0;
    std::string error{};      ///< "" if all went well: cause and next step, without the name
    bool is_skipped = false;  ///< was not asked: it failed lately, its login was refused, or the time was up
};

struct RouterIdentity {
    std::string name{}, version{};
};

/// Keeps the session of each router open between two polls, so that nobody's log fills with logins. One thread calls it; threads
/// of its own ask the routers.
class HotspotPoller {
public:
    explicit HotspotPoller(HotspotPollerSetup setup);
    ~HotspotPoller();
    HotspotPoller(HotspotPoller const&) = delete;
    HotspotPoller& operator=(HotspotPoller const&) = delete;

    /// Asks all routers that are enabled, or only those that are named, by name. Each answer is stored in one transaction. A
    /// router that fails is left alone for longer and longer; one that refuses the login, until it is edited: at most one login
    /// each. Then what is too old goes (prune_hotspot). Returns at the deadline at the latest, but for the time that the store
    /// takes. Throws Error of the store, and {no_input} for a name that nobody has.
    std::vector<RouterPoll> poll(std::chrono::steady_clock::time_point deadline, std::vector<std::string> const& names = {});

private:
    struct Line {
        std::unique_ptr<ont::RouterLink> link{};
        std::int64_t generation = 0;  ///< of the router it was opened for
    };
    struct Answer {
        HotspotSnapshot snapshot{};
        std::optional<RouterIdentity> identity{};  ///< of a session that was just opened
    };
    RouterPoll poll_one(store::Router const& router, Line& line, Timestamp at, std::chrono::steady_clock::time_point deadline);
    static std::optional<Answer> ask_again(Line& line, std::chrono::steady_clock::time_point deadline);
    RouterPoll keep(store::Router const& router, Answer const& answer, Timestamp at);

    HotspotPollerSetup m_setup;
    std::map<std::int64_t, Line> m_lines;  // by router
};

}  // namespace bioctl::app
