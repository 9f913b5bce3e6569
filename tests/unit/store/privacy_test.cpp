// What was removed is gone from the disk.

#include <catch2/catch.hpp>

#include <string>

#include <fmt/format.h>

#include "tests/unit/store/support.hpp"

using namespace bioctl;
using namespace bioctl::test;

namespace {

bool holds(fs::path const& folder, std::string_view bytes) {
    for (auto const& entry : fs::directory_iterator{folder}) {
        if (read_text(entry.path()).find(bytes) != std::string::npos) return true;
    }
    return false;
}

std::string bytes_of(std::vector<float> const& vector) {
    return std::string{as_text(std::as_bytes(std::span{vector}))};
}

}  // namespace

TEST_CASE("a removed person leaves no vector, name or path behind after a checkpoint", "[store]") {
    TempDir dir;
    auto store = writer(dir / "bioctl.db");
    for (int i = 0; i < 40; ++i)
        enrol(store, fmt::format("p{}", i), i);
    store.write([&] { store.people().set_name("p17", "Siti Rahmawati", at(2)); });
    store.checkpoint();
    auto const vector = bytes_of(vector_of(17));
    REQUIRE(holds(dir.path(), vector));
    REQUIRE(holds(dir.path(), "Siti Rahmawati"));
    REQUIRE(holds(dir.path(), "photos/17.jpg"));

    store.write([&] { store.people().remove("p17"); });
    store.checkpoint();
    CHECK_FALSE(holds(dir.path(), vector));
    CHECK_FALSE(holds(dir.path(), vector.substr(200, 64)));
    CHECK_FALSE(holds(dir.path(), "Siti Rahmawati"));
    CHECK_FALSE(holds(dir.path(), "photos/17.jpg"));
    CHECK(holds(dir.path(), bytes_of(vector_of(18))));
}

TEST_CASE("a replaced vector leaves nothing of the old one after a checkpoint", "[store]") {
    TempDir dir;
    auto store = writer(dir / "bioctl.db");
    auto const id = enrol(store, "alice", 1);
    store.checkpoint();
    REQUIRE(holds(dir.path(), bytes_of(vector_of(1)).substr(200, 64)));
    store.write([&] { store.templates().replace_vector(id, "new", std::vector<float>{1, 2, 3}, 1); });
    store.checkpoint();
    CHECK_FALSE(holds(dir.path(), bytes_of(vector_of(1)).substr(200, 64)));
}
