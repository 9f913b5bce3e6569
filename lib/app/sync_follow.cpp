#include "lib/app/sync_follow.hpp"

#include <algorithm>
#include <exception>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "lib/app/devices.hpp"
#include "lib/base/causes.hpp"

namespace bioctl::app {

namespace {

using Moment = std::chrono::steady_clock::time_point;

constexpr std::chrono::milliseconds k_idle{100};
constexpr std::chrono::milliseconds k_after_trouble{1000};
constexpr std::chrono::milliseconds k_reload{1000};  // how soon a device that is added or changed is noticed

class Follower {
public:
    Follower(SyncSetup const& setup, SyncRules const& rules, FollowRules const& follow, FollowEvents const& events)
        : m_setup(setup), m_rules(rules), m_follow(follow), m_events(events) {}

    void run() {
        std::vector<std::thread> threads;
        for (int i = 0; i < std::max(m_follow.jobs, 1); ++i)
            threads.emplace_back([this] { work(); });
        for (auto& thread : threads)
            thread.join();
        if (m_failure) std::rethrow_exception(m_failure);
    }

private:
    struct Turn {
        Moment next{};
        bool is_running = false;
    };

    void work() {
        try {
            while (!is_over())
                take_turn();
        } catch (...) {
            std::lock_guard const lock{m_mutex};
            if (!m_failure) m_failure = std::current_exception();
        }
    }

    void take_turn() {
        std::optional<store::Device> device;
        try {
            device = begin_turn();
            if (!device) return m_setup.pause(k_idle);
            end_turn(device->key, sync_device(m_setup, m_rules, *device));
        } catch (Error const& error) {
            if (!may_pass(error)) throw;
            give_back(device, error);
            m_setup.pause(k_after_trouble);
        }
    }

    /// What the pass could not store it will find again: the cursor stands where it stood.
    void give_back(std::optional<store::Device> const& device, Error const& error) {
        std::lock_guard const lock{m_mutex};
        if (device) m_turns[device->key].is_running = false;
        if (!std::exchange(m_is_troubled, true)) m_events.on_trouble(error);
    }

    bool is_over() {
        std::lock_guard const lock{m_mutex};
        return m_failure || m_setup.should_stop();
    }

    /// One that was removed or has another name is no reason to leave the others.
    std::vector<store::Device> followed(store::Store& store) const {
        if (m_follow.devices.empty()) return choose_devices(store, {});
        std::vector<store::Device> devices;
        for (auto const& name : m_follow.devices) {
            auto device = store.devices().get(name);
            if (device && !device->is_source()) devices.push_back(*std::move(device));
        }
        return devices;
    }

    /// The device that waits longest, if one is due.
    std::optional<store::Device> begin_turn() {
        std::lock_guard const lock{m_mutex};
        auto const now = std::chrono::steady_clock::now();
        if (now >= m_next_load) {
            m_setup.writer.write([&](store::Store& store) { m_devices = followed(store); });
            m_next_load = now + k_reload;
        }
        store::Device const* chosen = nullptr;
        for (auto const& device : m_devices) {
            auto const& turn = m_turns[device.key];
            if (turn.is_running || turn.next > now) continue;
            if (chosen == nullptr || turn.next < m_turns[chosen->key].next) chosen = &device;
        }
        if (chosen == nullptr) return std::nullopt;
        m_turns[chosen->key].is_running = true;
        std::optional<store::Device> fresh;  // its cursor and health have moved since the list was read
        m_setup.writer.write([&](store::Store& store) { fresh = store.devices().get(chosen->key); });
        if (!fresh) m_turns.erase(chosen->key);
        return fresh;
    }

    void end_turn(std::int64_t device, DevicePass const& pass) {
        std::lock_guard const lock{m_mutex};
        m_turns[device] = {std::chrono::steady_clock::now() + m_follow.interval, false};
        if (std::exchange(m_is_troubled, false)) m_events.on_recovery();
        m_events.on_pass(pass);
    }

    SyncSetup const& m_setup;
    SyncRules const& m_rules;
    FollowRules const& m_follow;
    FollowEvents const& m_events;
    std::mutex m_mutex;
    bool m_is_troubled = false;
    std::exception_ptr m_failure;
    std::vector<store::Device> m_devices;
    std::map<std::int64_t, Turn> m_turns;  // by key
    Moment m_next_load{};
};

}  // namespace

void follow_devices(SyncSetup const& setup, SyncRules const& rules, FollowRules const& follow, FollowEvents const& events) {
    Follower{setup, rules, follow, events}.run();
}

}  // namespace bioctl::app
