#pragma once
// One batch of rows into the store: with the cursor and the deliveries, in one transaction. Private to the sync.

#include "lib/app/sync.hpp"
#include "lib/store/events.hpp"

namespace bioctl::app {

/// Where the log of a device stands while it is read.
class EventTaker {
public:
    EventTaker(SyncSetup const& setup, SyncRules const& rules, store::Device const& device, DevicePass& pass);

    hikvision::Next take(hikvision::Batch const& batch);
    /// After a complete read: what was read by serial is complete too.
    void finish(hikvision::ReadReport const& report, hikvision::Dialect const& dialect);

    [[nodiscard]] hikvision::Place place() const;

private:
    struct Mark {
        std::int64_t serial = 0;
        Timestamp time{};
    };
    struct Tally {
        std::int64_t added = 0, known = 0, recognized = 0;
        int new_epochs = 0, queued = 0;
    };
    void store_rows(store::Store& store, hikvision::Batch const& batch, Timestamp now, store::DeviceCursor& cursor, Mark& highest,
                    Tally& tally) const;
    [[nodiscard]] store::NewEvent event_from(hikvision::EventRow const& row) const;

    SyncSetup const& m_setup;
    SyncRules const& m_rules;
    std::int64_t m_device;
    DevicePass& m_pass;
    store::DeviceCursor m_cursor;
    Mark m_highest;    // of the epoch
    bool m_is_reread;  // of what lies behind the cursor, which then stays where it is
    std::int64_t m_left = 0;
};

}  // namespace bioctl::app
