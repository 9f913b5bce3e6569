#pragma once
// Sends what the outbox holds: at least once, in order per person, several at a time.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "lib/app/store_writer.hpp"
#include "lib/base/clock.hpp"
#include "lib/base/seal.hpp"
#include "lib/net/http.hpp"
#include "lib/notify/webhook.hpp"
#include "lib/store/outbox.hpp"

namespace bioctl::app {

namespace fs = std::filesystem;

struct DeliverySetup {
    StoreWriter& writer;
    SealKey const& key;
    Clock const& clock;
    fs::path media_dir;
    net::HttpOptions http;
    notify::RetryRules retry;
    int jobs = 4;
    std::function<bool()> should_stop;
    std::function<void(std::chrono::milliseconds)> pause;
};

/// One try.
struct DeliveryTry {
    std::int64_t id = 0, event = 0;
    std::string target, state;  ///< state: sent, failed, skipped, pending
    std::string reason;
    int attempt = 0, http_status = 0;
};

struct DeliverySummary {
    std::int64_t sent = 0, failed = 0, skipped = 0, postponed = 0;
    std::int64_t pending = 0;  ///< left when it ended
};

/// Tries everything that is due, and what becomes due within `patience`; then ends. on_try is called one at a time, on any
/// thread.
DeliverySummary deliver(DeliverySetup const& setup, std::chrono::milliseconds patience,
                        std::function<void(DeliveryTry const&)> const& on_try);

}  // namespace bioctl::app
