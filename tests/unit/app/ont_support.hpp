#pragma once
// A registry in a folder of its own, and a list of ONTs of the size and with the flaws of a real one. All of it is invented.

#include <string>

#include <fmt/format.h>

#include "lib/app/onts.hpp"
#include "lib/app/onts_import.hpp"
#include "tests/unit/app/people_support.hpp"

namespace bioctl::test {

struct OntStore {
    TempDir dir;
    StoppedClock clock;
    store::Store store = store::Store::open(dir / "bioctl.db", {});
    app::OntRegistry registry{.store = store, .clock = clock, .backups_dir = dir / "backups"};

    store::Ont add(std::string name, app::OntChange change = {}) {
        change.name = std::move(name);
        return app::add_ont(registry, change);
    }
    app::OntImportReport import(std::string_view text, bool is_merge = false) {
        return app::import_onts(registry, text, {.is_merge = is_merge});
    }
    std::vector<store::Ont> all() { return store.onts().list(); }
};

inline constexpr int k_sample_rows = 383;

/// Byte for byte as the old program would have written it: every customer id once, three addresses twice, eleven empty ones, 222
/// names, no two places alike, one latitude with a blank inside.
inline std::string sample_wifi_sleman() {
    std::string text = "[";
    for (int i = 1; i <= k_sample_rows; ++i) {
        std::string ip = fmt::format("198.51.{}.{}", 100 + i / 200, 1 + i % 200);
        if (i <= 11) ip = "";
        if (i >= 381) ip = fmt::format("198.51.100.{}", 1 + (i - 300));  // those of rows 81 to 83
        auto const latitude = i == 200 ? std::string{"\"-7.71 2345\""} : fmt::format("-7.7{:03}1", i);
        text += fmt::format(
            "{}\n  {{\n    \"id\": {},\n    \"id_ccbs\": \"4-{:06}\",\n    \"name\": \"Pelanggan {} é\",\n    "
            "\"lokasi\": \"Dusun {}\",\n    \"latitude\": {},\n    \"longitude\": 110.3{:03}7,\n    \"ip\": \"{}\"\n  }}",
            i == 1 ? "" : ",", i, i * 7, i % 222, i % 9, latitude, i, ip);
    }
    return text + "\n]";
}

}  // namespace bioctl::test
