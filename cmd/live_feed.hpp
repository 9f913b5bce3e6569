#pragma once
// What happens, for those who listen to `serve`.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cmd/context.hpp"
#include "lib/app/changes.hpp"
#include "lib/http/hub.hpp"

namespace bioctl::cmd {

struct LiveMessage {
    std::string_view topic;  ///< one of http::k_topics
    std::string json;        ///< an object, "type" first
};
/// In the order in which they are to be told.
[[nodiscard]] std::vector<LiveMessage> messages_of(app::Changes const& changes);

/// What others store, from its first look on. One thread.
class LiveFeed {
public:
    /// `open` may throw Error, and is then called again with the next look; `warn` is called once for each time of trouble.
    LiveFeed(std::function<store::Store()> open, std::function<void(std::string const&)> warn);
    /// Publishes what is new. Nothing is missed by trouble with the store, which may be busy for a while.
    void look(http::Hub& hub);

private:
    std::function<store::Store()> m_open;
    std::function<void(std::string const&)> m_warn;
    std::optional<app::ChangeFeed> m_changes;
    bool m_is_troubled = false;
};

/// Looks twice a second until the program is to stop. Whoever stores: this process or another one.
void feed_until_stopped(Context& cx, http::Hub& hub);

}  // namespace bioctl::cmd
