// The 1:N search beside faiss::IndexFlatL2 (libfaiss-dev; left out without it), one core, on vectors of 128 numbers.
//
// Vectors: normal numbers, the d-th with a spread of exp(-d / 64), of unit length; probes: a vector with 30 % of such noise, so
// that somebody is near and all others are not. One template per person, the nearest 5 asked for.

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <numeric>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#if defined(BIOCTL_WITH_FAISS)
#include <faiss/IndexFlat.h>
#include <omp.h>
#endif

#include "lib/base/error.hpp"
#include "lib/match/gallery.hpp"

namespace {

using namespace bioctl;

constexpr std::string_view k_usage =
    "usage: search_bench [-h] [N [RUNS]]\n"
    "N templates (default 1000000), RUNS interleaved runs of each (default 9, at least 7).\n"
    "Prints, separated by tabs, one line for each kind of work:\n"
    "  work  ours_ms ours_min ours_max  peer_ms peer_min peer_max  limit_share\n"
    "Times are per probe: median, least, most. The peer is faiss::IndexFlatL2; - without it. limit_share: the bytes of the\n"
    "templates that the work reads, per time, as a share of what this core can read, measured in the same runs; - where the\n"
    "processor and not the memory is the limit. stderr says what was measured, and what differed from a search of every row.\n";

constexpr std::size_t k_dimensions = 128;
constexpr std::size_t k_top = 5;
constexpr std::size_t k_batch = 64;
constexpr std::size_t k_singles = 8;

using Vectors = std::vector<std::vector<float>>;

class Source {
public:
    std::vector<float> vector() {
        std::vector<float> v(k_dimensions);
        for (std::size_t d = 0; d < k_dimensions; ++d)
            v[d] = m_normal(m_random) * std::exp(static_cast<float>(d) * -1 / 64);
        auto const norm = std::sqrt(std::inner_product(v.begin(), v.end(), v.begin(), 0.0F));
        for (auto& x : v)
            x /= norm;
        return v;
    }
    std::vector<float> near(std::vector<float> const& vector) {
        constexpr float k_noise = .3F;
        auto noise = this->vector();
        for (std::size_t d = 0; d < k_dimensions; ++d)
            noise[d] = vector[d] + k_noise * noise[d];
        return noise;
    }

private:
    std::mt19937 m_random{7};
    std::normal_distribution<float> m_normal;
};

double ms_of(std::function<void()> const& work) {
    auto const began = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began).count();
}

struct Series {
    std::vector<double> ms;
    void add(double value) { ms.insert(std::upper_bound(ms.begin(), ms.end(), value), value); }
    [[nodiscard]] double median() const { return ms[ms.size() / 2]; }
    [[nodiscard]] std::string text() const {
        char line[64];
        std::snprintf(line, sizeof line, "%.4f\t%.4f\t%.4f", median(), ms.front(), ms.back());
        return line;
    }
};

/// Four numbers at once, whatever the processor makes of it.
using Words = std::uint64_t __attribute__((vector_size(32)));
struct alignas(64) Line {
    Words low = Words{} + 1, high = Words{} + 1;
};

/// Reads all of it once, from four places at a time, which is as fast as it goes.
[[gnu::target_clones("avx2", "default")]] std::uint64_t read_through(Line const* lines, std::size_t count) {
    constexpr std::size_t k_stride = 32;
    Words a{}, b{}, c{}, d{}, e{}, f{}, g{}, h{};
    for (std::size_t page = 0; page + 4 * k_stride <= count; page += 4 * k_stride) {
        for (auto const* line = lines + page; line < lines + page + k_stride; ++line) {
            a += line[0].low;
            b += line[0].high;
            c += line[k_stride].low;
            d += line[k_stride].high;
            e += line[2 * k_stride].low;
            f += line[2 * k_stride].high;
            g += line[3 * k_stride].low;
            h += line[3 * k_stride].high;
        }
    }
    a += b + c + d + e + f + g + h;
    return a[0] + a[1] + a[2] + a[3];
}

struct Work {
    std::string name;
    std::function<void()> ours, peer;  // peer may be empty
    double probes;
    double bytes_of_number;  // 0: not bound by memory
    Series our_ms{}, peer_ms{};
};

class Bench {
public:
    explicit Bench(std::size_t templates) : m_templates(templates), m_lines(templates * k_dimensions / sizeof(Line)) {
        Source source;
        std::vector<std::size_t> chosen(k_batch);
        for (std::size_t i = 0; i < k_batch; ++i)
            chosen[i] = i * templates / k_batch;
        std::size_t next = 0;
        for (std::size_t i = 0; i < templates; ++i) {
            auto const vector = source.vector();
            m_gallery.add(std::to_string(i), vector);
#if defined(BIOCTL_WITH_FAISS)
            m_peer.add(1, vector.data());
#endif
            for (; next < k_batch && chosen[next] == i; ++next)
                m_probes.push_back(source.near(vector));
        }
        for (auto const& probe : m_probes) {
            m_spans.emplace_back(probe);
            m_flat.insert(m_flat.end(), probe.begin(), probe.end());
        }
    }

