#include "lib/app/dataset_parts.hpp"

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include "lib/base/file.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/app/dataset_support.hpp"

using namespace bioctl;
using app::FactsCache;
using test::photo;
using test::TempDir;

TEST_CASE("facts are kept by digest, and a damaged or foreign cache is none", "[app]") {
    TempDir const dir;
    auto const file = dir / "cache" / "x.ndjson";
    auto const facts = photo("ann", "1.jpg", 1, 2).facts;
    {
        FactsCache cache{file, "key", 2};
        CHECK(cache.find(facts.digest) == nullptr);
        cache.keep(facts);
        cache.save();
    }
    FactsCache const again{file, "key", 2};
    REQUIRE(again.find(facts.digest) != nullptr);
    CHECK(again.find(facts.digest)->vector == facts.vector);
    CHECK(again.find(facts.digest)->hash == facts.hash);
    CHECK(again.find(facts.digest)->digest == facts.digest);
    CHECK(FactsCache{file, "other models", 2}.find(facts.digest) == nullptr);
    auto const bytes = read_file(file, 1'000'000).or_throw();
    for (std::size_t size = 0; size < bytes.size(); size += 7) {
        write_file(file, ByteView{bytes}.first(size));
        CHECK(FactsCache(file, "key", 2).find(facts.digest) == nullptr);
    }
    // Any byte may be another one.
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        auto damaged = bytes;
        damaged[at] ^= std::byte{0x5A};
        write_file(file, damaged);
        FactsCache const cache{file, "key", 2};
        if (auto const* found = cache.find(facts.digest)) REQUIRE(found->vector.size() <= 2);
    }
}

TEST_CASE("a cache forgets what the last run did not ask for", "[app]") {
    TempDir const dir;
    auto const one = photo("ann", "1.jpg", 1).facts, two = photo("ann", "2.jpg", 2).facts;
    FactsCache first{dir / "c", "k", 2};
    first.keep(one);
    first.keep(two);
    first.save();
    FactsCache second{dir / "c", "k", 2};
    second.keep(*second.find(two.digest));
    second.save();
    FactsCache const third{dir / "c", "k", 2};
    CHECK(third.find(one.digest) == nullptr);
    CHECK(third.find(two.digest) != nullptr);
}

TEST_CASE("a run that looked at a part keeps what was known of the rest", "[app]") {
    TempDir const dir;
    auto const one = photo("ann", "1.jpg", 1).facts, two = photo("ann", "2.jpg", 2).facts, three = photo("ann", "3.jpg", 3).facts;
    FactsCache first{dir / "c", "k", 2};
    first.keep(one);
    first.keep(two);
    first.save();
    FactsCache second{dir / "c", "k", 2};
    second.keep(three);
    second.save(FactsCache::Looked::at_a_part);
    FactsCache const third{dir / "c", "k", 2};
    for (auto const* facts : {&one, &two, &three})
        CHECK(third.find(facts->digest) != nullptr);
}

TEST_CASE("a hostile cache is none, however deep it is", "[app]") {
    TempDir const dir;
    auto const facts = photo("ann", "1.jpg", 1).facts;
    FactsCache made{dir / "c", "k", 2};
    made.keep(facts);
    made.save();
    auto const bytes = read_file(dir / "c", 1'000'000).or_throw();
    std::string const text{as_text(bytes)};
    auto const head = text.substr(0, text.find('\n') + 1);
    FactsCache cache{{}, "k", 2};
    CHECK(cache.load(text) == 1);
    for (char const c : {'[', '\x81', '\x7F', '\xC6', '{'}) {
        std::string const deep(20'000'000, c);
        CHECK(cache.load(deep) == 0);
        CHECK(cache.load(head + deep) == 0);
        CHECK(cache.load(head + deep.substr(0, 200'000) + "\n") == 0);
        CHECK(cache.load(deep.substr(0, 200'000) + "\n") == 0);
    }
    // Vectors of other models.
    CHECK(FactsCache{{}, "k", 3}.load(text) == 0);
    // A row that is not as promised.
    CHECK(cache.load(text + text.substr(head.size())) == 1);
    CHECK(cache.load(text + "[]\n") == 0);
    for (auto const* number : {"1e300", "-1", "99999999999999999999", "null", "[]"}) {
        auto changed = text;
        changed.replace(changed.find(",300,300,"), 9, fmt::format(",{0},{0},", number));
        CHECK(cache.load(changed) == (std::string_view{number} == "-1" ? 1 : 0));
    }
}
