// The outline of ONNX files, read before OpenCV sees them.

#include "lib/face/model_onnx.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace bioctl;

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    fuzz::may_refuse([&] {
        auto const outline = face::read_onnx_outline(fuzz::bytes_of(data, size));
        fuzz::require(outline.nodes + outline.inputs.size() + outline.outputs.size() <= size, "nothing is made of nothing");
    });
    return 0;
}
