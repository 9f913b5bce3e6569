// Inside bioctl-face-onednn.so: networks on oneDNN.

#include <algorithm>
#include <atomic>
#include <cstring>
#include <map>
#include <mutex>

#include <fmt/format.h>
#include <omp.h>

#include "lib/base/error.hpp"
#include "lib/face/module_parts.hpp"
#include "lib/face/network.hpp"
#include "lib/face/onednn_memory.hpp"
#include "lib/face/onednn_plan.hpp"

namespace bioctl::face::onednn {

namespace {

// Packed weights are a little larger than plain ones, each a multiple of 64.
constexpr std::size_t k_padding = 1024;

std::size_t size_of(Shape const& shape) {
    return static_cast<std::size_t>(shape.channels) * static_cast<std::size_t>(shape.height) *
           static_cast<std::size_t>(shape.width);
}

/// The processor; one object, so that oneDNN's cache of generated code serves all networks.
dnnl::engine const& processor() {
    static dnnl::engine const engine{dnnl::engine::kind::cpu, 0};
    return engine;
}

/// What runs between the layers: networks of one thread never run at once, so they share it. It is reserved larger than any of
/// ours needs; to make it anew for each larger network would have the kernel clear it again and again.
Block& arena(std::size_t bytes) {
    constexpr std::size_t k_reserved = std::size_t{256} << 20;
    thread_local Block block;
    if (block.size() < bytes) {
        block = Block{};  // before the larger one is made
        try {
            block = Block{std::max(bytes, k_reserved)};
        } catch (std::bad_alloc const&) {
            block = Block{bytes};  // addresses are limited here, or counted as memory
        }
    }
    return block;
}

std::size_t bytes_of_weights(Graph const& graph) {
    std::size_t bytes = 0;
    for (auto const& node : graph.nodes)
        bytes += node.weights.size() * sizeof(float) + k_padding;
    return bytes;
}

/// With GNU's OpenMP the threads of a team wait for each other by spinning: two workers of two threads each on two busy cores
/// take a hundred times as long. bioctl runs photos side by side instead. The setting belongs to the calling thread.
void use_one_thread() {
    thread_local bool const is_set = (::omp_set_num_threads(1), true);
    static_cast<void>(is_set);
}

[[noreturn]] void fail(dnnl::error const& error) {
    if (error.status == dnnl_out_of_memory) throw std::bad_alloc{};
    throw Error{Kind::bug, fmt::format("oneDNN cannot run a network: {}", error.what())};
}

class OneDnnNetwork final : public Network, public std::enable_shared_from_this<OneDnnNetwork> {
public:
    explicit OneDnnNetwork(Graph graph)
        : m_graph(std::move(graph)), m_pool(bytes_of_weights(m_graph)), m_weights(m_graph, m_pool, processor()) {}

    [[nodiscard]] std::unique_ptr<Executor> executor() override;
    /// Told of each run.
    void count_run() {
        constexpr int k_often = 16;
        if (m_runs.fetch_add(1, std::memory_order_relaxed) != k_often) return;
        std::lock_guard const lock{m_mutex};  // somebody may be packing weights for another batch size
        m_pool.use_huge_pages();
    }
    void prepare(int batch) override try { static_cast<void>(plan(batch)); } catch (dnnl::error const& error) {
        fail(error);
    }

    [[nodiscard]] Shape input() const { return m_graph.input(); }
    [[nodiscard]] Shape output() const { return m_graph.output(); }

    /// Lives as long as the network.
    Plan const& plan(int batch) {
        std::lock_guard const lock{m_mutex};
        auto const found = m_plans.find(batch);
        if (found != m_plans.end()) return found->second;
        use_one_thread();
        auto const& plan = m_plans.emplace(batch, make_plan(m_graph, m_weights, processor(), batch)).first->second;
        m_weights.finish();
        return plan;
    }

private:
    std::mutex m_mutex;
    Graph m_graph;
    Pool m_pool;
    PackedWeights m_weights;
    std::map<int, Plan> m_plans;
    std::atomic<int> m_runs{0};
};

/// A plan and the tensors it works on, in this thread's arena.
class Run {
public:
    explicit Run(Plan const& plan) : m_plan(plan), m_stream(processor()) {
        for (auto const& view : plan.views)
            m_memories.emplace_back(view.desc, processor(), nullptr);
        for (auto const& step : plan.steps) {
            auto& arguments = m_arguments.emplace_back();
            for (auto const& [argument, view] : step.views)
                arguments.emplace(argument, m_memories[view]);
            for (auto const& [argument, constant] : step.constants)
                arguments.emplace(argument, constant);
        }
    }

    void execute(std::span<float const> input, std::span<float> output) {
        bind(arena(m_plan.arena_bytes).data());
        m_memories[m_plan.input].set_data_handle(const_cast<float*>(input.data()));  // is only read
        for (std::size_t i = 0; i < m_plan.steps.size(); ++i) {
            auto const& step = m_plan.steps[i];
            if (step.what == Step::What::zeros) {
                auto const& memory = m_memories[step.zeroed];
                std::memset(memory.get_data_handle(), 0, memory.get_desc().get_size());
            } else {
                step.primitive.execute(m_stream, m_arguments[i]);
            }
        }
        m_stream.wait();
        std::memcpy(output.data(), m_memories[m_plan.output].get_data_handle(), output.size_bytes());
    }

private:
    void bind(std::byte* base) {
        if (base == m_base) return;
        m_base = base;
        for (std::size_t i = 0; i < m_memories.size(); ++i)
            m_memories[i].set_data_handle(base + m_plan.offsets[m_plan.views[i].buffer]);
    }

    Plan const& m_plan;
    dnnl::stream m_stream;
    std::byte* m_base = nullptr;
    std::vector<dnnl::memory> m_memories;                            // of each view
    std::vector<std::unordered_map<int, dnnl::memory>> m_arguments;  // of each step
};

class OneDnnExecutor final : public Executor {
public:
    explicit OneDnnExecutor(std::shared_ptr<OneDnnNetwork> network) : m_network(std::move(network)) {}

    std::span<float const> run(std::span<float const> input, int batch) override try {
        if (batch < 1 || input.size() != static_cast<std::size_t>(batch) * size_of(m_network->input()))
            throw Error{Kind::bug, "input of the wrong size"};
        use_one_thread();
        auto& run = m_runs[batch];
        if (!run) run = std::make_unique<Run>(m_network->plan(batch));
        m_result.resize(static_cast<std::size_t>(batch) * size_of(m_network->output()));
        run->execute(input, m_result);
        m_network->count_run();
        return m_result;
    } catch (dnnl::error const& error) {
        fail(error);
    }

private:
    std::shared_ptr<OneDnnNetwork> m_network;
    std::map<int, std::unique_ptr<Run>> m_runs;  // by batch
    std::vector<float> m_result;
};

std::unique_ptr<Executor> OneDnnNetwork::executor() {
    return std::make_unique<OneDnnExecutor>(shared_from_this());
}

std::shared_ptr<Network> make(Graph graph) try {
    return std::make_shared<OneDnnNetwork>(std::move(graph));
} catch (dnnl::error const& error) {
    fail(error);
}

}  // namespace

}  // namespace bioctl::face::onednn

extern "C" [[gnu::visibility("default")]] bioctl::face::OneDnnParts const* bioctl_face_onednn() {
    using namespace bioctl::face;
    static OneDnnParts const module{k_module_version, onednn::make};
    return &module;
}
