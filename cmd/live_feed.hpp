#pragma once
// What happens, for those who listen to `serve`.

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

/// Looks twice a second until the program is to stop. Whoever stores: this process or another one.
void feed_until_stopped(Context& cx, http::Hub& hub);

}  // namespace bioctl::cmd
