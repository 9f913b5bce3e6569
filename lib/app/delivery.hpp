#pragma once
// Sends what the outbox holds: at least once, in order per person, several at a time.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "lib/app/store_writer.hpp"
#include "lib/base/clock.hpp"
#include "lib/base/seal.hpp"
#include "lib/net/http.hpp"
#include "lib/notify/retry.hpp"
#include "lib/store/outbox.hpp"

namespace bioctl::app {

namespace fs = std::filesystem;

struct DeliverySetup {
    StoreWriter& writer;
    SealKey const& key;
    Clock const& clock;
    fs::path media_dir;
    fs::path claims_file;  ///< the same for all processes of this store, see base/claims.hpp
    net::HttpOptions http;
    notify::RetryRules retry;
    int jobs = 4;
    std::vector<std::int64_t> only_targets{};  ///< keys; empty = all
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
    std::int64_t pending = 0;  ///< left when it ended, of targets that are enabled
};

enum class Drain {
    wholly,   ///< beyond the patience too, as long as something gets through
    in_time,  ///< not beyond it: for a service, which calls again
};

/// Knows between two runs which target does not answer. Targets work side by side, so a slow one holds up no other.
class Deliverer {
public:
    /// on_try is called one at a time, on any thread.
    Deliverer(DeliverySetup setup, std::function<void(DeliveryTry const&)> on_try);
    ~Deliverer();
    Deliverer(Deliverer const&) = delete;
    Deliverer& operator=(Deliverer const&) = delete;

    /// Tries everything that is due, and what becomes due within `patience`; then ends. One thread at a time. Throws Error of the
    /// store.
    DeliverySummary run(std::chrono::milliseconds patience, Drain drain);

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace bioctl::app
