// How soon a process that holds everybody's faces knows what another one has changed in the store.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "lib/app/recognize.hpp"
#include "tests/unit/app/people_support.hpp"

namespace {

using namespace bioctl;

constexpr std::string_view k_usage =
    "usage: refresh_bench [-h] [N [RUNS]]\n"
    "N people with one template of 128 numbers in a store below TMPDIR (default 1000000: 1 GB), RUNS changes of each kind by\n"
    "another connection (default 9, at least 7). Prints, separated by tabs, one line for each kind of change:\n"
    "  work  ours_ms ours_min ours_max  peer_ms peer_min peer_max  limit_share\n"
    "ours: app::follow() after the change. peer: reading everybody again, which was the way before; once, so - for its spread.\n"
    "The change itself, and its way to the disk, are not counted.\n";

constexpr std::size_t k_dimensions = 128;

double ms_of(std::function<void()> const& work) {
    auto const began = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began).count();
}

class Bench {
public:
    explicit Bench(std::size_t templates) : m_templates(templates) {
        m_people.models.embedder.dimensions = k_dimensions;
        m_people.store.write([&] {
            for (std::size_t i = 0; i < templates; ++i)
                add(m_people.store, fmt::format("employee-{:08}", i));
        });
    }

    void run(int runs) {
        m_load_ms = ms_of([&] { m_followed = app::follow(m_followed, m_people.workspace); });
        int n = 0;
        row("one person enrolled", runs, [&] { add(m_other, fmt::format("newcomer-{}", n++)); });
        row("one more photo of a person", runs, [&] { add(m_other, some(n++)); });
        row("one person renamed", runs, [&] { m_other.people().set_name(some(n++), "Siti", m_people.clock.now()); });
        row("one person removed", runs, [&] { m_other.people().remove(some(n++)); });
        row("64 people enrolled", runs, [&] {
            for (int i = 0; i < 64; ++i)
                add(m_other, fmt::format("newcomer-{}", n++));
        });
        row("nothing changed", runs, [] {});
    }

private:
    [[nodiscard]] std::string some(int n) const {
        return fmt::format("employee-{:08}", static_cast<std::size_t>(n) * 7919 % m_templates);
    }
    void add(store::Store& store, std::string const& id) {
        std::vector<float> vector(k_dimensions);
        for (auto& x : vector)
            x = m_normal(m_random);
        store.people().upsert(id, "", m_people.clock.now());
        store.templates().add(m_people.row(id, std::move(vector)));
    }
    void row(std::string_view work, int runs, std::function<void()> const& change) {
        std::vector<double> ms;
        for (int i = 0; i < runs; ++i) {
            m_other.write(change);
            ms.push_back(ms_of([&] { m_followed = app::follow(m_followed, m_people.workspace); }));
        }
        std::ranges::sort(ms);
        fmt::print("{} templates, {}\t{:.3f}\t{:.3f}\t{:.3f}\t{:.0f}\t-\t-\t-\n", m_templates, work, ms[ms.size() / 2],
                   ms.front(), ms.back(), m_load_ms);
        std::fflush(stdout);
    }

    std::size_t m_templates;
    std::mt19937 m_random{7};
    std::normal_distribution<float> m_normal;
    test::PeopleStore m_people;
    store::Store m_other = store::Store::open(m_people.store.file(), {});
    app::Followed<app::Faces> m_followed;
    double m_load_ms = 0;
};

}  // namespace

int main(int argc, char** argv) {
    if (argc > 1 && std::string_view{argv[1]} == "-h") return std::fputs(k_usage.data(), stdout) < 0;
    auto const templates = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000;
    auto const runs = argc > 2 ? std::atoi(argv[2]) : 9;
    if (templates == 0 || runs < 7 || argc > 3) {
        std::fputs(k_usage.data(), stderr);
        return 64;
    }
    try {
        Bench{templates}.run(runs);
        return 0;
    } catch (Error const& error) {
        std::fprintf(stderr, "refresh_bench: %s\n", error.what());
        return 70;
    }
}
