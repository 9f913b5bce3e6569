// Lists of ONTs: CSV with any columns, and the JSON files of the old service.

#include "lib/app/ont_rows.hpp"
#include "lib/app/ont_rules.hpp"
#include "lib/app/onts_duplicates.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace bioctl;
using app::OntField;

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    fuzz::may_refuse([&] {
        auto const rows = app::read_ont_rows(fuzz::text_of(data, size), {});
        for (auto const& row : rows) {
            if (!row.fault.empty()) fuzz::require_message(row.fault);
            fuzz::is_taken(app::check_host(row.text(OntField::host)));
            auto const place = app::read_position(row.text(OntField::latitude), row.text(OntField::longitude));
            fuzz::require(place.latitude.has_value() == place.longitude.has_value(), "a place has both coordinates or none");
        }
        static_cast<void>(app::check_duplicates(app::facts_of(rows)));
    });
    return 0;
}
