#pragma once
// The loop of bulk_enrol(): workers prepare, the calling thread decides, writes and reports. Private to app/.

#include <set>
#include <unordered_map>
#include <unordered_set>

#include "lib/app/bulk_enrol.hpp"

namespace bioctl::app {

/// What a whole run saw of its source, for pruning.
struct Seen {
    std::unordered_set<std::string> photos;  ///< photo_key of every file that could be read
    std::set<std::string> people;
    /// Files of which no new template was made, as source_key: what an earlier run made of them stays.
    std::unordered_set<std::string> rejected;
};

[[nodiscard]] std::string source_key(std::string_view person_id, std::string_view source);

/// The path as a template keeps it: absolute, so that it can be found again from any folder; "" for stdin.
[[nodiscard]] std::string source_of(PhotoSource const& photo);

class Batch {
public:
    Batch(Workspace const& workspace, BulkInput const& input, BulkOptions const& options, BulkEvents const& events);

    BulkSummary run();
    [[nodiscard]] Seen const& seen() const { return m_seen; }

private:
    struct Work {
        PreparedPhoto photo;
        bool is_known = false;  ///< was enrolled before: nothing but the digest was computed
    };
    struct Pending {
        std::size_t index;
        Work work;
        EnrolOutcome outcome;
    };
    /// Where the template of an enrolled photo says it came from.
    struct Place {
        std::string source, origin;
    };

    Work look_at(int worker, std::size_t index);
    bool take(std::size_t index, Work&& work);
    [[nodiscard]] bool is_batch_full() const;
    void flush();
    [[nodiscard]] bool wants_writing(Pending const& pending) const;
    [[nodiscard]] bool has_moved(Pending const& pending) const;
    [[nodiscard]] bool has_new_name(BulkItem const& item) const;
    EnrolOutcome decide(Pending const& pending);
    EnrolOutcome keep(Pending const& pending);
    void bring_up_to_date(Pending const& pending);
    void report(Pending const& pending);
    [[nodiscard]] std::string const& source(std::size_t index) const { return m_sources[index]; }

    Workspace const& m_workspace;
    BulkInput const& m_input;
    BulkOptions const& m_options;
    BulkEvents const& m_events;
    std::vector<std::string> m_sources;                          // by item
    std::unordered_map<std::string, std::size_t> m_first_index;  // source_key -> item
    std::unordered_map<std::string, Place> m_known;              // photo_key -> ...; never changed while workers run
    std::size_t m_position = 0;                                  // the item that is decided about
    Engines m_engines;
    Enroller m_enroller;
    std::vector<Pending> m_pending;
    Timestamp m_pending_since{};
    Seen m_seen;
    BulkSummary m_summary;
};

}  // namespace bioctl::app
