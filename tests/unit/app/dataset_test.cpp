#include "lib/app/dataset.hpp"

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include <cmath>

#include <opencv2/imgproc.hpp>

#include "lib/app/dataset_parts.hpp"
#include "lib/app/similarity_map.hpp"
#include "lib/base/file.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/app/dataset_support.hpp"

using namespace bioctl;
using namespace bioctl::app;
using test::photo;
using test::TempDir;

namespace {

face::Contract small_contract() {
    face::Contract contract;
    contract.dimensions = 2;
    contract.scale = 1;
    contract.threshold_verify = .5F;
    contract.threshold_identify = .4F;
    contract.threshold_duplicate = .3F;
    return contract;
}

DatasetOptions plane_options() {
    DatasetOptions options;
    options.metric = match::Metric::l2;
    return options;
}

std::vector<std::string> told(std::vector<DatasetPhoto> photos, match::Gallery const* gallery = nullptr,
                              face::Contract const& contract = small_contract()) {
    auto const options = plane_options();
    Findings findings{options.severities};
    judge_resemblance(photos, contract, gallery, options, findings);
    std::vector<std::string> lines;
    for (auto const& finding : findings.take())
        lines.push_back(fmt::format("{} {} {}", name_of(finding.rule), finding.path.empty() ? finding.person_id : finding.path,
                                    fmt::join(finding.related, " ")));
    return lines;
}

std::vector<std::string> told_by_itself(DatasetPhoto const& one) {
    auto const options = plane_options();
    Findings findings{options.severities};
    judge_photo(one, options, findings);
    std::vector<std::string> lines;
    for (auto const& finding : findings.take())
        lines.emplace_back(name_of(finding.rule));
    return lines;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("a good photo has no findings, each fault has its own", "[app]") {
    auto good = photo("ann", "1.jpg", 0);
    CHECK(told_by_itself(good).empty());
    auto bad = good;
    bad.facts.trouble = "truncated JPEG; copy it again";
    bad.facts.is_truncated = true;
    CHECK(told_by_itself(bad) == Lines{"truncated"});
    bad.facts.is_truncated = false;
    CHECK(told_by_itself(bad) == Lines{"unreadable"});
    bad = good;
    bad.facts.format = image::Format::png;
    CHECK(told_by_itself(bad) == Lines{"wrong_extension"});
    bad = good;
    bad.facts.orientation = 6;
    CHECK(told_by_itself(bad) == Lines{"turned"});
    bad = good;
    bad.facts.rotation = 90;
    CHECK(told_by_itself(bad) == Lines{"turned"});
    bad = good;
    bad.facts.width = 111;
    CHECK(told_by_itself(bad) == Lines{"too_small"});
    bad = good;
    bad.facts.quality.size = 0;
    bad.facts.quality.score = 0;
    CHECK(told_by_itself(bad) == Lines{"too_small", "low_quality"});
    bad = good;
    bad.facts.faces = 0;
    bad.facts.vector.clear();
    CHECK(told_by_itself(bad) == Lines{"no_face"});
    bad = good;
    bad.facts.faces = 3;
    CHECK(told_by_itself(bad) == Lines{"many_faces"});
}

TEST_CASE("a file with an odd name is told", "[app]") {
    for (auto const* name : {"a\nb.jpg", "-rf.jpg", "a:b.jpg", "\xFF.jpg", " a.jpg", "a .jpg", "a?.jpg"}) {
        auto odd = photo("ann", "1.jpg", 0);
        odd.path = fs::path{"ann"} / name;
        CHECK(told_by_itself(odd) == Lines{"odd_name"});
    }
    auto plain = photo("ann", "1.jpg", 0);
    plain.path = "ann/Foto \xC3\xA4 (1).jpg";
    CHECK(told_by_itself(plain).empty());
}

TEST_CASE("tidy people are left alone", "[app]") {
    CHECK(told({photo("ann", "1.jpg", 0), photo("ann", "2.jpg", .2F), photo("ann", "3.jpg", .35F), photo("bo", "1.jpg", 2),
                photo("bo", "2.jpg", 2.4F), photo("cy", "1.jpg", 9)})
              .empty());
    CHECK(told({}).empty());
}

TEST_CASE("a photo that is far from all others of its id is an outlier, with whom it resembles", "[app]") {
    CHECK(told({photo("ann", "1.jpg", 0), photo("ann", "2.jpg", .2F), photo("ann", "3.jpg", 2.1F), photo("bo", "1.jpg", 2),
                photo("bo", "2.jpg", 2.3F)}) == Lines{"outlier ann/3.jpg bo/1.jpg"});
    CHECK(told({photo("ann", "1.jpg", 0), photo("ann", "2.jpg", .2F), photo("ann", "3.jpg", 5)}) == Lines{"outlier ann/3.jpg "});
}

TEST_CASE("of two photos that differ the one that resembles somebody else is the wrong one", "[app]") {
    CHECK(told({photo("ann", "1.jpg", 0), photo("ann", "2.jpg", 3), photo("bo", "1.jpg", 3.2F), photo("bo", "2.jpg", 3.4F)}) ==
          Lines{"outlier ann/2.jpg bo/1.jpg"});
    CHECK(told({photo("ann", "1.jpg", 0), photo("ann", "2.jpg", 3)}) == Lines{"outlier ann/2.jpg ann/1.jpg"});
}

TEST_CASE("swapped photos are two outliers and no person under two ids", "[app]") {
    CHECK(told({photo("ann", "1.jpg", 0), photo("ann", "2.jpg", .2F), photo("ann", "3.jpg", 3), photo("bo", "1.jpg", 3.2F),
                photo("bo", "2.jpg", 3.4F), photo("bo", "3.jpg", .1F)}) ==
          Lines{"outlier ann/3.jpg bo/1.jpg", "outlier bo/3.jpg ann/1.jpg"});
}

TEST_CASE("a person under two ids is told once", "[app]") {
    CHECK(told({photo("ann", "1.jpg", 0), photo("ann", "2.jpg", .3F), photo("bo", "1.jpg", .1F), photo("bo", "2.jpg", .4F)}) ==
          Lines{"person_of_two bo ann"});
    // One photo each has to be nearer.
    CHECK(told({photo("ann", "1.jpg", 0), photo("bo", "1.jpg", .35F)}).empty());
    CHECK(told({photo("ann", "1.jpg", 0), photo("bo", "1.jpg", .29F)}) == Lines{"person_of_two bo ann"});
}

TEST_CASE("copies are told as such: under one id, under two, exact and not", "[app]") {
    auto const first = photo("ann", "1.jpg", 0);
    auto exact = first;
    exact.name = exact.path = "ann/2.jpg";
    auto near = first;
    near.name = near.path = "ann/3.jpg";
    near.facts.digest = {};
    near.facts.vector = {.05F, 0};
    CHECK(told({first, exact, near}) == Lines{"duplicate_photo ann/2.jpg ann/1.jpg", "near_duplicate ann/3.jpg ann/1.jpg"});
    // Mirrored: the hash of one is that of the other's mirror image.
    auto mirrored = photo("ann", "4.jpg", .1F);
    mirrored.facts.mirrored = first.facts.hash;
    mirrored.facts.hash = first.facts.mirrored;
    CHECK(told({first, mirrored}) == Lines{"near_duplicate ann/4.jpg ann/1.jpg"});
    // The same picture, but another face: the hash alone says nothing.
    auto other = near;
    other.facts.vector = {3, 0};
    CHECK(told({first, other}) == Lines{"outlier ann/3.jpg ann/1.jpg"});
}

TEST_CASE("a copy under another id is told on the side where it is a stranger", "[app]") {
    std::vector<DatasetPhoto> photos{photo("ann", "1.jpg", 0), photo("ann", "2.jpg", .2F), photo("ann", "3.jpg", .3F),
                                     photo("bo", "1.jpg", 3), photo("bo", "2.jpg", 3.2F)};
    auto copy = photos[3];
    copy.name = copy.path = "ann/9.jpg";
    copy.person_id = "ann";
    photos.insert(photos.begin() + 3, copy);
    CHECK(told(photos) == Lines{"photo_of_two ann/9.jpg bo/1.jpg"});
}

TEST_CASE("who is enrolled under another id is told, who is enrolled under this one is not", "[app]") {
    match::Gallery gallery{2, match::Metric::l2, 1};
    gallery.add("ann", std::vector<float>{0, 0});
    gallery.add("old-bo", std::vector<float>{3, 0});
    CHECK(told({photo("ann", "1.jpg", 0), photo("ann", "2.jpg", .2F), photo("bo", "1.jpg", 3.1F), photo("bo", "2.jpg", 3.3F)},
               &gallery) == Lines{"already_enrolled bo old-bo"});
}

TEST_CASE("ids with too few or far too many photos, and ids that are nearly the same, are told", "[app]") {
    std::vector<DatasetPhoto> photos;
    for (auto const* id : {"ann", "bo", "cy"}) {
        for (int i = 0; i < 2; ++i)
            photos.push_back(photo(id, fmt::format("{}.jpg", i), 0));
    }
    for (int i = 0; i < 25; ++i)
        photos.push_back(photo("dan", fmt::format("{}.jpg", i), 0));
    photos.push_back(photo("Ann", "1.jpg", 0));
    photos.push_back(photo("-x", "1.jpg", 0));
    photos.push_back(photo("-x", "2.jpg", 0));
    photos.back().facts.vector.clear();
    auto const options = plane_options();
    Findings findings{options.severities};
    judge_people(photos, options, findings);
    Lines lines;
    for (auto const& finding : findings.take())
        lines.push_back(fmt::format("{} {}", name_of(finding.rule), finding.person_id));
    CHECK(lines == Lines{"few_photos -x", "odd_id -x", "few_photos Ann", "odd_id ann", "imbalance dan"});
}

TEST_CASE("rules are set by name, and nothing else is taken", "[app]") {
    Severities severities;
    CHECK(severities.of(Rule::no_face) == Severity::error);
    severities.set("no_face=off");
    CHECK(severities.of(Rule::no_face) == Severity::off);
    severities.set("all=warn");
    CHECK(severities.of(Rule::no_face) == Severity::warn);
    for (auto const* text : {"", "no_face", "no_face=", "no_face=bad", "no_fase=warn", "=warn"}) {
        INFO(text);
        CHECK_THROWS_AS(severities.set(text), Error);
    }
    try {
        severities.set("no_fase=warn");
    } catch (Error const& error) {
        CHECK(error.message().find("did you mean 'no_face'?") != std::string::npos);
    }
}

TEST_CASE("a baseline accepts what it holds, as long as the bytes are the same", "[app]") {
    auto one = photo("ann", "1.jpg", 0);
    one.facts.faces = 2;
    auto const finding_of = [](DatasetPhoto const& judged) {
        auto const options = plane_options();
        Findings findings{options.severities};
        judge_photo(judged, options, findings);
        return findings.take();
    };
    auto findings = finding_of(one);
    auto const baseline = Baseline::parse(Baseline::of(findings) + "\n");
    CHECK(baseline.apply(findings) == 0);
    CHECK(findings.front().is_accepted);
    auto moved = one;
    moved.path = "/elsewhere/ann/1.jpg";
    findings = finding_of(moved);
    CHECK(baseline.apply(findings) == 0);
    one.facts.digest = {};
    findings = finding_of(one);
    CHECK(baseline.apply(findings) == 1);
    CHECK_FALSE(findings.front().is_accepted);
    CHECK_THROWS_AS(Baseline::parse("nonsense"), Error);
    CHECK_THROWS_AS(Baseline::parse("{\"fingerprint\":1}"), Error);
}

TEST_CASE("without thresholds only copies are told", "[app]") {
    auto contract = small_contract();
    contract.threshold_verify = contract.threshold_identify = contract.threshold_duplicate = std::nullopt;
    std::vector<DatasetPhoto> photos{photo("ann", "1.jpg", 0), photo("ann", "2.jpg", .2F), photo("ann", "3.jpg", 5),
                                     photo("bo", "1.jpg", .21F), photo("bo", "2.jpg", .4F)};
    match::Gallery gallery{2, match::Metric::l2, 1};
    gallery.add("old-bo", std::vector<float>{.3F, 0});
    CHECK(told(photos, &gallery, contract).empty());
    auto copy = photos[0];
    copy.name = copy.path = "bo/9.jpg";
    copy.person_id = "bo";
    photos.push_back(copy);
    CHECK(told(photos, &gallery, contract) == Lines{"photo_of_two bo/9.jpg ann/1.jpg"});
    // One of them is enough to judge by.
    contract.threshold_identify = .4F;
    CHECK(told({photo("ann", "1.jpg", 0), photo("ann", "2.jpg", .2F), photo("ann", "3.jpg", 5)}, nullptr, contract) ==
          Lines{"outlier ann/3.jpg "});
}

TEST_CASE("two files that are no images are no copies of each other", "[app]") {
    auto one = photo("ann", "1.jpg", 0);
    one.facts.trouble = "is empty";
    one.facts.format = image::Format::unknown;
    one.facts.faces = 0;
    one.facts.vector.clear();
    auto two = one;
    two.name = two.path = "bo/1.jpg";
    two.person_id = "bo";
    CHECK(told({one, two}).empty());
    // What is an image by its first bytes is one picture all the same.
    one.facts.format = two.facts.format = image::Format::jpeg;
    CHECK(told({one, two}) == Lines{"photo_of_two bo/1.jpg ann/1.jpg"});
}

TEST_CASE("errors that are accepted are not counted", "[app]") {
    auto bad = photo("ann", "1.jpg", 0);
    bad.facts.faces = 0;
    bad.facts.vector.clear();
    auto const options = plane_options();
    Findings findings{options.severities};
    judge_photo(bad, options, findings);
    CHECK(findings.errors() == 1);
    auto const baseline = Baseline::parse(Baseline::of(findings.take()));
    Findings accepted{options.severities, &baseline};
    judge_photo(bad, options, accepted);
    CHECK(accepted.errors() == 0);
    CHECK(accepted.take().front().is_accepted);
}

TEST_CASE("a hash of a face survives brightness and not another face", "[app]") {
    cv::Mat chip(150, 150, CV_8UC3), other(150, 150, CV_8UC3);
    cv::RNG random{1};
    cv::Mat coarse(12, 12, CV_8UC3), coarse_other(12, 12, CV_8UC3);
    random.fill(coarse, cv::RNG::UNIFORM, 60, 180);
    random.fill(coarse_other, cv::RNG::UNIFORM, 60, 180);
    cv::resize(coarse, chip, chip.size(), 0, 0, cv::INTER_CUBIC);
    cv::resize(coarse_other, other, other.size(), 0, 0, cv::INTER_CUBIC);
    CHECK(differing_bits(chip_hash(chip), chip_hash(chip)) == 0);
    CHECK(differing_bits(chip_hash(chip), chip_hash(chip + cv::Scalar::all(20))) < 20);
    CHECK(differing_bits(chip_hash(chip), chip_hash(other)) > 80);
}

TEST_CASE("on the map near vectors are near, and nothing is outside", "[app]") {
    std::vector<std::vector<float>> const vectors{{1, 0, 0}, {1, .1F, 0}, {0, 1, 0}, {0, 1, .1F}, {0, 0, 1}};
    std::vector<std::vector<float> const*> pointers;
    for (auto const& vector : vectors)
        pointers.push_back(&vector);
    auto const places = similarity_map(pointers);
    REQUIRE(places.size() == 5);
    auto const gap = [&](std::size_t a, std::size_t b) {
        return std::hypot(places[a][0] - places[b][0], places[a][1] - places[b][1]);
    };
    CHECK(gap(0, 1) < gap(0, 2));
    CHECK(gap(2, 3) < gap(2, 4));
    for (auto const& place : places) {
        CHECK((place[0] >= 0 && place[0] <= 1 && place[1] >= 0 && place[1] <= 1));
    }
    std::vector<std::vector<float> const*> const same{pointers[0], pointers[0]};
    CHECK(similarity_map(same)[1][0] == .5);
    CHECK(similarity_map({}).empty());
}
