// Palms, measured: acquisition, accuracy, robustness, other backgrounds, speed. What the figures say is kept in palm.md.
//
//   palm_bench [DATA_DIR [SECTION...]]      DATA_DIR holds palm-coep/ and lfw-view1/; SECTION: accuracy orb nonhands changes
//                                           scenes thumbless speed; all of them if none is named
//
// Times are processor time of one thread (OpenCV's own threads are off), so that other work on the machine counts less.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <map>
#include <random>
#include <string>

#include <fmt/format.h>
#include <opencv2/core/utility.hpp>
#include <opencv2/imgproc.hpp>

#include "lib/base/file.hpp"
#include "lib/image/photo.hpp"
#include "lib/palm/engine.hpp"
#include "lib/palm/hand.hpp"
#include "tests/bench/metrics.hpp"
#include "tests/bench/palm_scenes.hpp"
#include "tests/bench/palm_set.hpp"
#ifdef BIOCTL_WITH_ORB
#include "tests/bench/palm_orb.hpp"
#endif

namespace {

using namespace bioctl;
using namespace bioctl::bench;
using Captures = std::vector<std::optional<palm::Capture>>;

double cpu_ms() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

/// Median, fastest and slowest of some durations.
struct Times {
    std::vector<double> ms;
    [[nodiscard]] std::string text(char const* unit, double factor = 1) {
        std::sort(ms.begin(), ms.end());
        return fmt::format("median {:.2f} {} ({:.2f} .. {:.2f}, {} runs)", ms[ms.size() / 2] * factor, unit, ms.front() * factor,
                           ms.back() * factor, ms.size());
    }
};

cv::Mat pixels_of(fs::path const& path) {
    auto photo = image::decode(read_file(path, 50'000'000).or_throw(), {});
    if (!photo) throw photo.error().as_error(path.string());
    return photo->pixels;
}

std::string percent(Interval const& i) {
    return fmt::format("{:7.3f} [{:.2f}, {:.2f}]", 100 * i.value, 100 * i.low, 100 * i.high);
}
std::string percent(Share const& s) {
    return fmt::format("{:.2f} [{:.2f}, {:.2f}]", 100 * s.value, std::max(0.0, 100 * s.low), 100 * s.high);
}

std::optional<palm::Capture> captured(cv::Mat const& picture, palm::Search search) {
    auto capture = palm::capture(picture, search);
    if (!capture) return std::nullopt;
    return std::move(*capture);
}

/// Everything the sections share: the set, captured once as it is.
struct Bench {
    fs::path data;
    std::vector<PalmPhoto> photos;
    Captures captures;

