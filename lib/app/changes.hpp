#pragma once
// What other processes have stored while we looked away: for pages that show things as they happen.

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "lib/store/devices.hpp"
#include "lib/store/events.hpp"
#include "lib/store/notifications.hpp"
#include "lib/store/outages.hpp"
#include "lib/store/store.hpp"

namespace bioctl::app {

/// An ONT that is in another state than when somebody looked last.
struct OntTurn {
    std::int64_t id = 0;
    std::string name{}, location{};
    std::string state{}, before{};  ///< unknown, up, down
    bool is_flapping = false;
    Timestamp at{};  ///< of the round that found it
};

/// The newest rows, oldest of them first, and how many there were before them.
template <class Row>
struct Newest {
    std::vector<Row> rows{};
    std::int64_t skipped = 0;
};

struct Changes {
    Newest<store::Event> events{};
    Newest<store::DeviceTransition> devices{};
    Newest<OntTurn> onts{};
    Newest<store::Outage> begun{}, ended{};
    Newest<store::Notification> notifications{};
    std::optional<std::int64_t> unread{};  ///< notifications, if their number is another one
};

/// One thread. Of each kind at most k_most are told at once: who shows more than that reads the list.
class ChangeFeed {
public:
    static constexpr int k_most = 64;
    /// Rows and numbers that one look can have: of six kinds so many rows and how many there were before, and what is unread.
    static constexpr int k_most_of_look = 6 * (k_most + 1) + 1;

    /// What there is by now is no change. Throws Error of the store.
    explicit ChangeFeed(store::Store store);

    /// Since the last look. Cheap when nothing was stored. Throws Error of the store, and the next look then makes up for it.
    [[nodiscard]] Changes look();

private:
    struct OntState {
        std::string state{};
        bool is_flapping = false;
        bool operator==(OntState const&) const = default;
    };
    /// How far it has looked.
    struct Marks {
        std::int64_t event = 0, transition = 0, outage = 0, notification = 0, round = 0, unread = 0;
        std::vector<std::int64_t> ongoing{};  // outages, by id
    };
    using OntStates = std::unordered_map<std::int64_t, OntState>;  // by id
    void look_at_events(Marks& marks, Changes& changes);
    void look_at_devices(Marks& marks, Changes& changes);
    /// The states of now if there was a round since.
    std::optional<OntStates> look_at_onts(Marks& marks, Changes& changes);
    void look_at_outages(Marks& marks, Changes& changes);
    void look_at_notifications(Marks& marks, Changes& changes);

    store::Store m_store;
    std::int64_t m_version = 0;  // of the data
    Marks m_marks;
    OntStates m_onts;
};

}  // namespace bioctl::app
