#include "lib/app/changes.hpp"

#include <algorithm>

#include "lib/store/onts.hpp"
#include "lib/store/pings.hpp"

namespace bioctl::app {

namespace {

/// `told` are the newest of the rows above `before`. Rows that were removed in between are no loss.
template <class Row>
Newest<Row> newest_of(std::vector<Row> told, std::int64_t before, std::int64_t newest) {
    Newest<Row> result{.rows = std::move(told)};
    if (result.rows.size() == static_cast<std::size_t>(ChangeFeed::k_most))
        result.skipped = std::max<std::int64_t>(0, newest - before - std::ssize(result.rows));
    return result;
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
        for (auto const& outage : m_store.outages().ongoing())
            m_marks.ongoing.insert(outage.id);
        for (auto const& ont : m_store.onts().list())
            m_marks.onts[ont.id] = {ont.state, ont.is_flapping};
    });
}

Changes ChangeFeed::look() {
    Changes changes;
    auto const version = m_store.data_version();
    if (version == m_version) return changes;
    auto marks = m_marks;
    m_store.read([&] {
        look_at_events(marks, changes);
        look_at_devices(marks, changes);
        look_at_onts(marks, changes);
        look_at_outages(marks, changes);
        look_at_notifications(marks, changes);
    });
    m_marks = std::move(marks);
    m_version = version;
    return changes;
}

void ChangeFeed::look_at_events(Marks& marks, Changes& changes) {
    auto const newest = m_store.events().newest_id();
    if (newest > marks.event) changes.events = newest_of(m_store.events().after(marks.event, k_most), marks.event, newest);
    marks.event = std::max(marks.event, newest);
}

void ChangeFeed::look_at_devices(Marks& marks, Changes& changes) {
    auto const newest = m_store.devices().newest_transition();
    if (newest > marks.transition) {
        auto told = m_store.devices().transitions_after(marks.transition, k_most);
        changes.devices = newest_of(std::move(told), marks.transition, newest);
    }
    marks.transition = newest;  // may be less than before: then ids come again
}

void ChangeFeed::look_at_onts(Marks& marks, Changes& changes) {
    auto const round = m_store.pings().newest_round();
    if (round == marks.round) return;  // only rounds change states
    marks.round = round;
    auto before = std::move(marks.onts);
    marks.onts.clear();
    for (auto const& ont : m_store.onts().list()) {
        OntState const now{ont.state, ont.is_flapping};
        auto const known = before.find(ont.id);
        auto const was = known == before.end() ? OntState{.state = "unknown"} : known->second;
        if (now != was) {
            changes.onts.rows.push_back({.id = ont.id,
                                         .name = ont.config.name,
                                         .location = ont.config.location,
                                         .state = ont.state,
                                         .before = was.state,
                                         .is_flapping = ont.is_flapping,
                                         .at = ont.asked_at});
        }
        marks.onts[ont.id] = now;
    }
    cut(changes.onts);
}

void ChangeFeed::look_at_outages(Marks& marks, Changes& changes) {
    auto const newest = m_store.outages().newest_id();
    auto before = std::move(marks.ongoing);
    marks.ongoing.clear();
    for (auto const& outage : m_store.outages().ongoing())
        marks.ongoing.insert(outage.id);
    if (newest > marks.outage) {
        changes.begun = newest_of(m_store.outages().after(marks.outage, k_most), marks.outage, newest);
        for (auto const& outage : changes.begun.rows)
            before.insert(outage.id);  // some of them may be over by now
    }
    marks.outage = std::max(marks.outage, newest);
    for (auto const id : before) {
        if (marks.ongoing.contains(id)) continue;
        // One that was cleared since is of no interest any more.
        if (auto ended = m_store.outages().get(id)) changes.ended.rows.push_back(std::move(*ended));
    }
    cut(changes.ended);
}

void ChangeFeed::look_at_notifications(Marks& marks, Changes& changes) {
    auto const newest = m_store.notifications().newest_id();
    if (newest > marks.notification) {
        auto told = m_store.notifications().after(marks.notification, k_most);
        changes.notifications = newest_of(std::move(told), marks.notification, newest);
    }
    marks.notification = std::max(marks.notification, newest);
    auto const unread = m_store.notifications().unread();
    if (unread != marks.unread) changes.unread = unread;
    marks.unread = unread;
}

}  // namespace bioctl::app
