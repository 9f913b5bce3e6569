// How well palms are told apart, beside the method of the old service.

#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>

#include "tests/bench/palm_bench.hpp"
#ifdef BIOCTL_WITH_ORB
#include "tests/bench/palm_orb.hpp"
#endif

namespace bioctl::bench {

namespace {

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

}  // namespace

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

}  // namespace bioctl::bench