    void capture_all() {
        if (!captures.empty()) return;
        for (auto const& photo : photos)
            captures.push_back(captured(pixels_of(photo.path), palm::Search::all_poses));
    }
};

void print_row(char const* name, PalmFigures const& f) {
    std::printf("%-34s  %-24s  %-24s  %-24s  %zu/%zu/%zu, %.3f\n", name, percent(f.equal_error).c_str(),
                percent(f.tar_at_1e3).c_str(), percent(f.rank_1).c_str(), f.genuine, f.impostors, f.probes, f.threshold_at_1e3);
}

Distances distances_of(Captures const& captures, bool with_poses) {
    Distances all(captures.size(), std::vector<std::optional<float>>(captures.size()));
    for (std::size_t i = 0; i < captures.size(); ++i) {
        if (!captures[i]) continue;
        auto const query = with_poses ? captures[i]->query : palm::query_for(captures[i]->enrolled);
        for (std::size_t j = 0; j < captures.size(); ++j) {
            if (captures[j]) all[i][j] = palm::compare(query, captures[j]->enrolled);
        }
    }
    return all;
}

void print_header() {
    std::printf("%-34s  %-24s  %-24s  %-24s  %s\n", "", "EER %", "TAR at FMR 1e-3 %", "rank-1, 1 template %",
                "genuine/impostor/probes, threshold at 1e-3");
}

/// Palms that the set lists under two names: is each photo of one found by those of the other, as at enrolment?
void duplicates(Bench const& bench, Distances const& distances) {
    std::size_t photos = 0;
    std::size_t found = 0;
    for (std::size_t i = 0; i < bench.photos.size(); ++i) {
        float nearest = 2;
        for (std::size_t j = 0; j < bench.photos.size(); ++j) {
            bool const is_other_name = bench.photos[i].path.parent_path() != bench.photos[j].path.parent_path();
            if (bench.photos[i].person == bench.photos[j].person && is_other_name)
                nearest = std::min(nearest, distances[i][j].value_or(1));
        }
        if (nearest > 1) continue;
        ++photos;
        if (nearest <= palm::k_duplicate_threshold) ++found;
    }
    std::printf("photos of palms listed under two names: %zu, found under the other one at %.3f: %zu\n", photos,
                static_cast<double>(palm::k_duplicate_threshold), found);
}

void accuracy(Bench& bench) {
    bench.capture_all();
    auto const missed = std::count(bench.captures.begin(), bench.captures.end(), std::nullopt);
    std::printf("failure to acquire: %td of %zu photos (%s %%)\n", missed, bench.photos.size(),
                percent(share(static_cast<std::size_t>(missed), bench.photos.size())).c_str());
    for (std::size_t i = 0; i < bench.photos.size(); ++i) {
        if (bench.captures[i]) continue;
        auto const refusal = palm::capture(pixels_of(bench.photos[i].path), palm::Search::one_pose);
        std::printf("  person %s: %s\n", bench.photos[i].path.parent_path().filename().c_str(),
                    std::string{palm::name_of(refusal.error().reason)}.c_str());
    }
    auto const right = std::count_if(bench.captures.begin(), bench.captures.end(),
                                     [](auto const& c) { return c && c->side == palm::Side::right; });
    std::printf("said to be right hands, as all are: %td of %td\n", right, std::ssize(bench.photos) - missed);
    print_header();
    auto const one = distances_of(bench.captures, false);
    print_row("one pose", palm_figures(bench.photos, one, Failures::left_out));
    print_row("one pose, failures as misses", palm_figures(bench.photos, one, Failures::misses));
    auto const nine = distances_of(bench.captures, true);
    print_row("nine poses", palm_figures(bench.photos, nine, Failures::left_out));
    print_row("nine poses, failures as misses", palm_figures(bench.photos, nine, Failures::misses));
    duplicates(bench, nine);

    std::size_t genuine = 0;
    std::size_t impostors = 0;
    std::map<float, std::pair<std::size_t, std::size_t>> at{{palm::k_identify_threshold, {}}, {palm::k_verify_threshold, {}}};
    for (std::size_t i = 0; i < nine.size(); ++i) {
        for (std::size_t j = 0; j < nine.size(); ++j) {
            if (i == j || !nine[i][j]) continue;
            bool const is_same = bench.photos[i].person == bench.photos[j].person;
            ++(is_same ? genuine : impostors);
            for (auto& [threshold, counts] : at) {
                if (*nine[i][j] <= threshold) ++(is_same ? counts.first : counts.second);
            }
        }
    }
    for (auto const& [threshold, counts] : at)
        std::printf("at %.3f, nine poses, each pair both ways: misses %s %%, false matches %s %%\n",
                    static_cast<double>(threshold), percent(share(genuine - counts.first, genuine)).c_str(),
                    percent(share(counts.second, impostors)).c_str());
}

#ifdef BIOCTL_WITH_ORB
/// Impostors are the first shot of one person and the last of another: all pairs would take a quarter of an hour.
void orb(Bench& bench) {
    auto const& photos = bench.photos;
    std::vector<std::shared_ptr<KeyPoints const>> points;
    for (auto const& photo : photos)
        points.push_back(key_points(pixels_of(photo.path)));
    Distances all(photos.size(), std::vector<std::optional<float>>(photos.size()));
    std::size_t genuine = 0;
    std::size_t accepted = 0;
    for (std::size_t i = 0; i < photos.size(); ++i) {
        all[i][i] = 0;
        bool const is_last = i + 1 == photos.size() || photos[i + 1].person != photos[i].person;
        for (std::size_t j = 0; j < photos.size(); ++j) {
            bool const is_same = photos[i].person == photos[j].person;
            if (i == j || !(is_same || (is_last && photos[j].shot == 0))) continue;
            all[i][j] = bench::distance(*points[i], *points[j]);
            all[j][i] = all[j][i] ? all[j][i] : all[i][j];
            if (!is_same) continue;
            ++genuine;
            if (*all[i][j] <= .85F) ++accepted;
        }
    }
    print_header();
    print_row("ORB of the old service", palm_figures(photos, all, Failures::left_out));
    std::printf("at its own limit .15: misses %s %%\n", percent(share(genuine - accepted, genuine)).c_str());
}
#else
void orb(Bench&) {
    std::puts("skipped: install libopencv-features2d-dev and run cmake again");
}
#endif

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

void speed_of_capture(Bench const& bench) {
    Times decode;
    Times one;
    Times nine;
    for (std::size_t i = 0; i < bench.photos.size(); i += 8) {
        auto const file = read_file(bench.photos[i].path, 50'000'000).or_throw();
        double start = cpu_ms();
        auto const photo = image::decode(file, {});
        decode.ms.push_back(cpu_ms() - start);
        start = cpu_ms();
        auto const enrolled = palm::capture(photo->pixels, palm::Search::one_pose);
        one.ms.push_back(cpu_ms() - start);
        start = cpu_ms();
        auto const probe = palm::capture(photo->pixels, palm::Search::all_poses);
        nine.ms.push_back(cpu_ms() - start);
        if (enrolled.has_value() != probe.has_value()) throw Error{Kind::bug, "two answers"};
    }
    Times nothing;
    for (unsigned seed = 0; seed < 10; ++seed) {
        auto const clutter = make_background(Background::clutter, {1600, 1200}, seed, {});
        double const start = cpu_ms();
        if (!palm::capture(clutter, palm::Search::all_poses)) nothing.ms.push_back(cpu_ms() - start);
    }
    std::printf("decode 1600x1200 JPEG   %s\n", decode.text("ms").c_str());
    std::printf("pixels to template      %s\n", one.text("ms").c_str());
    std::printf("  with all poses        %s\n", nine.text("ms").c_str());
    std::printf("  clutter without hand  %s\n", nothing.text("ms").c_str());
}

/// Codes of strangers: those of the set, their cells moved about by chance, so that they keep their statistics.
std::vector<match::Code> strangers(Captures const& captures, std::size_t count) {
    std::mt19937 random{3};
    std::vector<match::Code> known;
    for (auto const& capture : captures) {
        if (capture) known.push_back(capture->enrolled.codes.front());
    }
    std::vector<match::Code> codes;
    while (codes.size() < count) {
        auto const& top = known[random() % known.size()];
        auto const& bottom = known[random() % known.size()];
        auto code = top;
        auto const turn = 7 + random() % 18;
        for (std::size_t plane = 0; plane < match::k_code_planes; ++plane) {
            for (std::size_t row = 0; row < match::k_code_side; ++row) {
                auto const& from = row < 16 ? top : bottom;
                code.planes[plane][row] =
                    std::rotl(from.planes[plane][(row + turn) % match::k_code_side], static_cast<int>(turn));
            }
        }
        codes.push_back(code);
    }
    return codes;
}

void speed_of_match(Bench const& bench) {
    auto const codes = strangers(bench.captures, 10'000);
    std::vector<float> first;
    for (auto const path : match::code_paths()) {
        Times times;
        match::CodeProbe const probe{codes.front()};
        std::vector<float> distances(codes.size());
        for (int run = 0; run < 5; ++run) {
            double const start = cpu_ms();
            for (std::size_t i = 0; i < codes.size(); ++i)
                distances[i] = match::distance(probe, codes[i], path);
            times.ms.push_back((cpu_ms() - start) / static_cast<double>(codes.size()));
        }
        if (first.empty()) first = distances;
        std::printf("one pair, %-8s      %s; %s\n", std::string{name_of(path)}.c_str(), times.text("us", 1000).c_str(),
                    distances == first ? "same distances" : "OTHER DISTANCES");
    }
    match::CodeGallery gallery;
    for (std::size_t i = 0; i < codes.size() - bench.photos.size(); ++i)
        gallery.add(fmt::format("s{}", i), codes[i]);
    std::size_t enrolled = 0;
    for (std::size_t i = 0; i < bench.photos.size(); ++i) {
        if (bench.captures[i] && bench.photos[i].shot < 2) {
            gallery.add(fmt::format("p{}", bench.photos[i].person), bench.captures[i]->enrolled.codes.front());
            ++enrolled;
        }
    }
    Times times;
    std::size_t probes = 0;
    std::size_t right = 0;
    std::size_t as_full = 0;
    for (std::size_t i = 0; i < bench.photos.size(); ++i) {
        if (!bench.captures[i] || bench.photos[i].shot < 2) continue;
        double const start = cpu_ms();
        auto const found = gallery.search(bench.captures[i]->query, 1);
        times.ms.push_back(cpu_ms() - start);
        ++probes;
        if (gallery.person_id(found.front().person) == fmt::format("p{}", bench.photos[i].person)) ++right;
        float nearest = 1;
        for (std::size_t j = 0; j < bench.photos.size(); ++j) {
            if (bench.captures[j] && bench.photos[j].shot < 2)
                nearest = std::min(nearest, palm::compare(bench.captures[i]->query, bench.captures[j]->enrolled));
        }
        if (found.front().distance == nearest) ++as_full;
    }
    std::printf("1:%zu with all poses  %s\n", gallery.codes(), times.text("ms").c_str());
    std::printf("  right person first: %zu of %zu; at the distance of the full search: %zu (%zu codes of the set among them)\n",
                right, probes, as_full, enrolled);
}

void speed(Bench& bench) {
    bench.capture_all();
    speed_of_capture(bench);
    speed_of_match(bench);
}

int run(fs::path const& data, std::vector<std::string> const& wanted) {
    if (!fs::exists(data / "palm-coep")) {
        std::puts("skipped: no data");
        return 0;
    }
    cv::setNumThreads(1);
    Bench bench{data, read_palms(data / "palm-coep"), {}};
    std::vector<std::pair<char const*, void (*)(Bench&)>> const sections{
        {"accuracy", accuracy},   {"orb", orb},     {"changes", changed},  {"scenes", scenes},
        {"thumbless", thumbless}, {"speed", speed}, {"nonhands", nonhands}};
    for (auto const& [name, section] : sections) {
        if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), name) == wanted.end()) continue;
        std::printf("== %s ==\n", name);
        section(bench);
        std::puts("");
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    try {
        char const* const environment = std::getenv("BIOCTL_TEST_DATA");
        fs::path const data = argc > 1 ? argv[1] : environment != nullptr ? environment : BIOCTL_SOURCE_DIR "/../shared/data";
        return run(data, {argv + std::min(argc, 2), argv + argc});
    } catch (std::exception const& error) {
        std::fprintf(stderr, "palm_bench: %s\n", error.what());
        return 1;
    }
}
