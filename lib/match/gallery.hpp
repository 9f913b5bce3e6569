#pragma once
// The exact 1:N search: every template is compared, nothing is approximated.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lib/match/distance.hpp"

namespace bioctl::match {

/// Position of a person in a Gallery, 0 .. people()-1, in the order of first addition.
using PersonIndex = std::uint32_t;

struct Candidate {
    PersonIndex person;
    float distance;  ///< to the nearest template of that person
};

/// Thread rules: add() alone; any number of threads may search at once when nobody adds.
class Gallery {
public:
    Gallery(int dimensions, Metric metric, float scale);

    /// `vector` un-normalised, size = dimensions; Error{Kind::data} if it holds NaN or infinity.
    void add(std::string_view person_id, std::span<float const> vector);

    [[nodiscard]] std::size_t templates() const;
    [[nodiscard]] std::size_t people() const;
    [[nodiscard]] std::string const& person_id(PersonIndex person) const;
    [[nodiscard]] std::optional<PersonIndex> find(std::string_view person_id) const;

    /// The `top` nearest people, nearest first; equal distances in order of addition. Fewer if there are fewer people. The
    /// distances are those of match::distance. `probe` as `vector` of add().
    [[nodiscard]] std::vector<Candidate> search(std::span<float const> probe, std::size_t top) const;

private:
    // Looked up by string_view, without a copy of the key.
    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };

    void check(std::string_view what, std::span<float const> vector) const;
    [[nodiscard]] std::vector<float> nearest_squares(std::span<float const> probe) const;
    [[nodiscard]] PersonIndex index_of(std::string_view person_id);

    std::size_t m_dimensions;
    Metric m_metric;
    float m_scale;
    std::vector<float> m_rows;              // n x dimensions, row-major, unit length if the metric is unit
    std::vector<PersonIndex> m_row_person;  // n
    std::vector<std::string> m_people;
    std::unordered_map<std::string, PersonIndex, TextHash, std::equal_to<>> m_by_id;
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
