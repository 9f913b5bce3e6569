// The lists of tensors beside the weights of the npm package.

#include "lib/face/tensors.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/support/temp_dir.hpp"

using namespace bioctl;

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    static test::TempDir const folder;
    auto const manifest = folder / "manifest.json", blob = folder / "weights.bin";
    static bool const has_blob = [&] {
        test::write_text(blob, std::string(64, '\x40'));
        return true;
    }();
    test::write_text(manifest, fuzz::text_of(data, size));
    fuzz::may_refuse([&] {
        face::TensorFile const tensors{manifest, blob};
        fuzz::require(has_blob && tensors.read("a", {4}).size() == 4, "a tensor has its size");
    });
    return 0;
}
