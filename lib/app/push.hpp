#pragma once
// Events that terminals push. Polling stays the truth: what cannot be taken here is read from the terminal's log later, and what
// was taken here is recognised there.

#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <string_view>

#include "lib/app/store_writer.hpp"
#include "lib/base/bytes.hpp"
#include "lib/base/clock.hpp"
#include "lib/store/devices.hpp"

namespace bioctl::app {

struct PushSetup {
    StoreWriter& writer;
    Clock const& clock;
    std::filesystem::path media_dir;
    std::set<int> recognized_minors;  ///< of major 5
};

/// What came in one request.
struct PushedMessage {
    std::string path;    ///< "/hik/..."
    std::string client;  ///< numeric address
    std::string_view event;
    ByteView picture;  ///< JPEG, empty = none
};

enum class PushResult {
    stored,
    known,         ///< it was here before
    sign_of_life,  ///< no event
    left,          ///< the terminal's numbers seem to start again, which only a poll can judge
    unknown_path,  ///< no device pushes here
    wrong_source,  ///< the device has another address
    unusable,      ///< no event of the access log
};

struct PushReport {
    PushResult result = PushResult::unknown_path;
    std::string device{};  ///< "" for an unknown path
    std::string detail{};  ///< for the log
    std::int64_t event = 0;
};

/// Durable when it returns; deliveries are queued. Any thread. Throws Error of the store or the disk: then nothing is stored.
[[nodiscard]] PushReport receive_push(PushSetup const& setup, PushedMessage const& message);

/// "/hik/" and 26 random characters: nobody guesses it.
[[nodiscard]] std::string new_push_path();

}  // namespace bioctl::app
