#pragma once
// A Graph for one batch size as a list of oneDNN primitives over one arena of memory. Only inside bioctl-face-onednn.so.

#include <cstddef>
#include <limits>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include <oneapi/dnnl/dnnl.hpp>

#include "lib/face/graph.hpp"
#include "lib/face/onednn_memory.hpp"

namespace bioctl::face::onednn {

/// A tensor in the arena: several views may lie in the same buffer.
struct View {
    std::size_t buffer = 0;
    dnnl::memory::desc desc;
};

struct Step {
    enum class What { primitive, zeros } what = What::primitive;
    dnnl::primitive primitive;
    std::vector<std::pair<int, std::size_t>> views;       ///< DNNL_ARG_... -> position in Plan::views
    std::vector<std::pair<int, dnnl::memory>> constants;  ///< weights and biases
    std::size_t zeroed = 0;                               ///< zeros: a view
};

struct Plan {
    std::vector<View> views;
    std::vector<std::size_t> offsets;  ///< of each buffer in the arena, multiples of 64
    std::size_t arena_bytes = 0;
    std::vector<Step> steps;
    std::size_t input = 0, output = 0;  ///< views: the caller's memory in the graph's layout; float32 in n x c x h x w
};

/// The weights of a graph, packed as primitives ask for them; those of the graph are given back with the first packing. Not
/// thread-safe.
class PackedWeights {
public:
    /// All three outlive it.
    PackedWeights(Graph& graph, Pool& pool, dnnl::engine const& engine) : m_graph(graph), m_pool(pool), m_engine(engine) {}

    /// `stored` describes the node's weights as they lie in the graph.
    dnnl::memory packed(std::size_t node, dnnl::memory::desc const& stored, dnnl::memory::desc const& wanted);
    dnnl::memory bias(std::size_t node);
    /// Nothing more is packed for now.
    void finish() { m_unpacked = {}; }

private:
    Graph& m_graph;
    Pool& m_pool;
    dnnl::engine const& m_engine;
    std::unordered_map<std::size_t, std::vector<dnnl::memory>> m_packed;
    std::unordered_map<std::size_t, dnnl::memory> m_bias;
    std::unique_ptr<float[]> m_unpacked;  // room for the weights of any node, while some are packed
};

/// How long a buffer is needed.
struct Life {
    std::size_t bytes = 0;
    std::size_t first = std::numeric_limits<std::size_t>::max(), last = 0;  ///< steps
};

/// Gives every buffer a place in the arena that no buffer alive at the same time has: largest first, each at the lowest place
/// free.
void lay_out(Plan& plan, std::vector<Life> const& lives);

[[nodiscard]] Plan make_plan(Graph const& graph, PackedWeights& weights, dnnl::engine const& engine, int batch);

}  // namespace bioctl::face::onednn
