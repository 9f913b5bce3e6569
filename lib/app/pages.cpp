#include "lib/app/pages.hpp"

#include <algorithm>

#include "lib/hikvision/codes.hpp"

namespace bioctl::app {

namespace {

/// One more than asked for was read: whether there is a page after this one.
template <class Item, class CursorOf>
Page<Item> page_of(std::vector<Item> items, PageWish const& wish, CursorOf const& cursor_of) {
    Page<Item> page{.items = std::move(items)};
    if (static_cast<std::int64_t>(page.items.size()) <= wish.limit) return page;
    page.items.resize(static_cast<std::size_t>(wish.limit));
    page.next = cursor_of(page.items.back());
    return page;
}

template <class Item>
auto collect_into(std::vector<Item>& items) {
    return [&items](Item const& item) {
        items.push_back(item);
        return true;
    };
}

}  // namespace

Page<store::Event> page_of_events(store::Store& store, store::EventFilter filter, PageWish const& wish) {
    constexpr std::string_view k_list = "events";
    if (wish.cursor) filter.older_than = time_of_cursor(k_list, *wish.cursor).or_throw();
    filter.newest_first = true;
    filter.limit = wish.limit + 1;
    std::vector<store::Event> events;
    store.read([&] { store.events().each(filter, collect_into(events)); });
    return page_of(std::move(events), wish,
                   [&](store::Event const& last) { return cursor_of_time(k_list, last.row.time, last.id); });
}

std::string_view name_of(store::Event const& event) {
    return hikvision::name_of_event(event.row.major, event.row.minor);
}

Page<store::Person> page_of_people(store::Store& store, store::PersonFilter filter, PageWish const& wish) {
    constexpr std::string_view k_list = "people";
    if (wish.cursor) filter.after = text_of_cursor(k_list, *wish.cursor).or_throw();
    filter.limit = wish.limit + 1;
    std::vector<store::Person> people;
    store.read([&] { people = store.people().list(filter); });
    return page_of(std::move(people), wish, [&](store::Person const& last) { return cursor_of_text(k_list, last.id); });
}

Page<store::Outage> page_of_outages(store::Store& store, store::OutageFilter filter, PageWish const& wish) {
    constexpr std::string_view k_list = "outages";
    if (wish.cursor) filter.older_than = time_of_cursor(k_list, *wish.cursor).or_throw();
    filter.limit = wish.limit + 1;
    std::vector<store::Outage> outages;
    store.read([&] { store.outages().each(filter, collect_into(outages)); });
    return page_of(std::move(outages), wish,
                   [&](store::Outage const& last) { return cursor_of_time(k_list, last.started_at, last.id); });
}

Page<store::Notification> page_of_notifications(store::Store& store, store::NotificationFilter filter, PageWish const& wish) {
    constexpr std::string_view k_list = "notifications";
    if (wish.cursor) filter.older_than = time_of_cursor(k_list, *wish.cursor).or_throw();
    filter.limit = wish.limit + 1;
    std::vector<store::Notification> notifications;
    store.read([&] { notifications = store.notifications().list(filter); });
    return page_of(std::move(notifications), wish,
                   [&](store::Notification const& last) { return cursor_of_time(k_list, last.at, last.id); });
}

Page<store::Delivery> page_of_deliveries(store::Store& store, store::DeliveryFilter filter, PageWish const& wish) {
    constexpr std::string_view k_list = "outbox";
    if (wish.cursor) filter.after = id_of_cursor(k_list, *wish.cursor).or_throw();
    filter.limit = wish.limit + 1;
    std::vector<store::Delivery> deliveries;
    store.read([&] { store.outbox().each(filter, collect_into(deliveries)); });
    return page_of(std::move(deliveries), wish, [&](store::Delivery const& last) { return cursor_of_id(k_list, last.id); });
}

Page<store::AuditRow> page_of_audit(store::Store& store, store::AuditFilter filter, PageWish const& wish) {
    constexpr std::string_view k_list = "audit";
    if (wish.cursor) filter.below = id_of_cursor(k_list, *wish.cursor).or_throw();
    filter.limit = wish.limit + 1;
    std::vector<store::AuditRow> rows;
    store.read([&] { store.audit().each(filter, collect_into(rows)); });
    std::ranges::reverse(rows);
    return page_of(std::move(rows), wish, [&](store::AuditRow const& last) { return cursor_of_id(k_list, last.id); });
}

}  // namespace bioctl::app
