#include "lib/hikvision/reader.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "lib/base/random.hpp"

namespace bioctl::hikvision {

namespace {

// Asked for in this order. (5, 0) brings every access event; some firmware refuses minor 0, some other only takes all or one.
constexpr std::array k_filters{EventFilter{5, 0}, EventFilter{0, 0}, EventFilter{5, 75}};

constexpr int k_max_restarts = 3;       // of a search that the device forgot
constexpr int k_cautious_results = 10;  // for firmware that refuses more than it likes, without saying how much that is
constexpr std::int64_t k_serial_step = 1000;
constexpr std::int64_t k_last_askable = 3'000'000'000;  // the most that any firmware takes in a query
constexpr std::chrono::hours k_future{24};              // device clocks run ahead

Trouble nonsense(std::string const& message) {
    return {Trouble::What::nonsense, {}, Error{Kind::protocol, message}};
}

bool is_refused(Trouble const& trouble, Refusal refusal) {
    return trouble.what == Trouble::What::refused && trouble.status.refusal == refusal;
}

class Reader {
public:
    Reader(Search const& search, DeviceTime const& device, Place const& place, Dialect& dialect, ReadRules const& rules,
           Take const& take)
        : m_search(search),
          m_device(device),
          m_place(place),
          m_dialect(dialect),
          m_rules(rules),
          m_take(take),
          m_reached(place.time) {}

    Outcome<ReadReport> run() {
        if (auto const done = read_by_time(); !done) return tl::unexpected{done.error()};
        if (!m_is_stopped && m_place.serial > 0 && m_dialect.has_serial_range && !m_rules.until) {
            if (auto const done = read_missed(); !done) return tl::unexpected{done.error()};
        }
        m_report.is_complete = !m_is_stopped;
        m_report.reached = m_reached;
        return m_report;
    }

private:
    [[nodiscard]] EventQuery new_query() const {
        EventQuery query;
        query.search_id = random_uuid();
        query.max_results = m_dialect.max_results;
        query.filter = m_dialect.filter;
        query.style = m_rules.style;
        query.utc_offset = m_device.utc_offset;
        return query;
    }

    [[nodiscard]] Timestamp start() const {
        if (m_place.time == Timestamp{}) return m_rules.since;
        // After the device's clock was set back, new rows lie before the place.
        return std::min(m_place.time, m_device.now) - (m_dialect.has_serial_range ? m_rules.overlap : m_rules.long_overlap);
    }

    Outcome<void> read_by_time() {
        for (int restarts = 0;; ++restarts) {
            m_is_count_sure = restarts == 0;
            auto query = new_query();
            query.from = restarts == 0 ? start() : std::max(start(), m_reached - m_rules.overlap);
            query.to = m_rules.until ? *m_rules.until : m_device.now + k_future;
            if (*query.to < *query.from) {  // --until before what was read: nothing to ask for
                m_is_stopped = true;
                return {};
            }
            auto const done = read_pages(query, true);
            if (done) {
                if (!m_is_stopped) move_to(m_last_time);
                return {};
            }
            if (!is_refused(done.error(), Refusal::search_lost) || restarts == k_max_restarts) return done;
        }
    }

    /// The rows above the highest serial that was known, if there are more of them than came by time.
    Outcome<void> read_missed() {
        if (m_place.serial >= k_last_askable) return {};
        auto query = new_query();
        query.first_serial = m_place.serial + 1;
        query.max_results = 1;
        auto const count = m_search(query);
        if (!count) {
            if (!is_refused(count.error(), Refusal::bad_request) && !is_refused(count.error(), Refusal::unsupported))
                return tl::unexpected{count.error()};
            m_dialect.has_serial_range = false;
            return {};
        }
        bool const is_told = count->total > 0 || count->status == PageStatus::no_match;
        if (m_is_count_sure && is_told && count->total <= m_newer) return {};
        auto const before = m_report.rows;
        for (auto first = m_place.serial + 1; !m_is_stopped; first += k_serial_step) {
            query = new_query();
            query.first_serial = first;
            bool const is_last = first + k_serial_step > std::min(m_highest, k_last_askable);
            if (!is_last) query.last_serial = first + k_serial_step - 1;
            if (auto done = read_pages(query, false); !done) return done;
            if (is_last) break;
        }
        m_report.missed = std::max<std::int64_t>(0, m_report.rows - before - m_newer);
        return {};
    }

