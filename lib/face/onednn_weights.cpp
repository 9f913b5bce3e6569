#include <algorithm>

#include "lib/face/onednn_plan.hpp"

namespace bioctl::face::onednn {

using dnnl::memory;

namespace {

std::size_t most_weights(Graph const& graph) {
    std::size_t most = 0;
    for (auto const& node : graph.nodes)
        most = std::max(most, node.weights.size());
    return most;
}

}  // namespace

memory PackedWeights::packed(std::size_t node, memory::desc const& stored, memory::desc const& wanted) {
    auto& kept = m_packed[node];
    for (auto const& one : kept) {
        if (one.get_desc() == wanted) return one;
    }
    dnnl::stream stream{m_engine};
    memory packed{wanted, m_engine, m_pool.take(wanted.get_size())};
    auto& weights = m_graph.nodes[node].weights;
    memory from;
    if (kept.empty()) {
        if (!m_unpacked) m_unpacked = std::make_unique_for_overwrite<float[]>(most_weights(m_graph));
        weights.read({m_unpacked.get(), weights.size()});
        from = memory{stored, m_engine, m_unpacked.get()};
    } else {
        from = kept.front();
    }
    dnnl::reorder{from, packed}.execute(stream, from, packed);
    stream.wait();
    kept.push_back(packed);
    weights = {};  // from now on packed ones are the source
    return packed;
}

memory PackedWeights::bias(std::size_t node) {
    auto const found = m_bias.find(node);
    if (found != m_bias.end()) return found->second;
    auto& bias = m_graph.nodes[node].bias;
    memory const kept{
        {{static_cast<memory::dim>(bias.size())}, memory::data_type::f32, memory::format_tag::a}, m_engine, bias.data()};
    return m_bias.emplace(node, kept).first->second;
}

}  // namespace bioctl::face::onednn
