// The searching half of gallery.hpp.

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "lib/base/error.hpp"
#include "lib/match/block.hpp"
#include "lib/match/gallery.hpp"
#include "lib/match/kernel.hpp"
#include "lib/match/nearest.hpp"

namespace bioctl::match {

namespace {

constexpr std::size_t k_groups = Block::k_rows / k_group_rows;
/// The first rows set the first limit; as long as it is new, few rows go by on it.
constexpr std::size_t k_first_groups = 4;

/// The bytes of some probes, line by line.
struct Tile {
    std::size_t first;   // of the scans
    std::size_t kernel;  // ByteKernels::dots
    std::vector<std::int8_t> bytes;
    std::vector<std::int32_t> offsets;
};

}  // namespace

/// One probe on its way through the rows.
struct Gallery::Scan {
    std::size_t index;  // of the probe
    std::vector<float> point;
    ProbeBytes bytes;
    Nearest<IsBefore> nearest;
};

/// Several probes on their way.
class Gallery::Sweep {
public:
    Sweep(Gallery const& gallery, std::span<Scan> scans, ByteKernels const& kernels)
        : m_gallery(gallery),
          m_scans(scans),
          m_kernels(kernels),
          m_dots(k_groups * k_group_rows * ByteKernels::k_probes.front()) {
        for (std::size_t first = 0, kernel = 0; first < scans.size();) {
            auto const count = ByteKernels::k_probes[kernel];
            if (first + count > scans.size()) {
                ++kernel;
                continue;
            }
            m_tiles.push_back(tile_of(first, kernel));
            first += count;
        }
    }

    void run() {
        std::size_t met = k_first_groups;
        for (auto const& block : m_gallery.m_blocks) {
            for (std::size_t first = 0; first < block->groups();) {
                auto const count = std::min(met, block->groups() - first);
                for (auto const& tile : m_tiles)
                    meet(tile, *block, first, count);
                first += count;
                met = std::min(met + count, k_groups);
            }
            for (auto& scan : m_scans) {
                for (auto row = block->groups() * k_group_rows; row < block->rows(); ++row)
                    offer(scan, *block, row);
            }
        }
    }

private:
    [[nodiscard]] Tile tile_of(std::size_t first, std::size_t kernel) const {
        auto const count = ByteKernels::k_probes[kernel];
        auto const lines = lines_of(m_gallery.m_dimensions);
        Tile tile{.first = first,
                  .kernel = kernel,
                  .bytes = std::vector<std::int8_t>(lines * count * k_line_dimensions),
                  .offsets = {}};
        for (std::size_t p = 0; p < count; ++p) {
            auto const& probe = m_scans[first + p].bytes;
            tile.offsets.push_back(probe.offset());
            for (std::size_t i = 0; i < probe.bytes().size(); ++i)
                tile.bytes[(i / k_line_dimensions * count + p) * k_line_dimensions + i % k_line_dimensions] = probe.bytes()[i];
        }
        return tile;
    }

    void meet(Tile const& tile, Block const& block, std::size_t first, std::size_t count) {
        m_kernels.dots[tile.kernel](block.lines(first), count, lines_of(m_gallery.m_dimensions), tile.bytes.data(),
                                    tile.offsets.data(), m_dots.data());
        for (std::size_t p = 0; p < tile.offsets.size(); ++p) {
            auto& scan = m_scans[tile.first + p];
            scan.bytes.bound(block.bounds().subspan(first, count), scan.nearest.limit(), m_factors.data(), m_constants.data());
            m_kernels.keep(m_dots.data() + p * count * k_group_rows, count, m_factors.data(), m_constants.data(),
                           block.least(first), m_kept.data());
            for (std::size_t g = 0; g < count; ++g) {
                for (std::uint32_t bits = m_kept[g]; bits != 0; bits &= bits - 1)
                    offer(scan, block, (first + g) * k_group_rows + static_cast<std::size_t>(std::countr_zero(bits)));
            }
        }
    }

    void offer(Scan& scan, Block const& block, std::size_t row) const {
        auto const person = block.people()[row];
        if (person == k_nobody) return;
        auto const square = m_gallery.square_of(scan.point, block, row);
        scan.nearest.offer({person, m_gallery.distance_of(square)}, square);
    }

