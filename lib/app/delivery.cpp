#include "lib/app/delivery.hpp"

#include <algorithm>
#include <map>
#include <mutex>

#include "lib/app/courier.hpp"
#include "lib/app/share.hpp"

namespace bioctl::app {

class Deliverer::Impl {
public:
    Impl(DeliverySetup setup, std::function<void(DeliveryTry const&)> on_try)
        : m_setup(std::move(setup)), m_on_try(std::move(on_try)) {}

    DeliverySummary run(std::chrono::milliseconds patience, Drain drain) {
        auto const deadline = std::chrono::steady_clock::now() + patience;
        auto const couriers = couriers_now();
        DeliverySummary total;
        share(couriers.size(), static_cast<int>(couriers.size()), m_setup.should_stop, [&](NextPiece const& next) {
            while (auto const index = next()) {
                auto const one = couriers[*index]->run(deadline, drain);
                std::lock_guard const lock{m_mutex};
                total.sent += one.sent;
                total.failed += one.failed;
                total.skipped += one.skipped;
                total.postponed += one.postponed;
            }
        });
        m_setup.writer.write([&](store::Store& store) { total.pending = store.outbox().pending(); });
        return total;
    }

private:
    /// One for each enabled target. Targets come, change and go while a service runs.
    std::vector<Courier*> couriers_now() {
        std::vector<store::Target> targets;
        m_setup.writer.write([&](store::Store& store) { targets = store.outbox().targets(); });
        std::vector<Courier*> couriers;
        for (auto const& target : targets) {
            auto const& only = m_setup.only_targets;
            if (!only.empty() && std::ranges::find(only, target.key) == only.end()) continue;
            auto const [known, is_new] =
                m_couriers.try_emplace(target.key, m_setup, target, m_pacer, [this](DeliveryTry const& attempt) {
                    std::lock_guard const lock{m_mutex};
                    m_on_try(attempt);
                });
            if (!is_new) known->second.renew(target);
            if (target.enabled) couriers.push_back(&known->second);
        }
        return couriers;
    }

    DeliverySetup m_setup;
    std::function<void(DeliveryTry const&)> m_on_try;
    notify::Pacer m_pacer;
    std::map<std::int64_t, Courier> m_couriers;  // by the target's key
    std::mutex m_mutex;
};

Deliverer::Deliverer(DeliverySetup setup, std::function<void(DeliveryTry const&)> on_try)
    : m_impl(std::make_unique<Impl>(std::move(setup), std::move(on_try))) {}
Deliverer::~Deliverer() = default;

DeliverySummary Deliverer::run(std::chrono::milliseconds patience, Drain drain) {
    return m_impl->run(patience, drain);
}

}  // namespace bioctl::app
