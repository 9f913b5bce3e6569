// What servers of models answer.

#include "lib/net/download.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/fuzz/replay_server.hpp"
#include "tests/support/temp_dir.hpp"

using namespace bioctl;

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    constexpr std::uint64_t k_most = 4096;
    static fuzz::ReplayServer server;
    static test::TempDir const folder;
    server.say(fuzz::text_of(data, size));
    auto const to = folder / "model.dat";
    // A part stays behind when the first try fails half-way, so the second one asks for the rest.
    for (int attempt = 0; attempt < 2; ++attempt) {
        if (!fuzz::is_taken(net::download({.url = server.url("/model.dat"), .to = to, .max_bytes = k_most}, {}))) continue;
        fuzz::require(test::fs::file_size(to) <= k_most, "no file is larger than allowed");
        test::fs::remove(to);
    }
    test::fs::remove(folder / "model.dat.part");
    test::fs::remove(folder / "model.dat.part.of");
    return 0;
}
