#include "lib/app/store_writer.hpp"

#include <atomic>

#include <catch2/catch.hpp>

#include "lib/store/people.hpp"
#include "tests/support/temp_dir.hpp"

using namespace bioctl;
using bioctl::test::TempDir;

TEST_CASE("work that fails is told to who asked for it, and leaves nothing; the work of others stays", "[app]") {
    TempDir const dir;
    app::StoreWriter writer{store::Store::open(dir / "bioctl.db", {})};
    std::atomic<int> failures{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 16; ++i) {
        threads.emplace_back([&, i] {
            for (int round = 0; round < 10; ++round) {
                try {
                    writer.write([&](store::Store& store) {
                        store.people().upsert(std::to_string(i) + '-' + std::to_string(round), "", Timestamp{});
                        if (i % 4 == 0) throw Error{Kind::data, "no"};
                    });
                } catch (Error const& error) {
                    failures += error.kind() == Kind::data ? 1 : 1000;
                }
            }
        });
    }
    for (auto& thread : threads)
        thread.join();
    CHECK(failures == 40);
    std::size_t people = 0;
    writer.write([&](store::Store& store) { people = store.people().count(); });
    CHECK(people == 120);
    CHECK(writer.transactions() <= 161);
}
