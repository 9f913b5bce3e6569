// What a server of /recognize/realtime answers.

#include <cmath>

#include "lib/app/realtime_client.hpp"
#include "lib/base/text.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace bioctl;

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const reply = app::parse_realtime_reply(fuzz::text_of(data, size));
    if (!fuzz::is_taken(reply)) return 0;
    for (auto const& face : reply->faces) {
        fuzz::require(is_utf8(face.label) && is_utf8(face.dispatch) && is_utf8(face.dispatch_reason), "texts are UTF-8");
        fuzz::require(!face.distance || std::isfinite(*face.distance), "a distance is a number");
    }
    return 0;
}
