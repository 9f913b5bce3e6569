#include "lib/app/store_manifest.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include "lib/base/text.hpp"
#include "tests/support/expect_error.hpp"
#include "tests/support/temp_dir.hpp"

using namespace bioctl;

namespace {

Error refusal_of(std::string_view manifest) {
    test::TempDir const folder;
    test::write_text(folder / app::k_manifest, manifest);
    auto const digest = to_hex(app::manifest_digest(folder.path()));
    test::write_text(folder / app::k_manifest_digest, fmt::format("{}  {}\n", digest, app::k_manifest));
    return test::error_of([&] { app::read_manifest(folder.path(), [](app::BackupFile const&) {}); });
}

}  // namespace

TEST_CASE("A manifest of strange bytes is refused in a line fit for a terminal", "[app]") {
    for (std::string_view const manifest : {"{\xaf", "{\x1b[31m", "{\"files\":[{\"path\":\"../\\u001b\"}]}"}) {
        auto const error = refusal_of(manifest);
        CHECK(error.kind() == Kind::data);
        CHECK(is_utf8(error.message()));
        CHECK(std::ranges::none_of(error.message(), [](char c) { return static_cast<unsigned char>(c) < ' '; }));
    }
    CHECK_THAT(refusal_of("{\"files\":[{\"path\":\"../a\"}]}").message(), Catch::Contains("a path outside of it: ../a"));
}
