#pragma once
// Events of face terminals and of sources (devices.hpp), each once: the key is (device, epoch, serial).

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/clock.hpp"
#include "lib/store/store.hpp"

namespace bioctl::store {

struct NewEvent {
    std::int64_t serial = 0;
    Timestamp time{};
    std::string local_time{};  ///< as the device wrote it
    int major = 0, minor = 0;
    bool is_recognized = false;
    std::string employee_no{}, name{};
    std::string picture_url{};         ///< path and query on the device, "" = no picture
    std::string raw{};                 ///< JSON of the device
    std::optional<double> distance{};  ///< of what our own recogniser saw; a terminal tells none
};

struct Event {
    std::int64_t id = 0;
    std::int64_t device_key = 0;
    std::string device{}, device_serial{}, location{};
    bool is_of_source = false;  ///< a camera's, or that of POST /recognize/realtime
    int epoch = 1;
    Timestamp received_at{};
    NewEvent row;
    std::string person_id{};      ///< "" if nobody is enrolled under the employee number
    std::string picture{};        ///< path below media/, "" until stored
    std::string picture_state{};  ///< none, pending, stored, gone, failed
    std::string delivery{};       ///< none, pending, sent, failed, skipped, dropped: the worst of its deliveries (failed before
                                  ///< pending before sent)
    int attempts = 0;             ///< of its deliveries
    std::optional<double> verify_distance{};  ///< of --verify-faces, or NewEvent::distance
    std::string verify_verdict{};             ///< "" not verified; same, different, no_face, many_faces, no_template, unreadable
};

enum class Stored { added, known, new_epoch };

struct Added {
    Stored stored = Stored::added;
    std::int64_t id = 0;  ///< of the event, also of one that was known
    int epoch = 1;        ///< of the event
};

struct StoredPicture {
    std::int64_t event = 0;
    std::string path{};
    std::uint64_t bytes = 0;
};

struct EventFilter {
    std::vector<std::string> devices{}, locations{};  ///< any of them; empty = all
    std::optional<std::string> person{};              ///< person id or employee number
    std::optional<Timestamp> since{}, until{};        ///< of the event's time, [since, until)
    std::optional<std::string> kind{};                ///< recognized, other
    std::optional<std::string> delivery{};
    std::optional<std::string> picture_state{};
    std::optional<std::string> verdict{};
    std::int64_t limit = 0;  ///< 0 = all
    bool newest_first = false;
    std::optional<std::pair<Timestamp, std::int64_t>> older_than{};  ///< with newest_first: the page after this time and id
};

struct KindCounts {
    std::int64_t recognized = 0, other = 0;
};

struct EventCounts {
    std::string device{}, kind{}, delivery{}, picture_state{};
    std::int64_t events = 0;
    Timestamp first{}, last{};
};

struct PictureWork {
    std::int64_t event = 0;
    std::string url{};
    Timestamp time{};
    std::int64_t serial = 0;
    int attempts = 0;
};

/// Statements on `event`. Use inside Store::write() or read().
class Events {
public:
    /// Adds the row to the device's log, in `epoch` or, when the serials have started again, in a new one (epoch is then raised):
    /// - a row of this serial and time, in any epoch, is the same event: known;
    /// - so is one of this serial that differs by a whole number of quarters of an hour up to 26 h and in nothing else: the
    /// device
    ///   was set to another zone, or changed to summer time, and writes its old rows differently;
    /// - a row whose serial belongs to an event of another time, or lies more than 1000 below `highest` and after its time,
    ///   begins a new epoch (dossier, section 3).
    /// The person enrolled under the employee number is linked.
    Added add(std::int64_t device, NewEvent const& row, int& epoch, std::int64_t highest, Timestamp highest_time, Timestamp now);

    /// The latest time of an event of the device that is not after `time`.
    [[nodiscard]] std::optional<Timestamp> newest(std::int64_t device, Timestamp time) const;
    /// The newest event of this employee number ("": of nobody known) at the device in (since, until].
    [[nodiscard]] std::optional<std::int64_t> latest_of(std::int64_t device, std::string_view employee_no, Timestamp since,
                                                        Timestamp until) const;
    [[nodiscard]] std::optional<Event> get(std::int64_t id) const;
    [[nodiscard]] std::int64_t newest_id() const;  ///< 0: there is none
    /// The newest of those with a higher id, by id. An id that was given once is not given again.
    [[nodiscard]] std::vector<Event> after(std::int64_t id, int limit) const;
    [[nodiscard]] std::int64_t count_after(std::int64_t id) const;  ///< how many those are without a limit
    /// One after the other, by time and id; false stops. Memory does not grow with the number of events.
    void each(EventFilter const& filter, std::function<bool(Event const&)> const& take) const;
    [[nodiscard]] std::int64_t count(EventFilter const& filter) const;
    [[nodiscard]] std::vector<EventCounts> stats(EventFilter const& filter) const;
    [[nodiscard]] KindCounts kinds() const;  ///< of all there are

    /// Pictures of this device that are to be fetched now, oldest event first.
    [[nodiscard]] std::vector<PictureWork> pictures_due(std::int64_t device, Timestamp now, int limit) const;
    /// Stored. False, and nothing changed, if the event is gone or its person was forgotten meanwhile: the file is then nobody's.
    bool set_picture(std::int64_t id, std::string_view path, std::uint64_t bytes);
    /// gone or failed when `next` is empty, else pending until then. Counts the attempt.
    void set_picture_trouble(std::int64_t id, std::string_view state, std::string_view reason, std::optional<Timestamp> next);
    void set_verdict(std::int64_t id, std::string_view verdict, std::optional<double> distance);
    /// Recognised events of terminals with a stored picture and an enrolled person, not yet verified.
    [[nodiscard]] std::vector<std::int64_t> unverified(int limit) const;

    /// Stored pictures of events before `before` whose number is above `after`, by number; without those that a delivery waits
    /// for.
    [[nodiscard]] std::vector<StoredPicture> pictures_before(Timestamp before, std::int64_t after, int limit) const;
    void forget_picture(std::int64_t id);               ///< the row then says "gone"
    [[nodiscard]] std::uint64_t picture_bytes() const;  ///< of all that are stored
    /// Deletes events before `before` that no delivery waits for and that the next sync does not read again (the overlap of a
    /// device's cursor): they would come back as new. At most `limit`, so that other writers get their turn. Returns their
    /// number.
    std::int64_t prune(Timestamp before, int limit);
    /// How many prune() would delete once their pictures are forgotten.
    [[nodiscard]] std::int64_t prunable(Timestamp before) const;

private:
    friend class Store;
    friend class Outbox;
    friend class Retention;
    explicit Events(Connection& connection) : m_connection(&connection) {}
    Connection* m_connection;
};

}  // namespace bioctl::store
