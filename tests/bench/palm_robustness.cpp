// What is no palm, and palms that were changed, stand before something else, or lack their thumb.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>

#include <fmt/format.h>
#include <opencv2/imgproc.hpp>

#include "lib/image/photo.hpp"
#include "lib/palm/hand.hpp"
#include "tests/bench/palm_bench.hpp"
#include "tests/bench/palm_scenes.hpp"

namespace bioctl::bench {

namespace {

std::vector<fs::path> pictures_below(fs::path const& folder) {
    std::vector<fs::path> paths;
    if (!fs::exists(folder)) return paths;
    for (auto const& entry : fs::recursive_directory_iterator(folder)) {
        if (image::has_image_extension(entry.path())) paths.push_back(entry.path());
    }
    std::sort(paths.begin(), paths.end());
    return paths;
}

/// BIOCTL_PALM_EVERY=N: only every N-th photo is tried in the long sections.
std::size_t every() {
    char const* const text = std::getenv("BIOCTL_PALM_EVERY");
    return text == nullptr ? 1 : std::max(1UL, std::strtoul(text, nullptr, 10));
}

/// One probe against a gallery of the first two shots of everybody.
struct Trial {
    std::size_t probes = 0, failures = 0, first = 0, genuine = 0, missed = 0, impostors = 0, matched = 0;

    void add(std::optional<palm::Capture> const& probe, int person, Bench const& bench) {
        ++probes;
        float nearest = 2;
        bool is_right = false;
        for (std::size_t j = 0; j < bench.photos.size(); ++j) {
            auto const& enrolled = bench.captures[j];
            if (bench.photos[j].shot > 1 || !enrolled) continue;
            bool const is_same = bench.photos[j].person == person;
            ++(is_same ? genuine : impostors);
            if (!probe) {
                if (is_same) ++missed;
                continue;
            }
            float const distance = palm::compare(probe->query, enrolled->enrolled);
            if (is_same && distance > palm::k_verify_threshold) ++missed;
            if (!is_same && distance <= palm::k_verify_threshold) ++matched;
            if (distance < nearest) {
                nearest = distance;
                is_right = is_same;
            }
        }
        if (!probe) ++failures;
        if (is_right) ++first;
    }
    void print(std::string const& name) const {
        auto const ratio = [](std::size_t a, std::size_t b) {
            return b > 0 ? 100.0 * static_cast<double>(a) / static_cast<double>(b) : 0;
        };
        std::printf("%-22s  %3zu of %3zu   %3zu of %3zu   %s   %.2f   %.3f\n", name.c_str(), failures, probes, first, probes,
                    percent(share(first, probes - failures)).c_str(), ratio(missed, genuine), ratio(matched, impostors));
    }
    static void print_header() {
        std::printf("%-22s  %s\n", "",
                    "not acquired  rank-1        rank-1 of the acquired %  FNMR %  FMR %  (at .376; not acquired = miss)");
    }
};

bool is_probe(std::vector<PalmPhoto> const& photos, std::size_t i) {
    return photos[i].shot >= 2 && (i + 1 == photos.size() || photos[i + 1].person != photos[i].person);
}

}  // namespace

void nonhands(Bench& bench) {
    std::map<std::string, std::vector<fs::path>> sets{{"LFW", pictures_below(bench.data / "lfw-view1")},
                                                      {"photos", pictures_below(bench.data / "photos")},
                                                      {"demo", pictures_below(BIOCTL_DEMO_PHOTOS)}};
    for (auto const& [name, paths] : sets) {
        for (int const factor : {1, 4}) {
            std::size_t accepted = 0;
            std::map<std::string, int> reasons;
            for (std::size_t i = 0; i < paths.size(); i += every()) {
                auto const& path = paths[i];
                auto picture = pixels_of(path);
                if (factor > 1 && picture.total() > 1'000'000) continue;
                if (factor > 1) cv::resize(picture, picture, {}, factor, factor, cv::INTER_CUBIC);
                auto const capture = palm::capture(picture, palm::Search::one_pose);
                if (capture) {
                    ++accepted;
                    std::printf("  accepted: %s\n", path.filename().c_str());
                } else {
                    ++reasons[std::string{palm::name_of(capture.error().reason)}];
                }
            }
            std::string list;
            std::size_t tried = accepted;
            for (auto const& [reason, count] : reasons) {
                list += fmt::format(" {} {}", reason, count);
                tried += static_cast<std::size_t>(count);
            }
            if (tried == 0) continue;
            std::printf("%-8s x%d: accepted %zu of %zu (%s %%);%s\n", name.c_str(), factor, accepted, tried,
                        percent(share(accepted, tried)).c_str(), list.c_str());
        }
    }
}

void changed(Bench& bench) {
    bench.capture_all();
    Trial::print_header();
    for (auto const& change : changes()) {
        Trial trial;
        for (std::size_t i = 0; i < bench.photos.size(); ++i) {
            if (is_probe(bench.photos, i))
                trial.add(captured(change.apply(pixels_of(bench.photos[i].path)), palm::Search::all_poses),
                          bench.photos[i].person, bench);
        }
        trial.print(change.name);
    }
}

void scenes(Bench& bench) {
    bench.capture_all();
    auto const faces = pictures_below(bench.data / "lfw-view1");
    Trial::print_header();
    Trial all;
    std::size_t false_hands = 0;
    std::size_t empty = 0;
    for (int kind = 0; kind < k_backgrounds; ++kind) {
        Trial trial;
        auto const background = static_cast<Background>(kind);
        for (std::size_t i = 0; i < bench.photos.size(); ++i) {
            auto const& own = bench.captures[i];
            if (bench.photos[i].shot < 2 || !own || (i + static_cast<std::size_t>(kind)) % every() != 0) continue;
            auto const seed = static_cast<unsigned>(i * 31 + static_cast<std::size_t>(kind));
            auto const photo =
                faces.empty() ? cv::Mat(250, 250, CV_8UC3, cv::Scalar::all(99)) : pixels_of(faces[seed * 13 % faces.size()]);
            auto const back = make_background(background, {1280, 960}, seed, photo);
            ++empty;
            if (captured(back, palm::Search::one_pose)) ++false_hands;
            auto const picture = composite(pixels_of(bench.photos[i].path), own->drawing.contour, back.clone(), seed);
            auto const probe = captured(picture, palm::Search::all_poses);
            trial.add(probe, bench.photos[i].person, bench);
            all.add(probe, bench.photos[i].person, bench);
        }
        trial.print(name_of(background));
    }
    all.print("all");
    std::printf("the backgrounds alone: accepted %zu of %zu (%s %%)\n", false_hands, empty,
                percent(share(false_hands, empty)).c_str());
}

void thumbless(Bench& bench) {
    bench.capture_all();
    Trial::print_header();
    Trial trial;
    std::size_t unknown = 0;
    for (std::size_t i = 0; i < bench.photos.size(); ++i) {
        if (!is_probe(bench.photos, i)) continue;
        auto const picture = pixels_of(bench.photos[i].path);
        auto const hand = palm::find_hand(picture);
        if (!hand || !hand->thumb_valley) continue;
        auto const cut = without_thumb(picture, hand->contour, *hand->thumb_valley, hand->valleys.index, hand->frame.y);
        auto const probe = captured(cut, palm::Search::all_poses);
        if (probe && probe->side == palm::Side::unknown) ++unknown;
        trial.add(probe, bench.photos[i].person, bench);
    }
    trial.print("thumb painted over");
    std::printf("of these, side unknown: %zu\n", unknown);
}

}  // namespace bioctl::bench
