#pragma once
// Weights as products on AMX want them. Private to amx_*.cpp.

#include <cstddef>
#include <vector>

#include "lib/face/amx.hpp"
#include "lib/face/graph.hpp"

namespace bioctl::face::amx {

/// Immutable. Weights of 8 bits less their zero are bfloat16 as they are, and are scaled with the sums; others are two bfloat16,
/// like values.
class Panels {
public:
    /// Whether weights of 8 bits have as many bytes and scales as they should.
    [[nodiscard]] static bool fits(Weights const& weights, std::size_t results);

    /// depth x results weights that fit; depth is even, results a multiple of k_columns. Where depth is none of k_depth, zeros
    /// follow.
    Panels(Weights const& weights, std::size_t depth, std::size_t results);

    /// For k_columns results from that one on, a multiple of k_columns.
    [[nodiscard]] Panel of(std::size_t result) const { return {m_panels.data() + result / k_columns * m_size, m_in_two}; }
    /// What sums are to be multiplied with, one for each result.
    [[nodiscard]] std::vector<float> const& scale() const { return m_scale; }

private:
    void pack(QuantisedWeights const& weights, std::size_t depth);
    void pack(std::vector<float> const& weights, std::size_t depth);

    bool m_in_two;
    std::size_t m_size;  // of a panel
    std::vector<float> m_scale;
    Halves m_panels;  // one behind the other
};

}  // namespace bioctl::face::amx
