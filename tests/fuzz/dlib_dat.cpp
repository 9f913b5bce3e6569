// dlib's .dat files.

#include "lib/face/model_import.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace bioctl;

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const file = fuzz::bytes_of(data, size);
    fuzz::may_refuse([&] { static_cast<void>(face::kind_of_file(file)); });
    fuzz::may_refuse([&] { static_cast<void>(face::prepare_dlib_shape({file.begin(), file.end()})); });
    fuzz::may_refuse([&] { static_cast<void>(face::prepare_dlib_resnet({file.begin(), file.end()})); });
    return 0;
}