    Outcome<void> read_pages(EventQuery query, bool is_by_time) {
        m_last_of_page.reset();
        m_is_ascending = true;
        for (;;) {
            auto page = ask(query);
            if (!page) return tl::unexpected{page.error()};
            auto const got = static_cast<std::int64_t>(page->rows.size()) + page->unusable;
            auto const status = page->status;
            auto const total = page->total;
            query.position += got;
            take(std::move(*page), is_by_time, std::max<std::int64_t>(0, total - query.position));
            if (m_is_stopped || status != PageStatus::more) return {};
            if (got == 0)
                return tl::unexpected{
                    nonsense("the device says that there are more events, but sends none; restart it if this stays")};
            if (total > 0 && query.position >= total) {
                return tl::unexpected{
                    nonsense(fmt::format("the device has sent all {} events it counts, but says there are more", total))};
            }
        }
    }

    /// One page; on the first page of a search another filter or page size is tried if the device refuses what was asked for.
    Outcome<EventPage> ask(EventQuery& query) {
        for (;;) {
            auto page = m_search(query);
            if (page || query.position > 0) return page;
            auto const& trouble = page.error();
            if (!is_refused(trouble, Refusal::bad_request) && !is_refused(trouble, Refusal::unsupported)) return page;
            // A web page with 404 is what a terminal shows while it starts: no reason to ask for less from now on.
            bool const is_in_its_words = !trouble.status.sub_status.empty() || trouble.status.status_code != 0;
            if (is_refused(trouble, Refusal::unsupported) && !is_in_its_words) return page;
            if (trouble.status.detail.find("maxResults") != std::string::npos && query.max_results > k_cautious_results) {
                m_dialect.max_results = k_cautious_results;
            } else if (!next_filter()) {
                return page;
            }
            query.max_results = m_dialect.max_results;
            query.filter = m_dialect.filter;
        }
    }

    bool next_filter() {
        auto const at = std::find(k_filters.begin(), k_filters.end(), m_dialect.filter);
        if (at == k_filters.end() || at + 1 == k_filters.end()) return false;
        m_dialect.filter = *(at + 1);
        return true;
    }

    void take(EventPage page, bool is_by_time, std::int64_t left) {
        ++m_report.pages;
        m_report.rows += static_cast<std::int64_t>(page.rows.size());
        m_report.unusable += page.unusable;
        if (is_by_time) follow(page);
        for (auto const& row : page.rows)
            m_highest = std::max(m_highest, row.serial);
        if (page.rows.empty() && page.unusable == 0) return;
        if (m_take(Batch{std::move(page), left, m_reached}) == Next::stop) m_is_stopped = true;
    }

    /// A page proves that the one before is wholly behind us, if it goes on where that one ended. A device that sends its newest
    /// rows first would otherwise move the place to the end with its first page.
    void follow(EventPage const& page) {
        if (page.rows.empty()) return;
        auto const by_time = [](EventRow const& a, EventRow const& b) { return a.at < b.at; };
        auto const [first, last] = std::minmax_element(page.rows.begin(), page.rows.end(), by_time);
        if (page.rows.front().at > page.rows.back().at) m_is_ascending = false;
        if (m_last_of_page && first->at < *m_last_of_page) m_is_ascending = false;
        if (m_is_ascending && m_last_of_page) move_to(*m_last_of_page);
        m_last_of_page = last->at;
        m_last_time = std::max(m_last_time, std::min(last->at, m_device.now));
        m_newer +=
            std::count_if(page.rows.begin(), page.rows.end(), [&](EventRow const& row) { return row.serial > m_place.serial; });
    }

    void move_to(Timestamp time) { m_reached = std::max(m_reached, std::min(time, m_device.now)); }

    Search const& m_search;
    DeviceTime const& m_device;
    Place const& m_place;
    Dialect& m_dialect;
    ReadRules const& m_rules;
    Take const& m_take;

    ReadReport m_report;
    Timestamp m_reached;
    Timestamp m_last_time{};  // of all rows, not after the device's now
    std::optional<Timestamp> m_last_of_page{};
    std::int64_t m_highest = 0;   // serial
    std::int64_t m_newer = 0;     // rows above the place's serial that came by time
    bool m_is_count_sure = true;  // a search that was started again has counted rows twice
    bool m_is_ascending = true;
    bool m_is_stopped = false;
};

}  // namespace

Outcome<ReadReport> read_events(Search const& search, DeviceTime const& device, Place const& place, Dialect& dialect,
                                ReadRules const& rules, Take const& take) {
    return Reader{search, device, place, dialect, rules, take}.run();
}

}  // namespace bioctl::hikvision
