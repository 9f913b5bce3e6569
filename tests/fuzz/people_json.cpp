// People who travel between stores.

#include "lib/app/people_transfer.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace bioctl;

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const person = app::from_json_line(fuzz::text_of(data, size));
    if (!fuzz::is_taken(person)) return 0;
    auto const back = app::from_json_line(app::to_json_line(*person));
    fuzz::require(fuzz::is_taken(back) && back->templates.size() == person->templates.size(), "a line of ours can be read");
    for (std::size_t i = 0; i < back->templates.size(); ++i) {
        auto const& values = person->templates[i].values;
        fuzz::require(back->templates[i].values == values, "numbers come back as they were");
        fuzz::require(back->templates[i].row.code == person->templates[i].row.code, "a palm comes back as it was");
        store::Template row;
        fuzz::is_taken(app::set_values(row, values, match::Precision::float64, 3));
    }
    return 0;
}
