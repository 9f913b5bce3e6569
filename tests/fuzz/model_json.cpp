// model.json, active.json and the description of a recogniser.

#include "lib/face/model_json.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace bioctl;

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const text = fuzz::bytes_of(data, size);
    fuzz::may_refuse([&] {
        auto const model = face::model_from_json(text, "/models/x");
        fuzz::require(model.file.parent_path() == "/models/x", "a file is inside the folder of its model");
        static_cast<void>(face::model_from_json(as_bytes(face::to_json(model)), "/models/x"));
    });
    fuzz::may_refuse([&] { static_cast<void>(face::to_json(face::active_from_json(text))); });
    fuzz::may_refuse([&] { static_cast<void>(face::recogniser_from_json(text)); });
    return 0;
}
