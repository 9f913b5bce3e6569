// How long palms take. Processor time of one thread, so that other work on the machine counts less.

#include <algorithm>
#include <bit>
#include <cstdio>
#include <ctime>
#include <random>

#include <fmt/format.h>

#include "lib/base/file.hpp"
#include "lib/image/photo.hpp"
#include "tests/bench/palm_bench.hpp"
#include "tests/bench/palm_scenes.hpp"

namespace bioctl::bench {

namespace {

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
        if (enrolled.has_value() != probe.has_value())
            throw Error{Kind::bug, "one pose finds a hand where all poses do not, or the other way round"};
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
        if (distances != first)
            throw Error{Kind::bug, fmt::format("{} gives other distances than the path before it", name_of(path))};
        std::printf("one pair, %-8s      %s\n", std::string{name_of(path)}.c_str(), times.text("us", 1000).c_str());
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

}  // namespace

void speed(Bench& bench) {
    bench.capture_all();
    speed_of_capture(bench);
    speed_of_match(bench);
}

}  // namespace bioctl::bench
