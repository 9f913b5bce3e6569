#include "lib/http/hub.hpp"

#include <algorithm>

namespace bioctl::http {

void Hub::subscribe(std::vector<std::string_view> const& topics, std::weak_ptr<Subscriber> subscriber) {
    std::lock_guard const lock{m_mutex};
    m_seats.push_back({.topics = {topics.begin(), topics.end()}, .subscriber = std::move(subscriber)});
}

void Hub::publish(std::string_view topic, std::string message) {
    auto const shared = std::make_shared<std::string const>(std::move(message));
    std::vector<std::shared_ptr<Subscriber>> listeners;
    {
        std::lock_guard const lock{m_mutex};
        std::erase_if(m_seats, [](Seat const& seat) { return seat.subscriber.expired(); });
        for (auto const& seat : m_seats) {
            if (std::ranges::find(seat.topics, topic) == seat.topics.end()) continue;
            if (auto listener = seat.subscriber.lock()) listeners.push_back(std::move(listener));
        }
    }
    ++m_published;
    for (auto const& listener : listeners)
        listener->take(shared);
}

std::size_t Hub::subscribers() const {
    std::lock_guard const lock{m_mutex};
    return static_cast<std::size_t>(std::ranges::count_if(m_seats, [](Seat const& seat) { return !seat.subscriber.expired(); }));
}

}  // namespace bioctl::http
