#pragma once
// Face terminals: how they are reached, how far they have been read, how they are doing. Secrets are sealed by the caller.
//
// A source is a row beside them without an address: what a camera, or POST /recognize/realtime, has seen is kept as its events.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/bytes.hpp"
#include "lib/base/clock.hpp"
#include "lib/store/store.hpp"

namespace bioctl::store {

/// What a user sets.
struct DeviceConfig {
    std::string name{};      ///< unique among the devices that are not removed
    std::string base_url{};  ///< "https://192.0.2.10:8443"; "" of a source
    std::string user{};
    Bytes password{};        ///< sealed
    std::string location{};  ///< "" if none
    std::vector<std::string> tags{};
    std::string tls = "ca";         ///< ca, pin, off
    std::string pin{};              ///< for tls = pin
    std::string window = "device";  ///< device, none, utc
    bool reuse_nonce = false;
    bool enabled = true;
    std::string push_url{};  ///< where it was told to push its events, "" = nowhere
};

/// What the device said about itself. The serial number is its identity, not its address.
struct DeviceIdentity {
    std::string serial_number{}, mac{}, model{}, firmware{};
};

struct DeviceHealth {
    std::string state = "unknown";
    Timestamp since{};
    int failures = 0;
    Timestamp not_before{};
    std::string reason{};
};

/// How far the event log has been read. A new epoch begins when the device's serials start again.
struct DeviceCursor {
    int epoch = 1;
    std::int64_t serial = 0;
    Timestamp time{};  ///< 0: never read
    /// What the device takes, see hikvision::Dialect.
    int filter_major = 5, filter_minor = 0;
    bool has_serial_range = true;
    int max_results = 30;
    Timestamp dialect_at{};  ///< when that was found out
};

struct Device {
    std::int64_t key = 0;
    std::int64_t generation = 1;  ///< grows with each set_config()
    DeviceConfig config;
    DeviceIdentity identity;
    DeviceHealth health;
    DeviceCursor cursor;
    std::optional<std::int64_t> drift_ms{};  ///< device clock minus ours
    std::optional<int> utc_offset_minutes{};
    std::int64_t backlog = 0;             ///< rows that the device still held at the end of the last pass, 0 = none known
    Timestamp last_sync{}, last_event{};  ///< 0: never
    Timestamp created_at{}, updated_at{};

    [[nodiscard]] bool is_source() const { return config.base_url.empty(); }
};

struct DeviceTransition {
    std::int64_t id = 0;
    std::string device{}, from{}, to{}, reason{};
    Timestamp at{};
};

/// Statements on `device` and `device_transition`. Use inside Store::write() or read().
class Devices {
public:
    [[nodiscard]] std::optional<Device> get(std::string_view name) const;
    [[nodiscard]] std::optional<Device> get(std::int64_t key) const;
    [[nodiscard]] std::optional<Device> with_serial_number(std::string_view serial_number) const;
    [[nodiscard]] std::vector<Device> list() const;     ///< terminals, by name
    [[nodiscard]] std::vector<Device> sources() const;  ///< by name

    std::int64_t add(DeviceConfig const& config, Timestamp now);  ///< Error{data} if the name is taken
    void set_config(std::int64_t key, DeviceConfig const& config, Timestamp now);
    void set_push_url(std::int64_t key, std::string_view url, Timestamp now);
    void set_identity(std::int64_t key, DeviceIdentity const& identity, Timestamp now);
    /// Another state is also written to the transitions: then the state before, else std::nullopt. With a generation: does
    /// nothing if somebody has changed the device since, because what was learnt is about another address or password.
    std::optional<std::string> set_health(std::int64_t key, DeviceHealth const& health, Timestamp now,
                                          std::optional<std::int64_t> generation = std::nullopt);
    /// False after the device was changed or removed.
    [[nodiscard]] bool is_current(std::int64_t key, std::int64_t generation) const;
    void set_cursor(std::int64_t key, DeviceCursor const& cursor);
    void set_clock(std::int64_t key, std::int64_t drift_ms, int utc_offset_minutes);
    void set_synced(std::int64_t key, Timestamp now, std::int64_t backlog);
    /// The device is no longer listed and its password is gone; its events stay, under its name. False if unknown.
    bool remove(std::string_view name, Timestamp now);

    /// Names and locations of all devices, also of those that were removed: their events stay.
    [[nodiscard]] std::vector<std::string> names_ever() const;
    [[nodiscard]] std::vector<std::string> locations_ever() const;

    [[nodiscard]] std::vector<DeviceTransition> transitions(std::optional<std::int64_t> device,
                                                            int limit) const;  ///< newest first
    [[nodiscard]] std::int64_t newest_transition() const;                      ///< 0: there is none
    /// The newest of those with a higher id, by id. An id that was given once is not given again.
    [[nodiscard]] std::vector<DeviceTransition> transitions_after(std::int64_t id, int limit) const;
    [[nodiscard]] std::int64_t count_transitions_after(std::int64_t id) const;  ///< how many those are without a limit

private:
    friend class Store;
    explicit Devices(Connection& connection) : m_connection(&connection) {}
    /// A terminal that was removed and is added again goes on where it was: its events and its cursor become this device's.
    void adopt_removed(std::int64_t key, std::string_view serial_number);
    Connection* m_connection;
};

}  // namespace bioctl::store
