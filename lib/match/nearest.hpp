#pragma once
// The k nearest people met so far. Private to match/.

#include <algorithm>
#include <cstddef>
#include <limits>
#include <utility>
#include <vector>

#include "lib/match/gallery.hpp"

namespace bioctl::match {

/// `IsBefore(a, b)` is a strict order of Candidates: by distance, then as ties are to be broken.
template <class IsBefore>
class Nearest {
public:
    /// top > 0
    Nearest(std::size_t top, IsBefore is_before) : m_top(top), m_is_before(std::move(is_before)) {}

    /// Rows whose square is larger than this are of no interest, but for rounding (see bounds.hpp).
    [[nodiscard]] float limit() const { return m_limit; }

    void offer(Candidate const& candidate, float square) {
        bool const is_full = m_best.size() == m_top;
        if (is_full && !m_is_before(candidate, m_best.back().candidate)) return;
        auto const same =
            std::find_if(m_best.begin(), m_best.end(), [&](Entry const& e) { return e.candidate.person == candidate.person; });
        if (same != m_best.end()) {
            if (!(candidate.distance < same->candidate.distance)) return;
            m_best.erase(same);
        } else if (is_full) {
            m_best.pop_back();
        }
        auto const place =
            std::find_if(m_best.begin(), m_best.end(), [&](Entry const& e) { return m_is_before(candidate, e.candidate); });
        m_best.insert(place, {candidate, square});
        if (m_best.size() == m_top) m_limit = m_best.back().square;
    }

    [[nodiscard]] std::vector<Candidate> candidates() const {
        std::vector<Candidate> result;
        result.reserve(m_best.size());
        for (auto const& entry : m_best)
            result.push_back(entry.candidate);
        return result;
    }

private:
    struct Entry {
        Candidate candidate;
        float square;
    };
    std::size_t m_top;
    IsBefore m_is_before;
    std::vector<Entry> m_best;  // nearest first
    float m_limit = std::numeric_limits<float>::infinity();
};

}  // namespace bioctl::match