    void run(int runs) {
        auto works = this->works();
        for (int i = -1; i < runs; ++i) {  // the first one warms up
            // As often as the single probes read the templates: what stays in a cache does so for both.
            auto const reading = ms_of([&] {
                                     for (std::size_t pass = 0; pass < k_singles; ++pass)
                                         m_sum = m_sum + read_through(m_lines.data(), m_lines.size());
                                 }) /
                                 k_singles;
            if (i >= 0) m_reading.add(reading);
            for (auto& work : works) {
                auto const ours = ms_of(work.ours) / work.probes;
                auto const peer = work.peer ? ms_of(work.peer) / work.probes : 0;
                if (i < 0) continue;
                work.our_ms.add(ours);
                if (work.peer) work.peer_ms.add(peer);
            }
        }
        auto const bytes = static_cast<double>(m_lines.size() * sizeof(Line));
        auto const bytes_per_ms = bytes / m_reading.median();
        std::fprintf(stderr, "%zu templates, %d runs; one core reads %.1f GB/s\n", m_templates, runs, bytes_per_ms / 1e6);
        for (auto const& work : works) {
            auto const read = static_cast<double>(m_templates * k_dimensions) * work.bytes_of_number;
            auto const share = read > 0 ? std::to_string(read / work.our_ms.median() / bytes_per_ms).substr(0, 4) : "-";
            std::printf("%s\t%s\t%s\t%s\n", work.name.c_str(), work.our_ms.text().c_str(),
                        work.peer ? work.peer_ms.text().c_str() : "-\t-\t-", share.c_str());
        }
    }

    /// Answers that are not those of comparing every row.
    [[nodiscard]] std::size_t wrong_answers() const {
        auto const truth = m_gallery.search(m_spans, k_top, match::SearchPath::every_row);
        auto const found = m_gallery.search(m_spans, k_top);
        std::size_t wrong = 0;
        for (std::size_t i = 0; i < truth.size(); ++i) {
            bool const is_same = std::equal(truth[i].begin(), truth[i].end(), found[i].begin(), found[i].end(),
                                            [](match::Candidate const& a, match::Candidate const& b) {
                                                return a.person == b.person && a.distance == b.distance;
                                            });
            wrong += is_same ? 0 : 1;
        }
        return wrong;
    }

private:
    std::vector<Work> works() {
        std::vector<Work> works;
        auto const prefix = std::to_string(m_templates) + " templates, ";
        for (auto const path : match::search_paths()) {
            auto const name = std::string{match::name_of(path)};
            auto const singly = [this, path] {
                for (std::size_t i = 0; i < k_singles; ++i)
                    m_found = m_gallery.search({&m_spans[i], 1}, k_top, path);
            };
            works.push_back({prefix + "1 probe, " + name, singly, peer(k_singles, 1), k_singles,
                             path == match::SearchPath::every_row ? 4.0 : 1.0});
        }
        auto const together = [this] { m_found = m_gallery.search(m_spans, k_top); };
        works.push_back({prefix + "64 probes together", together, peer(1, k_batch), k_batch, 0});
        return works;
    }

    std::function<void()> peer([[maybe_unused]] std::size_t calls, [[maybe_unused]] std::size_t probes) {
#if defined(BIOCTL_WITH_FAISS)
        return [this, calls, probes] {
            std::vector<float> distances(probes * k_top);
            std::vector<faiss::Index::idx_t> labels(probes * k_top);
            for (std::size_t i = 0; i < calls; ++i)
                m_peer.search(static_cast<faiss::Index::idx_t>(probes), m_flat.data() + i * k_dimensions, k_top, distances.data(),
                              labels.data());
        };
#else
        return {};
#endif
    }

    std::size_t m_templates;
    match::Gallery m_gallery{k_dimensions, match::Metric::unit, 1};
#if defined(BIOCTL_WITH_FAISS)
    faiss::IndexFlatL2 m_peer{k_dimensions};
#endif
    Vectors m_probes;
    std::vector<std::span<float const>> m_spans;
    std::vector<float> m_flat;
    std::vector<Line> m_lines;
    Series m_reading;
    std::uint64_t volatile m_sum = 0;
    std::vector<std::vector<match::Candidate>> m_found;
};

}  // namespace

int main(int argc, char** argv) {
    if (argc > 1 && std::string_view{argv[1]} == "-h") return std::fputs(k_usage.data(), stdout) < 0;
    auto const templates = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000;
    auto const runs = argc > 2 ? std::atoi(argv[2]) : 9;
    if (templates < k_batch || runs < 7 || argc > 3) {
        std::fputs(k_usage.data(), stderr);
        return 64;
    }
#if defined(BIOCTL_WITH_FAISS)
    omp_set_num_threads(1);
#endif
    try {
        Bench bench{templates};
        bench.run(runs);
        auto const wrong = bench.wrong_answers();
        std::fprintf(stderr, "%zu of %zu answers differ from comparing every row\n", wrong, k_batch);
        return wrong == 0 ? 0 : 1;
    } catch (Error const& error) {
        std::fprintf(stderr, "search_bench: %s\n", error.what());
        return 70;
    }
}
