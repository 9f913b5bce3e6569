#pragma once
// What the store holds about a person besides the person and the templates, and how all of it is taken out.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/bytes.hpp"
#include "lib/base/clock.hpp"
#include "lib/store/store.hpp"

namespace bioctl::store {

struct HeldData {
    bool is_enrolled = false;
    std::string name{};
    std::int64_t templates = 0;
    std::int64_t events = 0;                   ///< of the employee number, or linked to the person
    std::int64_t pictures = 0;                 ///< of these events that are stored
    std::int64_t deliveries = 0, waiting = 0;  ///< of these events; waiting: pending and failed ones, which may still go out
    std::vector<std::string> aliases{};        ///< other names and employee numbers that these events say, at most 16
    std::vector<std::string> terminals{};      ///< by name: those that know the person from a push, or have reported the person
    std::vector<std::string> receivers{};      ///< by name: targets that were sent an event of the person

    [[nodiscard]] bool is_nothing() const { return !is_enrolled && events == 0 && terminals.empty(); }
};

/// What the last deletion left to do, for whoever comes after a kill. Each includes the ones before.
enum class Unfinished {
    nothing,
    files,  ///< files of rows that went may be there yet
    bytes,  ///< bytes of rows that went may be in free pages or in the log
};

/// Whom bioctl has put on which terminal.
struct HeldPush {
    std::string device{}, name{};
    Timestamp pushed_at{};
};

/// Statements across the tables. Use inside Store::write() or read().
///
/// An event counts as the person's if it is linked to the person, or says the id as its employee number: so do those of somebody
/// who was enrolled later, or not yet, or no longer.
class Erasure {
public:
    [[nodiscard]] HeldData held(std::string_view id) const;
    [[nodiscard]] std::vector<std::int64_t> events(std::string_view id) const;  ///< numbers, ascending
    [[nodiscard]] std::vector<HeldPush> pushes(std::string_view id) const;      ///< by device

    /// Takes the person out:
    /// - person and templates are deleted;
    /// - an event keeps what makes it the same event when the terminal is read again (device, epoch, serial, time, major, minor)
    ///   and whether somebody was recognised, so that counts stay right. It loses employee number, name, link, picture and its
    ///   address, raw JSON, verdict and distance;
    /// - its deliveries that wait, or failed and could be tried again, become `dropped` for the reason "forgotten": what names
    /// the
    ///   person must not go out any more. All lose order key, reason and reply;
    /// - what bioctl remembers of terminals that it has put the person on is deleted.
    /// Files are the caller's, who is reminded by unfinished() from this commit on.
    void erase(std::string_view id);

    [[nodiscard]] Unfinished unfinished() const;
    void raise_unfinished(Unfinished left);  ///< if it is more than is noted
    void set_finished();

    /// Whether the file below media/ is, or is about to be, the picture of this event. Only within write(): who stores a picture
    /// writes file and row in one transaction, or has announced it by the state `pending`.
    [[nodiscard]] bool is_picture_of(std::int64_t event, std::string_view path) const;

private:
    friend class Store;
    explicit Erasure(Connection& connection) : m_connection(&connection) {}
    Connection* m_connection;
};

}  // namespace bioctl::store
