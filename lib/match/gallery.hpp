#pragma once
// The exact 1:N search: the answer is that of comparing with every template in floats, to the last bit.
//
// It is found without doing so: bytes that stand for the templates are compared first, and of most templates these prove that
// they are farther than what was found already (bounds.hpp has the proof). Only the others are compared in floats. What cannot
// be proved, because numbers are huge, tiny or missing, is compared in floats too.
//
// 5 bytes for each number: a million templates of 128 numbers take 640 MB.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/shared.hpp"
#include "lib/match/distance.hpp"
#include "lib/match/search_path.hpp"

namespace bioctl::match {

class Block;

/// Position of a person in a Gallery, 0 .. positions()-1, in the order of first addition.
using PersonIndex = std::uint32_t;

struct Candidate {
    PersonIndex person;
    float distance;  ///< to the nearest template of that person
};

/// Who comes first of people at the same distance: by_id does not depend on the order in which they came.
enum class Ties { by_addition, by_id };

/// Copies share their rows: a copy costs some pointers for each thousand people, and what is changed afterwards.
/// Thread rules: add() and remove() alone; any number of threads may search at once when nobody changes this copy.
class Gallery {
public:
    Gallery(int dimensions, Metric metric, float scale, Ties ties = Ties::by_addition);

    /// `vector` un-normalised, size = dimensions; Error{Kind::data} if it holds NaN or infinity.
    void add(std::string_view person_id, std::span<float const> vector);
    /// Removes all templates of these people; unknown ids are ignored. One pass over all rows. Whoever is added again gets a new
    /// position; memory of the old one is given back only with the gallery.
    void remove(std::span<std::string const> person_ids);

    [[nodiscard]] std::size_t templates() const { return m_rows - m_removed_rows; }
    [[nodiscard]] std::size_t people() const { return m_people.size() - m_removed_people; }
    /// Those of removed people included.
    [[nodiscard]] std::size_t positions() const { return m_people.size(); }
    /// remove() has left more behind than there is: loading anew would save half of the time and memory.
    [[nodiscard]] bool is_wasteful() const {
        constexpr std::size_t k_few = 4096;
        return m_removed_rows > templates() + k_few || m_removed_people > people() + k_few;
    }
    [[nodiscard]] std::string const& person_id(PersonIndex person) const;
    [[nodiscard]] std::optional<PersonIndex> find(std::string_view person_id) const;

    /// The `top` nearest people, nearest first; equal distances by `ties`. Fewer if there are fewer people. The distances are
    /// those of match::distance. `probe` as `vector` of add().
    [[nodiscard]] std::vector<Candidate> search(std::span<float const> probe, std::size_t top) const;

    /// The same for each of several probes: rows are read once for up to k_together of them, which is several times as fast.
    using Probes = std::span<std::span<float const> const>;
    static constexpr std::size_t k_together = 64;
    [[nodiscard]] std::vector<std::vector<Candidate>> search(Probes probes, std::size_t top) const;
    /// By a path of one's choice; Error{bug} if this processor cannot.
    [[nodiscard]] std::vector<std::vector<Candidate>> search(Probes probes, std::size_t top, SearchPath path) const;

private:
    // Ids by their hash, in its order. Shards are so many that a copy of one of a million people is small, so few that their
    // pointers are.
    struct Place {
        std::size_t hash;
        PersonIndex person;
    };
    using Shard = std::vector<Place>;
    static constexpr std::size_t k_shards = 4096;

    struct IsBefore {
        Gallery const* gallery;
        bool operator()(Candidate const& a, Candidate const& b) const;
    };
    struct Scan;
    class Sweep;

    void check(std::string_view what, std::span<float const> vector) const;
    [[nodiscard]] PersonIndex index_of(std::string_view person_id);
    void forget(std::string_view person_id);
    [[nodiscard]] float distance_of(float square) const;
    [[nodiscard]] float square_of(std::span<float const> point, Block const& block, std::size_t row) const;
    [[nodiscard]] bool can_filter(std::size_t top) const;
    [[nodiscard]] std::vector<Candidate> compare_all(std::span<float const> point, std::size_t top) const;

    std::size_t m_dimensions;
    Metric m_metric;
    float m_scale;
    Ties m_ties;
    std::vector<std::shared_ptr<Block>> m_blocks;
    std::size_t m_rows = 0, m_removed_rows = 0;
    SharedVector<std::string> m_people;
    std::size_t m_removed_people = 0;
    std::vector<std::shared_ptr<Shard>> m_by_id;  // by hash % k_shards; null while empty
};

struct Rule {
    float threshold;   ///< a match is at most this far
    float margin = 0;  ///< and the next person at least this much farther
};

struct Decision {
    std::optional<Candidate> match;
    std::vector<Candidate> candidates;  ///< nearest first, whatever the threshold says
};

/// Decides for all faces of one photo together: a person is assigned to one face at most, the nearest pair first; of equally near
/// pairs the one of the earlier face, then the earlier candidate. A face whose nearest person went to another face falls back on
/// its next one. The margin is measured against the next person still free, for a person cannot be on the photo twice; a face
/// that fails it stays without a match, for its second choice is no better founded than its first.
/// candidates[i] are the search results of face i, nearest first (ask for at least faces + 1 people).
[[nodiscard]] std::vector<Decision> assign(std::vector<std::vector<Candidate>> candidates, Rule const& rule);

}  // namespace bioctl::match
