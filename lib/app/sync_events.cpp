#include "lib/app/sync_events.hpp"

#include <algorithm>

#include "lib/hikvision/codes.hpp"
#include "lib/store/events.hpp"
#include "lib/store/outbox.hpp"

namespace bioctl::app {

namespace {

constexpr std::chrono::minutes k_clock_slack{1};

}  // namespace

EventTaker::EventTaker(SyncSetup const& setup, SyncRules const& rules, store::Device const& device, DevicePass& pass)
    : m_setup(setup),
      m_rules(rules),
      m_device(device.key),
      m_generation(device.generation),
      m_pass(pass),
      m_cursor(device.cursor),
      m_highest{device.cursor.serial, device.cursor.time},
      m_is_reread(rules.since.has_value() && device.cursor.time != Timestamp{}) {}

hikvision::Place EventTaker::place(Timestamp device_now) {
    m_behind.wait();
    // A read from an earlier time on says nothing about serials.
    if (m_is_reread) return {.time = *m_rules.since, .serial = 0};
    if (m_cursor.time <= device_now + k_clock_slack) return {.time = m_cursor.time, .serial = m_cursor.serial};
    // Its clock was ahead once. What it writes now lies before the cursor, behind the last event of the right time.
    std::optional<Timestamp> newest;
    m_setup.writer.write([&](store::Store& store) { newest = store.events().newest(m_device, device_now); });
    return {.time = newest.value_or(device_now - m_rules.first_look_back), .serial = m_cursor.serial};
}

store::NewEvent EventTaker::event_from(hikvision::EventRow const& row) const {
    store::NewEvent event;
    event.serial = row.serial;
    event.time = row.at;
    event.local_time = row.time;
    event.major = row.major;
    event.minor = row.minor;
    event.is_recognized = row.major == hikvision::k_major_event && m_rules.recognized_minors.contains(row.minor);
    event.employee_no = row.employee_no;
    event.name = row.name;
    event.picture_url = row.picture;
    event.raw = row.raw;
    return event;
}

void EventTaker::store_rows(store::Store& store, hikvision::Batch const& batch, Timestamp now, store::DeviceCursor& cursor,
                            Mark& highest, Tally& tally) const {
    // First of all: rows of a device that was removed meanwhile would belong to nobody.
    if (!store.devices().is_current(m_device, m_generation)) throw DeviceChanged{};
    auto events = store.events();
    auto outbox = store.outbox();
    // By time, so that the last rows of an old epoch come before the first ones of a new.
    std::vector<hikvision::EventRow const*> rows;
    for (auto const& row : batch.page.rows)
        rows.push_back(&row);
    std::ranges::stable_sort(rows, {}, &hikvision::EventRow::at);
    for (auto const* row : rows) {
        auto const event = event_from(*row);
        auto const added = events.add(m_device, event, cursor.epoch, highest.serial, highest.time, now);
        if (added.stored == store::Stored::known) {
            ++tally.known;
            // Stored by a pass that did not get to its end.
            if (added.epoch == cursor.epoch && event.serial > highest.serial) highest = {event.serial, event.time};
            continue;
        }
        ++tally.added;
        if (added.stored == store::Stored::new_epoch) {
            ++tally.new_epochs;
            highest = {};
            cursor.serial = 0;
        }
        if (event.serial > highest.serial) highest = {event.serial, event.time};
        tally.recognized += event.is_recognized ? 1 : 0;
        tally.queued += outbox.queue_event(added.id, now);
    }
    if (!m_is_reread) cursor.time = std::max(cursor.time, batch.reached);
    store.devices().set_cursor(m_device, cursor);
}

hikvision::Next EventTaker::take(hikvision::Batch const& batch) {
    m_left = batch.left;
    if (m_rules.dry_run) {
        m_pass.added += static_cast<std::int64_t>(batch.page.rows.size());
    } else {
        m_behind.start([this, batch] { store_batch(batch); });
    }
    if (m_rules.limit > 0) {
        m_behind.wait();
        if (m_pass.added >= m_rules.limit) return hikvision::Next::stop;
    }
    return m_setup.should_stop() ? hikvision::Next::stop : hikvision::Next::more;
}

void EventTaker::store_batch(hikvision::Batch const& batch) {
    auto cursor = m_cursor;
    auto highest = m_highest;
    Tally tally;
    auto const now = m_setup.clock.now();
    m_setup.writer.write([&](store::Store& store) {
        cursor = m_cursor;
        highest = m_highest;
        tally = {};
        store_rows(store, batch, now, cursor, highest, tally);
    });
    m_cursor = cursor;
    m_highest = highest;
    m_pass.added += tally.added;
    m_pass.known += tally.known;
    m_pass.recognized += tally.recognized;
    m_pass.new_epochs += tally.new_epochs;
    m_pass.queued += tally.queued;
}

void EventTaker::finish(hikvision::ReadReport const& report, hikvision::Dialect const& dialect) {
    m_behind.wait();
    m_pass.missed += report.missed;
    m_pass.unusable += report.unusable;
    if (m_rules.dry_run) return;
    auto cursor = m_cursor;
    hikvision::Dialect const before{{cursor.filter_major, cursor.filter_minor}, cursor.has_serial_range, cursor.max_results};
    if (!(dialect == before)) cursor.dialect_at = m_setup.clock.now();
    cursor.filter_major = dialect.filter.major;
    cursor.filter_minor = dialect.filter.minor;
    cursor.has_serial_range = dialect.has_serial_range;
    cursor.max_results = dialect.max_results;
    if (report.is_complete && !m_is_reread) {
        cursor.time = std::max(cursor.time, report.reached);
        cursor.serial = m_highest.serial;
    }
    auto const now = m_setup.clock.now();
    m_setup.writer.write([&](store::Store& store) {
        if (!store.devices().is_current(m_device, m_generation)) throw DeviceChanged{};
        store.devices().set_cursor(m_device, cursor);
        store.devices().set_synced(m_device, now, report.is_complete ? 0 : m_left);
    });
    m_cursor = cursor;
}

}  // namespace bioctl::app