    Gallery const& m_gallery;
    std::span<Scan> m_scans;
    ByteKernels const& m_kernels;
    std::vector<Tile> m_tiles;
    std::vector<std::int32_t> m_dots;
    std::array<float, k_groups> m_factors, m_constants;
    std::array<std::uint16_t, k_groups> m_kept;
};

bool Gallery::IsBefore::operator()(Candidate const& a, Candidate const& b) const {
    if (a.distance != b.distance) return a.distance < b.distance;
    if (gallery->m_ties == Ties::by_addition) return a.person < b.person;
    return gallery->m_people[a.person] < gallery->m_people[b.person];
}

float Gallery::distance_of(float square) const {
    return m_metric == Metric::unit ? unit_distance(square, m_scale) : std::sqrt(square);
}

float Gallery::square_of(std::span<float const> point, Block const& block, std::size_t row) const {
    auto const square = squared_distance(point.data(), block.row(row), m_dimensions);
    return std::isnan(square) ? 2 : square;  // no direction: see unit_distance
}

/// bounds.hpp assumes that distances grow with squares, and do not underflow; and a long list, which is kept in order, costs more
/// than comparing with everybody.
bool Gallery::can_filter(std::size_t top) const {
    constexpr float k_least_scale = 0x1p-20F;
    constexpr float k_most_scale = 0x1p20F;
    bool const is_plain = m_metric == Metric::l2 || (m_scale >= k_least_scale && m_scale <= k_most_scale);
    return is_plain && m_dimensions <= k_most_dimensions && top < people() && top * top < templates();
}

std::vector<Candidate> Gallery::compare_all(std::span<float const> point, std::size_t top) const {
    constexpr float k_none = -1;
    std::vector<float> squares(m_people.size(), k_none);
    for (auto const& block : m_blocks) {
        auto const people = block->people();
        for (std::size_t row = 0; row < people.size(); ++row) {
            if (people[row] == k_nobody) continue;
            auto& nearest = squares[people[row]];
            auto const square = square_of(point, *block, row);
            if (nearest == k_none || square < nearest) nearest = square;
        }
    }
    std::vector<Candidate> candidates;
    candidates.reserve(people());
    for (std::size_t i = 0; i < squares.size(); ++i) {
        if (squares[i] != k_none) candidates.push_back({static_cast<PersonIndex>(i), distance_of(squares[i])});
    }
    auto const kept = std::min(top, candidates.size());
    std::partial_sort(candidates.begin(), candidates.begin() + static_cast<std::ptrdiff_t>(kept), candidates.end(),
                      IsBefore{this});
    candidates.resize(kept);
    return candidates;
}

std::vector<Candidate> Gallery::search(std::span<float const> probe, std::size_t top) const {
    return std::move(search(Probes{&probe, 1}, top).front());
}

std::vector<std::vector<Candidate>> Gallery::search(Probes probes, std::size_t top) const {
    static SearchPath const best = search_paths().back();
    return search(probes, top, best);
}

std::vector<std::vector<Candidate>> Gallery::search(Probes probes, std::size_t top, SearchPath path) const {
    std::vector<std::vector<Candidate>> found(probes.size());
    std::vector<Scan> scans;
    bool const filters = path != SearchPath::every_row && top > 0 && can_filter(top);
    for (std::size_t i = 0; i < probes.size(); ++i) {
        check("probe", probes[i]);
        std::vector<float> point(probes[i].begin(), probes[i].end());
        if (m_metric == Metric::unit) to_unit_length(probes[i], point);
        if (filters) {
            ProbeBytes bytes{point};
            if (bytes.is_usable()) {
                scans.push_back({i, std::move(point), std::move(bytes), {top, IsBefore{this}}});
                continue;
            }
        }
        if (top > 0) found[i] = compare_all(point, top);
    }
    if (scans.empty()) return found;
    auto const& kernels = byte_kernels(path);
    for (std::size_t first = 0; first < scans.size(); first += k_together)
        Sweep{*this, std::span{scans}.subspan(first, std::min(k_together, scans.size() - first)), kernels}.run();
    for (auto const& scan : scans)
        found[scan.index] = scan.nearest.candidates();
    return found;
}

}  // namespace bioctl::match
