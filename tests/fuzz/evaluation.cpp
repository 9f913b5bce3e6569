// What evaluate and verify-dataset are given: lists of pairs, groups, claims, baselines, the cache of an earlier run.

#include <fmt/format.h>

#include "lib/app/dataset.hpp"
#include "lib/app/evaluation.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace bioctl;

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const text = fuzz::text_of(data, size);
    fuzz::may_refuse([&] {
        auto const list = app::read_pairs(text, "/photos", 10);
        for (auto const& pair : list.pairs) {
            fuzz::require(pair.a < list.photos.size() && pair.b < list.photos.size(), "a pair is of photos");
            fuzz::require(pair.fold < list.folds, "a fold is one of the folds");
            fuzz::require(pair.is_same == (list.photos[pair.a].person == list.photos[pair.b].person), "same is one person");
        }
    });
    fuzz::may_refuse([&] { fuzz::require(!app::read_groups(text).empty(), "groups are of somebody"); });
    fuzz::may_refuse([&] {
        app::Finding finding;
        finding.fingerprint = std::string(1, '0');
        std::vector<app::Finding> findings{finding};
        fuzz::require(app::Baseline::parse(text).apply(findings) <= size, "no more accepted findings than bytes");
    });
    app::FactsCache cache{{}, "k", 2};
    fuzz::require(cache.load(text) <= size, "no more photos than bytes");
    // Most inputs have another head: the rows of a file whose head is right.
    cache.load(fmt::format("{{\"facts\":1,\"key\":\"k\",\"version\":2}}\n{}", text));
    if (auto const claim = eval::parse_claim(text)) {
        fuzz::require(claim->bound >= 0 && claim->bound <= 1, "a bound is a share");
        eval::Figure const figure{.metric = claim->metric, .at = claim->at, .value = .5, .interval = {.4, .6}, .trials = 100};
        fuzz::require(!eval::judge(*claim, figure, true).reason.empty(), "a verdict has a reason");
    }
    return 0;
}
