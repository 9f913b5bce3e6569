#include "lib/app/sync_follow.hpp"

#include <algorithm>
#include <exception>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

#include "lib/app/devices.hpp"

namespace bioctl::app {

namespace {

using Moment = std::chrono::steady_clock::time_point;

constexpr std::chrono::milliseconds k_idle{100};
constexpr std::chrono::milliseconds k_reload{1000};  // how soon a device that is added or changed is noticed

class Follower {
public:
    Follower(SyncSetup const& setup, SyncRules const& rules, FollowRules const& follow,
             std::function<void(DevicePass const&)> const& on_pass)
        : m_setup(setup), m_rules(rules), m_follow(follow), m_on_pass(on_pass) {}

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
            while (!is_over()) {
                if (auto const device = begin_turn()) {
                    auto const pass = sync_device(m_setup, m_rules, *device);
                    end_turn(device->key, pass);
                } else {
                    m_setup.pause(k_idle);
                }
            }
        } catch (...) {
            std::lock_guard const lock{m_mutex};
            if (!m_failure) m_failure = std::current_exception();
        }
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
        m_on_pass(pass);
    }

    SyncSetup const& m_setup;
    SyncRules const& m_rules;
    FollowRules const& m_follow;
    std::function<void(DevicePass const&)> const& m_on_pass;
    std::mutex m_mutex;
    std::exception_ptr m_failure;
    std::vector<store::Device> m_devices;
    std::map<std::int64_t, Turn> m_turns;  // by key
    Moment m_next_load{};
};

}  // namespace

void follow_devices(SyncSetup const& setup, SyncRules const& rules, FollowRules const& follow,
                    std::function<void(DevicePass const&)> const& on_pass) {
    Follower{setup, rules, follow, on_pass}.run();
}

}  // namespace bioctl::app
