// Lists of people and photos to enrol, CSV or JSON.

#include "lib/app/bulk_enrol.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace bioctl;

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    fuzz::may_refuse([&] {
        auto const input = app::read_manifest(fuzz::text_of(data, size), "/photos");
        for (auto const& item : input.items) {
            if (item.rejected) continue;
            fuzz::require(!item.person_id.empty() && item.person_id.find('/') == std::string::npos, "an id is a file name");
            fuzz::require(!item.photo.path.empty(), "a row has a photo");
        }
    });
    return 0;
}
