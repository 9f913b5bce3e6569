#include "tests/support/hik_sim/event_log.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "tests/support/hik_sim/random.hpp"

namespace bioctl::hik_sim {

namespace {

struct EventKind {
    unsigned share;  ///< percent of a log
    std::uint8_t major;
    std::uint16_t minor;
    bool has_person;
    bool has_picture;
};

constexpr auto k_kinds = std::to_array<EventKind>({
    {62, 5, 75, true, true},     // face authentication passed
    {6, 5, 76, false, true},     // stranger
    {7, 5, 21, false, false},    // lock opened
    {7, 5, 22, false, false},    // lock closed
    {4, 5, 54, true, true},      // face and fingerprint passed
    {2, 5, 77, true, true},      // employee number and face passed
    {2, 5, 80, false, false},    // no face found
    {2, 5, 104, false, true},    // liveness check failed
    {3, 5, 1, true, false},      // valid card
    {2, 5, 25, false, false},    // door contact open
    {1, 2, 39, false, false},    // network disconnected
    {1, 3, 1029, false, false},  // clock set by NTP
    {1, 3, 112, false, false},   // remote login
});

constexpr std::uint16_t k_people = 240;
constexpr std::int64_t k_past_int32 = 2147483647, k_64_bit = std::int64_t{1} << 40;
constexpr std::int64_t k_future_s = std::int64_t{400} * 86400;
constexpr std::uint32_t k_negative_every = 50;
constexpr std::size_t k_min_picture = 2000, k_picture_spread = 28000;
constexpr std::string_view k_picture_start = "\xff\xd8\xff\xe0", k_picture_end = "\xff\xd9";

constexpr auto k_first_names =
    std::to_array<std::string_view>({"Ana", "Budi", "Siti", "José", "Agnès", "Wayan", "Dewi", "Zoë", "Muḥammad", "Yusuf", "Ratna",
                                     "Nguyễn", "O'Neil", "Øyvind", "Fitri"});
constexpr auto k_last_names =
    std::to_array<std::string_view>({"Santoso", "Ñandú", "Wijaya", "Nurhaliza", "Müller", "Pratama", "Tan \"Lee\"", "Hidayat"});

EventKind const& kind_of(std::uint64_t percent) {
    auto const* kind = k_kinds.begin();
    while (percent >= kind->share)
        percent -= kind++->share;
    return *kind;
}

std::int64_t first_serial(Batch const& batch, QuirkSet const& quirks) {
    if (quirks.has(Quirk::serials_64_bit)) return k_64_bit;
    if (quirks.has(Quirk::serials_past_int32)) return k_past_int32 - batch.count / 2;
    return 1;
}

/// Swaps serials of near neighbours, as terminals do that write their log by several hands.
void shuffle_serials(std::span<Event> events, Random random) {
    constexpr std::size_t k_reach = 4;
    for (std::size_t i = 0; i + k_reach < events.size(); i += k_reach)
        std::swap(events[i].serial, events[i + 1 + random.below(k_reach - 1)].serial);
}

}  // namespace

void EventLog::append(Batch const& batch, QuirkSet const& quirks) {
    auto const first_new = m_events.size();
    if (m_next_serial == 0) m_next_serial = first_serial(batch, quirks);
    auto const span = std::max<UnixTime>(batch.last - batch.first, 0);
    for (std::uint32_t i = 0; i < batch.count; ++i) {
        auto const row = m_first_row + static_cast<std::uint32_t>(m_events.size());
        Random random{sub_seed(m_seed, row)};
        auto const& kind = kind_of(random.below(100));
        Event event{.serial = m_next_serial++, .row = row, .minor = kind.minor, .major = kind.major};
        event.time = batch.last - span * (batch.count - 1 - i) / std::max(batch.count, 1U);
        if (kind.has_person) event.person = static_cast<std::uint16_t>(1 + random.below(k_people));
        event.has_picture = kind.has_picture && !quirks.has(Quirk::pictures_not_saved);
        if (quirks.has(Quirk::negative_serials) && i % k_negative_every == k_negative_every - 1) event.serial = -event.serial;
        // A pass is a burst: every fourth event falls into the second of the one before.
        if (i % 4 == 3) event.time = m_events.back().time;
        m_events.push_back(event);
    }
    auto const made = std::span{m_events}.subspan(first_new);
    if (quirks.has(Quirk::shuffled_serials)) shuffle_serials(made, Random{sub_seed(m_seed, first_new)});
    if (quirks.has(Quirk::future_event) && first_new == 0 && !made.empty()) made.back().time += k_future_s;
    index_from(first_new);
}

void EventLog::index_from(std::size_t first_new) {
    auto const earlier = [this](std::uint32_t a, std::uint32_t b) { return m_events[a].time < m_events[b].time; };
    for (auto i = static_cast<std::uint32_t>(first_new); i < m_events.size(); ++i)
        m_by_time.push_back(i);
    auto const middle = m_by_time.begin() + static_cast<std::ptrdiff_t>(first_new);
    std::stable_sort(middle, m_by_time.end(), earlier);
    std::inplace_merge(m_by_time.begin(), middle, m_by_time.end(), earlier);
}

void EventLog::wipe() {
    m_first_row += static_cast<std::uint32_t>(m_events.size());
    m_events.clear();
    m_by_time.clear();
    m_next_serial = 1;
    ++m_epoch;
}

std::size_t EventLog::first_at(UnixTime time) const {
    auto const found = std::partition_point(m_by_time.begin(), m_by_time.end(),
                                            [&](std::uint32_t index) { return m_events[index].time < time; });
    return static_cast<std::size_t>(found - m_by_time.begin());
}

Event const* EventLog::find_row(std::uint32_t row) const {
    if (row < m_first_row || row - m_first_row >= m_events.size()) return nullptr;
    return &m_events[row - m_first_row];
}

std::string employee_no(std::uint16_t person, QuirkSet const& quirks) {
    if (person == k_nobody) return "";
    auto const number = quirks.has(Quirk::duplicate_employee_numbers) ? (person + 1) / 2 : person;
    bool const is_padded = number % 3 == 0 && !quirks.has(Quirk::employee_no_int);
    return is_padded ? fmt::format("{:04}", number) : std::to_string(number);
}

std::string person_name(std::uint16_t person) {
    if (person == k_nobody) return "";
    return fmt::format("{} {}", k_first_names[person % k_first_names.size()],
                       k_last_names[(person / k_first_names.size()) % k_last_names.size()]);
}

std::string picture_path(Event const& event, DeviceClock const& clock) {
    return fmt::format("/LOCALS/pic/acsLinkCap/{}_3{:04}_0.jpeg@WEB{:012}", clock.format_local(event.time, "%Y%m_00/%d_%H%M%S"),
                       event.minor, event.row);
}

std::optional<std::uint32_t> row_of_picture(std::string_view path) {
    constexpr std::string_view k_mark = "@WEB";
    auto const mark = path.rfind(k_mark);
    if (mark == std::string_view::npos) return std::nullopt;
    auto const digits = path.substr(mark + k_mark.size());
    std::uint32_t row = 0;
    auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), row);
    if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    return row;
}

std::string picture_bytes(std::uint64_t seed, std::uint32_t row) {
    Random random{sub_seed(~seed, row)};
    std::string bytes(k_min_picture + random.below(k_picture_spread), '\0');
    for (std::size_t i = 0; i < bytes.size(); i += sizeof(std::uint64_t)) {
        auto const word = random.next() & 0x7f7f7f7f7f7f7f7fU;  // no marker inside
        std::memcpy(bytes.data() + i, &word, std::min(sizeof word, bytes.size() - i));
    }
    bytes.replace(0, k_picture_start.size(), k_picture_start);
    bytes.replace(bytes.size() - k_picture_end.size(), k_picture_end.size(), k_picture_end);
    return bytes;
}

}  // namespace bioctl::hik_sim
