// Terminals as lines of JSON.

#include "lib/app/devices.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace bioctl;

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const change = app::device_from_json(fuzz::text_of(data, size));
    if (fuzz::is_taken(change)) fuzz::require(change->name && change->url, "a device has a name and a URL");
    return 0;
}
