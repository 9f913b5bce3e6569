#include "lib/app/changes.hpp"

#include <algorithm>
#include <iterator>

#include "lib/store/onts.hpp"
#include "lib/store/pings.hpp"

namespace bioctl::app {

namespace {

/// `told` are the newest of as many rows as `count` says, which is asked only if there may be more of them.
template <class Row, class Count>
Newest<Row> newest_of(std::vector<Row> told, Count const& count) {
    Newest<Row> result{.rows = std::move(told)};
    if (result.rows.size() == static_cast<std::size_t>(ChangeFeed::k_most)) result.skipped = count() - std::ssize(result.rows);
    return result;
}

std::vector<std::int64_t> ongoing_by_id(store::Store& store) {
    auto ids = store.outages().ongoing_ids();
    std::ranges::sort(ids);
    return ids;
}

/// Keeps the last k_most.
template <class Row>
void cut(Newest<Row>& newest) {
    newest.skipped = std::max<std::int64_t>(0, std::ssize(newest.rows) - ChangeFeed::k_most);
    newest.rows.erase(newest.rows.begin(), newest.rows.begin() + newest.skipped);
}

}  // namespace

ChangeFeed::ChangeFeed(store::Store store) : m_store(std::move(store)) {
    m_version = m_store.data_version();
    m_store.read([&] {
        m_marks.event = m_store.events().newest_id();
        m_marks.transition = m_store.devices().newest_transition();
        m_marks.outage = m_store.outages().newest_id();
        m_marks.notification = m_store.notifications().newest_id();
        m_marks.unread = m_store.notifications().unread();
        m_marks.round = m_store.pings().newest_round();
        m_marks.ongoing = ongoing_by_id(m_store);
        for (auto const& ont : m_store.onts().list())
            m_onts[ont.id] = {ont.state, ont.is_flapping};
    });
}

Changes ChangeFeed::look() {
    Changes changes;
    auto const version = m_store.data_version();
    if (version == m_version) return changes;
    auto marks = m_marks;
    std::optional<OntStates> onts;
    m_store.read([&] {
        look_at_events(marks, changes);
        look_at_devices(marks, changes);
        onts = look_at_onts(marks, changes);
        look_at_outages(marks, changes);
        look_at_notifications(marks, changes);
    });
    // Not before everything has been read: a look that failed is made up for.
    m_marks = std::move(marks);
    if (onts) m_onts = std::move(*onts);
    m_version = version;
    return changes;
}

void ChangeFeed::look_at_events(Marks& marks, Changes& changes) {
    auto const events = m_store.events();
    auto const newest = events.newest_id();
    if (newest > marks.event)
        changes.events = newest_of(events.after(marks.event, k_most), [&] { return events.count_after(marks.event); });
    marks.event = std::max(marks.event, newest);
}

void ChangeFeed::look_at_devices(Marks& marks, Changes& changes) {
    auto const devices = m_store.devices();
    auto const newest = devices.newest_transition();
    if (newest > marks.transition) {
        changes.devices = newest_of(devices.transitions_after(marks.transition, k_most),
                                    [&] { return devices.count_transitions_after(marks.transition); });
    }
    marks.transition = std::max(marks.transition, newest);
}

std::optional<ChangeFeed::OntStates> ChangeFeed::look_at_onts(Marks& marks, Changes& changes) {
    auto const round = m_store.pings().newest_round();
    if (round == marks.round) return std::nullopt;  // only rounds change states
    marks.round = round;
    OntStates onts;
    for (auto const& ont : m_store.onts().list()) {
        OntState const now{ont.state, ont.is_flapping};
        auto const known = m_onts.find(ont.id);
        auto const was = known == m_onts.end() ? OntState{.state = "unknown"} : known->second;
        if (now != was) {
            changes.onts.rows.push_back({.id = ont.id,
                                         .name = ont.config.name,
                                         .location = ont.config.location,
                                         .state = ont.state,
                                         .before = was.state,
                                         .is_flapping = ont.is_flapping,
                                         .at = ont.asked_at});
        }
        onts[ont.id] = now;
    }
    cut(changes.onts);
    return onts;
}

void ChangeFeed::look_at_outages(Marks& marks, Changes& changes) {
    auto const outages = m_store.outages();
    auto const newest = outages.newest_id();
    auto before = std::move(marks.ongoing);
    marks.ongoing = ongoing_by_id(m_store);
    if (newest > marks.outage) {
        changes.begun = newest_of(outages.after(marks.outage, k_most), [&] { return outages.count_after(marks.outage); });
        // Some of them may be over by now. Their ids are higher than those of before.
        for (auto const& outage : changes.begun.rows)
            before.push_back(outage.id);
    }
    marks.outage = std::max(marks.outage, newest);
    std::vector<std::int64_t> over;
    std::ranges::set_difference(before, marks.ongoing, std::back_inserter(over));
    for (auto const id : over) {
        // One that was cleared since is of no interest any more.
        if (auto ended = outages.get(id)) changes.ended.rows.push_back(std::move(*ended));
    }
    cut(changes.ended);
}

void ChangeFeed::look_at_notifications(Marks& marks, Changes& changes) {
    auto const notifications = m_store.notifications();
    auto const newest = notifications.newest_id();
    if (newest > marks.notification) {
        changes.notifications = newest_of(notifications.after(marks.notification, k_most),
                                          [&] { return notifications.count_after(marks.notification); });
    }
    marks.notification = std::max(marks.notification, newest);
    auto const unread = notifications.unread();
    if (unread != marks.unread) changes.unread = unread;
    marks.unread = unread;
}

}  // namespace bioctl::app
