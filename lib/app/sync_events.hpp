#pragma once
// One batch of rows into the store: with the cursor and the deliveries, in one transaction. Private to the sync.

#include "lib/app/behind.hpp"
#include "lib/app/sync.hpp"
#include "lib/store/events.hpp"

namespace bioctl::app {

/// Somebody has changed or removed the device while it was read: nothing of the page in hand is stored.
struct DeviceChanged {};

/// Where the log of a device stands while it is read. Stores a page while the next one is asked for.
class EventTaker {
public:
    EventTaker(SyncSetup const& setup, SyncRules const& rules, store::Device const& device, DevicePass& pass);

    /// Throws what storing the page before threw; DeviceChanged.
    hikvision::Next take(hikvision::Batch const& batch);
    /// Until all that was taken is stored. Throws what that threw.
    void wait() { m_behind.wait(); }
    /// After a complete read: what was read by serial is complete too.
    void finish(hikvision::ReadReport const& report, hikvision::Dialect const& dialect);

    /// Where to read on, given what the device's clock says.
    [[nodiscard]] hikvision::Place place(Timestamp device_now);

private:
    struct Mark {
        std::int64_t serial = 0;
        Timestamp time{};
    };
    struct Tally {
        std::int64_t added = 0, known = 0, recognized = 0;
        int new_epochs = 0, queued = 0;
    };
    void store_batch(hikvision::Batch const& batch);
    void store_rows(store::Store& store, hikvision::Batch const& batch, Timestamp now, store::DeviceCursor& cursor, Mark& highest,
                    Tally& tally) const;
    [[nodiscard]] store::NewEvent event_from(hikvision::EventRow const& row) const;

    SyncSetup const& m_setup;
    SyncRules const& m_rules;
    std::int64_t m_device, m_generation;
    DevicePass& m_pass;
    store::DeviceCursor m_cursor;
    Mark m_highest;    // of the epoch
    bool m_is_reread;  // of what lies behind the cursor, which then stays where it is
    std::int64_t m_left = 0;
    Behind m_behind;  // the last member: its thread uses the others
};

}  // namespace bioctl::app
