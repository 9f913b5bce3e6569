#pragma once
// Networks ready to be run, and what runs them.

#include <memory>
#include <span>

#include "lib/face/graph.hpp"

namespace bioctl::face {

/// One thread at a time for each Executor.
class Executor {
public:
    virtual ~Executor() = default;

    /// input   batch x Graph::input() float32 in Graph::layout, any batch >= 1; it is not copied. What a batch size needs is made
    /// at
    ///         its first use and kept, so ask for few different ones.
    /// returns batch x the elements of Graph::output(); valid until the next call.
    virtual std::span<float const> run(std::span<float const> input, int batch) = 0;
};

/// A Graph whose weights are packed for this processor. Thread-safe; the weights are held once, however many executors there are.
class Network {
public:
    virtual ~Network() = default;
    /// Keeps the network alive.
    [[nodiscard]] virtual std::unique_ptr<Executor> executor() = 0;
    /// Makes what a batch size needs now, rather than at its first use.
    virtual void prepare(int batch) = 0;
};

/// On what is fastest here: AMX where the processor has it and the graph is of its kind (amx_network.hpp), else oneDNN.
/// Error{config} if a module is needed that is not installed.
[[nodiscard]] std::shared_ptr<Network> make_network(Graph graph);
/// On oneDNN, which picks the best instructions at run time (SSE 4.1 to AVX-512).
[[nodiscard]] std::shared_ptr<Network> make_onednn_network(Graph graph);

}  // namespace bioctl::face
