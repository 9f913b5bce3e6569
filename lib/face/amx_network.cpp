#include "lib/face/amx_network.hpp"

#if defined(__x86_64__)

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "lib/base/error.hpp"
#include "lib/face/amx_convolution.hpp"

namespace bioctl::face {

namespace {

using namespace amx;

// Pictures that go through the layers together: more of them and what passes between layers no longer fits a cache, fewer and the
// weights are read more often.
constexpr std::size_t k_together = 8;

Grid grid_of(Shape const& shape) {
    return {static_cast<std::size_t>(shape.height), static_cast<std::size_t>(shape.width)};
}

std::size_t size_of(Shape const& shape) {
    return static_cast<std::size_t>(shape.channels) * static_cast<std::size_t>(shape.height) *
           static_cast<std::size_t>(shape.width);
}

/// Two convolutions whose result is added to what comes in, or to its halves.
struct Block {
    Convolution first, second;
    bool halves;
    Grid filled, grid;  ///< of the convolutions, and of the sum
};

struct Layers {
    std::optional<Stem> stem;
    std::vector<Block> blocks;
    std::vector<float> last;  ///< channels x results
    std::size_t pixels = 0, results = 0;
};

/// Takes a graph apart, node by node.
class Reader {
public:
    explicit Reader(Graph const& graph) : m_graph(graph) {}

    std::optional<Layers> read() {
        bool const is_known = m_graph.layout == Layout::planes && read_stem() && read_blocks() && read_end();
        if (!is_known) return std::nullopt;
        return std::move(m_layers);
    }

private:
    [[nodiscard]] Node const* node(std::size_t index) const {
        return index < m_graph.nodes.size() ? &m_graph.nodes[index] : nullptr;
    }
    [[nodiscard]] Shape const& before(Node const& node) const {
        return m_graph.nodes[static_cast<std::size_t>(node.inputs.front())].shape;
    }
    [[nodiscard]] static bool reads(Node const& node, std::size_t input) {
        return node.inputs.size() == 1 && node.inputs.front() == static_cast<int>(input);
    }

    bool read_stem() {
        auto const* const convolution = node(1);
        auto const* const maximum = node(2);
        if (maximum == nullptr || !reads(*convolution, 0) || !reads(*maximum, 1) ||
            !Stem::takes(*convolution, before(*convolution), *maximum))
            return false;
        m_layers.stem.emplace(*convolution, before(*convolution), *maximum);
        m_last = 2;
        return true;
    }

    bool read_blocks() {
        while (node(m_last + 1) != nullptr && node(m_last + 1)->op == Op::convolution) {
            if (!read_block()) return false;
        }
        return !m_layers.blocks.empty();
    }

    bool read_block() {
        auto const from = m_last;
        auto const* const first = node(from + 1);
        auto const* const second = node(from + 2);
        if (second == nullptr || !reads(*first, from) || !reads(*second, from + 1)) return false;
        bool const takes = Convolution::takes(*first, before(*first)) && first->activation == Activation::relu &&
                           Convolution::takes(*second, before(*second)) && second->activation == Activation::none &&
                           second->stride == 1;
        if (!takes) return false;
        bool const halves = first->stride == 2;
        auto const short_cut = halves ? from + 3 : from;
        if (halves && (node(short_cut) == nullptr || !is_half(*node(short_cut), from))) return false;
        m_last = from + (halves ? 4 : 3);
        auto const* const sum = node(m_last);
        bool const fits =
            sum != nullptr && second->shape.channels == sum->shape.channels && (halves || second->shape == before(*first));
        if (!fits || sum->op != Op::sum || sum->activation != Activation::relu ||
            sum->inputs != std::vector<int>{static_cast<int>(from + 2), static_cast<int>(short_cut)})
            return false;
        m_layers.blocks.push_back({Convolution{*first, before(*first)}, Convolution{*second, before(*second)}, halves,
                                   grid_of(second->shape), grid_of(sum->shape)});
        return true;
    }

    static bool is_half(Node const& node, std::size_t from) {
        return node.op == Op::average_pool && node.kernel == 2 && node.stride == 2 && reads(node, from);
    }

    bool read_end() {
        auto const* const average = node(m_last + 1);
        auto const* const end = node(m_last + 2);
        if (end == nullptr || m_graph.nodes.size() != m_last + 3) return false;
        auto const& in = node(m_last)->shape;
        bool const is_average = average->op == Op::average_pool && reads(*average, m_last) && average->shape.height == 1 &&
                                average->shape.width == 1 && average->kernel == in.height && average->kernel == in.width;
        if (!is_average || end->op != Op::fully_connected || !reads(*end, m_last + 1) || !end->bias.empty() ||
            end->activation != Activation::none)
            return false;
        m_layers.last = end->weights.values();
        m_layers.pixels = size_of(m_graph.input());
        m_layers.results = static_cast<std::size_t>(end->shape.channels);
        return true;
    }

