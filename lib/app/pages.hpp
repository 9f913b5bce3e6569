#pragma once
// Long lists, a page at a time. Each function reads one snapshot; throws Error{usage} for a cursor that is not of its list.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/app/cursor.hpp"
#include "lib/store/audit.hpp"
#include "lib/store/events.hpp"
#include "lib/store/notifications.hpp"
#include "lib/store/outages.hpp"
#include "lib/store/outbox.hpp"
#include "lib/store/people.hpp"

namespace bioctl::app {

struct PageWish {
    std::int64_t limit = 100;             ///< 1 and more
    std::optional<std::string> cursor{};  ///< Page::next of the page before; none: the first page
};

template <class Item>
struct Page {
    std::vector<Item> items;
    std::optional<std::string> next{};  ///< none: this is the last page
};

// Of the filters, what concerns order, limit and page is not looked at.

[[nodiscard]] Page<store::Event> page_of_events(store::Store& store, store::EventFilter filter,
                                                PageWish const& wish);  ///< newest first
[[nodiscard]] Page<store::Person> page_of_people(store::Store& store, store::PersonFilter filter,
                                                 PageWish const& wish);  ///< by id
[[nodiscard]] Page<store::Outage> page_of_outages(store::Store& store, store::OutageFilter filter,
                                                  PageWish const& wish);  ///< newest start first
[[nodiscard]] Page<store::Notification> page_of_notifications(store::Store& store, store::NotificationFilter filter,
                                                              PageWish const& wish);  ///< newest first
[[nodiscard]] Page<store::Delivery> page_of_deliveries(store::Store& store, store::DeliveryFilter filter,
                                                       PageWish const& wish);  ///< by id
[[nodiscard]] Page<store::AuditRow> page_of_audit(store::Store& store, store::AuditFilter filter,
                                                  PageWish const& wish);  ///< newest first

/// What the terminal calls it: "face_passed", "lock_opened", ...; "unknown" for a code that nobody knows.
[[nodiscard]] std::string_view name_of(store::Event const& event);

/// Of a list that is short enough to be at hand, in the order of `text_of` (a name or another text that no two items share).
template <class Item, class TextOf>
[[nodiscard]] Page<Item> page_by_text(std::vector<Item> const& all, std::string_view list, PageWish const& wish,
                                      TextOf const& text_of) {
    std::optional<std::string> after;
    if (wish.cursor) after = text_of_cursor(list, *wish.cursor).or_throw();
    Page<Item> page;
    for (auto const& item : all) {
        if (after && text_of(item) <= *after) continue;
        if (static_cast<std::int64_t>(page.items.size()) == wish.limit) {
            page.next = cursor_of_text(list, text_of(page.items.back()));
            break;
        }
        page.items.push_back(item);
    }
    return page;
}

/// The same in the order of a number.
template <class Item, class IdOf>
[[nodiscard]] Page<Item> page_by_id(std::vector<Item> const& all, std::string_view list, PageWish const& wish,
                                    IdOf const& id_of) {
    std::optional<std::int64_t> after;
    if (wish.cursor) after = id_of_cursor(list, *wish.cursor).or_throw();
    Page<Item> page;
    for (auto const& item : all) {
        if (after && id_of(item) <= *after) continue;
        if (static_cast<std::int64_t>(page.items.size()) == wish.limit) {
            page.next = cursor_of_id(list, id_of(page.items.back()));
            break;
        }
        page.items.push_back(item);
    }
    return page;
}

}  // namespace bioctl::app
