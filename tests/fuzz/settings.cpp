// The configuration file and its values.

#include "lib/config/settings.hpp"
#include "lib/config/toml_file.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace bioctl;

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const text = fuzz::text_of(data, size);
    fuzz::may_refuse([&] { static_cast<void>(config::parse_entries(text, "bioctl.toml")); });
    fuzz::may_refuse([&] {
        auto const changed = config::edited(text, "bioctl.toml", "threshold", "0.5");
        fuzz::require(!config::parse_entries(changed, "bioctl.toml").empty(), "what was set is there");
        static_cast<void>(config::edited(changed, "bioctl.toml", "threshold", std::nullopt));
    });
    for (auto const& key : config::keys()) {
        if (auto const problem = key.problem_of(text); !problem.empty()) fuzz::require_message(problem);
    }
    return 0;
}
