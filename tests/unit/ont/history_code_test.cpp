#include <catch2/catch.hpp>

#include <cmath>
#include <random>

#include "lib/ont/history_code.hpp"

using namespace bioctl;
using namespace bioctl::ont;
using namespace std::chrono_literals;

TEST_CASE("a time comes back within a quarter of a percent", "[ont]") {
    for (auto ns = 1000.0; ns < 60e9; ns *= 1.37) {
        auto const back = microseconds_of(code_of(std::chrono::nanoseconds{std::llround(ns)}));
        REQUIRE(back);
        CHECK(*back * 1000 == Approx(ns).epsilon(0.0026));
    }
    CHECK(microseconds_of(code_of(0ns)) == Approx(1));
    CHECK_FALSE(microseconds_of(k_lost));
    CHECK_FALSE(microseconds_of(k_not_asked));
}

TEST_CASE("a bucket tells how many were asked and lost, and the spread of the rest", "[ont]") {
    std::vector<SampleCode> samples{k_not_asked, k_lost, k_lost};
    for (int ms = 1; ms <= 20; ++ms)
        samples.push_back(code_of(std::chrono::milliseconds{ms}));
    auto const bucket = summarize(samples);
    CHECK(bucket.asked == 22);
    CHECK(bucket.lost == 2);
    CHECK(*microseconds_of(bucket.least) == Approx(1'000).epsilon(0.003));
    CHECK(*microseconds_of(bucket.mean) == Approx(10'500).epsilon(0.006));
    CHECK(*microseconds_of(bucket.p95) == Approx(19'000).epsilon(0.003));
    CHECK(*microseconds_of(bucket.most) == Approx(20'000).epsilon(0.003));
    CHECK(summarize(std::vector<SampleCode>{k_not_asked}) == Bucket{});
    auto const silent = summarize(std::vector<SampleCode>{k_lost});
    CHECK(silent == Bucket{1, 1, 0, 0, 0, 0});
}

TEST_CASE("buckets come back from their packing", "[ont]") {
    std::mt19937 random{1};
    std::vector<Bucket> buckets;
    for (int i = 0; i < 288; ++i) {
        std::vector<SampleCode> samples;
        for (int n = 0; n < 5; ++n)
            samples.push_back(random() % 50 == 0 ? k_lost : code_of(std::chrono::microseconds{3000 + random() % 900}));
        buckets.push_back(i % 40 == 0 ? Bucket{} : summarize(samples));
    }
    auto const packed = pack(buckets);
    CHECK(packed.size() < 288 * 5);
    CHECK(unpack(packed).or_throw() == buckets);
    CHECK(unpack(pack({})).or_throw().empty());
}

TEST_CASE("damaged packings are told, not believed", "[ont]") {
    std::vector<Bucket> const buckets(10, Bucket{5, 1, 10, 11, 12, 13});
    auto const packed = pack(buckets);
    for (std::size_t length = 0; length < packed.size(); ++length)
        CHECK_FALSE(unpack(ByteView{packed}.first(length)));
    auto huge = packed;
    huge[3] = std::byte{0xFF};
    CHECK(unpack(huge).error().kind() == Kind::data);
    auto other = packed;
    other[0] = std::byte{9};
    CHECK_FALSE(unpack(other));
}

TEST_CASE("a sample is found by its slot", "[ont]") {
    auto const bytes = to_bytes(std::vector<SampleCode>{1, 0x1234, 3});
    CHECK(bytes.size() == 6);
    CHECK(sample_at(bytes, 1) == 0x1234);
    CHECK(sample_at(bytes, 3) == k_not_asked);
}
