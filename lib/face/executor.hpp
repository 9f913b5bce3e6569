#pragma once
// Runs a Graph.

#include <memory>
#include <span>
#include <vector>

#include "lib/face/graph.hpp"

namespace bioctl::face {

/// One thread per Executor.
class Executor {
public:
    virtual ~Executor() = default;

    /// input   batch x channels x height x width float32, as Graph::input() says; any batch >= 1.
    /// returns batch x the elements of Graph::output(); valid until the next call.
    virtual std::span<float const> run(std::span<float const> input, int batch) = 0;
};

/// The portable one, on OpenCV's dnn module (cv::dnn). Single-threaded: bioctl runs many photos at once instead.
[[nodiscard]] std::unique_ptr<Executor> make_opencv_executor(Graph const& graph);

}  // namespace bioctl::face