    Graph const& m_graph;
    Layers m_layers;
    std::size_t m_last = 0;  ///< the node whose result the next one reads
};

/// Means of 2 x 2 to the first channels of a map, zeros elsewhere.
[[gnu::target("avx512f,prefer-vector-width=512")]] void halve(Map const& from, Map& to) {
    auto const channels = from.channels();
    std::fill_n(to.values(), to.rows() * to.channels(), 0.0F);
    for (std::size_t picture = 0; picture < to.pictures(); ++picture) {
        for (std::size_t y = 0; y < from.grid().height / 2; ++y) {
            for (std::size_t x = 0; x < from.grid().width / 2; ++x) {
                auto const* const upper = from.values() + from.row(picture, 2 * y, 2 * x) * channels;
                auto const* const lower = from.values() + from.row(picture, 2 * y + 1, 2 * x) * channels;
                auto* const mean = to.values() + to.row(picture, y, x) * to.channels();
                for (std::size_t c = 0; c < channels; ++c)
                    mean[c] = (upper[c] + upper[c + channels] + lower[c] + lower[c + channels]) / 4;
            }
        }
    }
}

/// The mean over a picture, and the last layer.
[[gnu::target("avx512f,prefer-vector-width=512")]] void finish(Map const& from, std::size_t picture,
                                                               std::vector<float> const& weights, std::vector<float>& mean,
                                                               std::span<float> result) {
    auto const channels = from.channels();
    auto const [height, width] = from.grid();
    mean.assign(channels, 0);
    for (std::size_t y = 0; y < height; ++y) {
        for (std::size_t x = 0; x < width; ++x) {
            auto const* const values = from.values() + from.row(picture, y, x) * channels;
            for (std::size_t c = 0; c < channels; ++c)
                mean[c] += values[c];
        }
    }
    auto const part = 1 / static_cast<float>(height * width);
    std::ranges::fill(result, 0.0F);
    for (std::size_t c = 0; c < channels; ++c) {
        auto const value = mean[c] * part;
        auto const* const row = weights.data() + c * result.size();
        for (std::size_t o = 0; o < result.size(); ++o)
            result[o] += value * row[o];
    }
}

class AmxExecutor final : public Executor {
public:
    explicit AmxExecutor(std::shared_ptr<Layers const> layers) : m_layers(std::move(layers)) {}

    std::span<float const> run(std::span<float const> input, int batch) override {
        auto const pictures = static_cast<std::size_t>(std::max(batch, 0));
        if (batch < 1 || input.size() != pictures * m_layers->pixels) throw Error{Kind::bug, "input of the wrong size"};
        m_result.resize(pictures * m_layers->results);
        Tiles const tiles;
        for (std::size_t first = 0; first < pictures; first += k_together) {
            auto const count = std::min(k_together, pictures - first);
            run_together(input.subspan(first * m_layers->pixels), count, std::span{m_result}.subspan(first * m_layers->results));
        }
        return m_result;
    }

private:
    void run_together(std::span<float const> input, std::size_t pictures, std::span<float> results) {
        auto const grid = m_layers->stem->result();
        m_here.reshape(pictures, grid, grid, k_columns, Map::Values::kept);
        for (std::size_t i = 0; i < pictures; ++i)
            m_layers->stem->run(input.data() + i * m_layers->pixels, m_here, i, m_scratch);
        for (auto const& block : m_layers->blocks)
            run_block(block);
        for (std::size_t i = 0; i < pictures; ++i)
            finish(m_here, i, m_layers->last, m_mean, results.subspan(i * m_layers->results, m_layers->results));
    }

    void run_block(Block const& block) {
        auto const pictures = m_here.pictures();
        m_between.reshape(pictures, block.grid, block.filled, block.first.channels(), Map::Values::none);
        block.first.run(m_here, m_between, Convolution::ShortCut::none, m_scratch);
        if (block.halves) {
            m_next.reshape(pictures, block.grid, block.filled, block.second.channels(), Map::Values::kept);
            halve(m_here, m_next);
            std::swap(m_here, m_next);
        }
        m_here.set_filled(block.filled);
        block.second.run(m_between, m_here, Convolution::ShortCut::values, m_scratch);
    }

    std::shared_ptr<Layers const> m_layers;
    Map m_here, m_between, m_next;
    Scratch m_scratch;
    std::vector<float> m_mean, m_result;
};

class AmxNetwork final : public Network {
public:
    explicit AmxNetwork(Layers layers) : m_layers(std::make_shared<Layers const>(std::move(layers))) {}
    [[nodiscard]] std::unique_ptr<Executor> executor() override { return std::make_unique<AmxExecutor>(m_layers); }
    void prepare(int /*batch*/) override {}

private:
    std::shared_ptr<Layers const> m_layers;
};

}  // namespace

std::shared_ptr<Network> make_amx_network(Graph const& graph) {
    if (!amx::is_ready()) return nullptr;
    auto layers = Reader{graph}.read();
    if (!layers) return nullptr;
    return std::make_shared<AmxNetwork>(std::move(*layers));
}

}  // namespace bioctl::face

#else

namespace bioctl::face {

std::shared_ptr<Network> make_amx_network(Graph const&) {
    return nullptr;
}

}  // namespace bioctl::face

#endif
