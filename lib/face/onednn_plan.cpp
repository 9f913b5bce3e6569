#include "lib/face/onednn_plan.hpp"

#include <algorithm>
#include <optional>

#include "lib/base/error.hpp"

namespace bioctl::face::onednn {

namespace {

using dnnl::memory;
using Dims = memory::dims;
using Tag = memory::format_tag;
using Type = memory::data_type;

constexpr float k_leak = 0.1F;

memory::desc any(Dims const& dims) {
    return {dims, Type::f32, Tag::any};
}

/// Post-operations and a scratchpad that the caller provides, so that one primitive may run in several threads at once.
dnnl::primitive_attr attributes(dnnl::post_ops const& after) {
    dnnl::primitive_attr result;
    result.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    result.set_post_ops(after);
    return result;
}

void append(dnnl::post_ops& after, Activation activation) {
    if (activation == Activation::none) return;
    after.append_eltwise(1, dnnl::algorithm::eltwise_relu, activation == Activation::relu ? 0 : k_leak, 0);
}

class Planner {
public:
    Planner(Graph const& graph, PackedWeights& weights, dnnl::engine const& engine, int batch)
        : m_graph(graph),
          m_weights(weights),
          m_engine(engine),
          m_batch(batch),
          m_views(graph.nodes.size()),
          m_consumers(graph.nodes.size()) {
        for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
            for (int const input : graph.nodes[i].inputs)
                m_consumers[static_cast<std::size_t>(input)].push_back(i);
        }
    }

    Plan build() {
        auto const tag = m_graph.layout == Layout::planes ? Tag::nchw : Tag::nhwc;
        m_plan.input = m_views[0] = fresh({dims_of(m_graph.input()), Type::f32, tag});
        m_lives.back().bytes = 0;  // the caller's
        for (std::size_t i = 1; i < m_graph.nodes.size(); ++i)
            step_of(i);
        m_plan.output = as(m_views.back(), {dims_of(m_graph.output()), Type::f32, Tag::nchw});
        m_step = m_plan.steps.size();
        touch(m_plan.output);
        lay_out(m_plan, m_lives);
        return std::move(m_plan);
    }

private:
    [[nodiscard]] Dims dims_of(Shape const& shape) const { return {m_batch, shape.channels, shape.height, shape.width}; }
    [[nodiscard]] Node const& node(int index) const { return m_graph.nodes[static_cast<std::size_t>(index)]; }

    std::size_t fresh(memory::desc const& desc) {
        m_lives.push_back({.bytes = desc.get_size()});
        return view(m_lives.size() - 1, desc);
    }
    std::size_t view(std::size_t buffer, memory::desc const& desc) {
        m_plan.views.push_back({buffer, desc});
        return m_plan.views.size() - 1;
    }
    [[nodiscard]] memory::desc const& desc(std::size_t view) const { return m_plan.views[view].desc; }

    void touch(std::size_t view) {
        auto& life = m_lives[m_plan.views[view].buffer];
        life.first = std::min(life.first, m_step);
        life.last = std::max(life.last, m_step);
    }

    void add(Step step) {
        m_step = m_plan.steps.size();
        for (auto const& [argument, view] : step.views)
            touch(view);
        if (step.what == Step::What::zeros) touch(step.zeroed);
        m_plan.steps.push_back(std::move(step));
    }

    template <class PrimitiveDesc>
    void add(dnnl::primitive primitive, PrimitiveDesc const& made_of, std::vector<std::pair<int, std::size_t>> views,
             std::vector<std::pair<int, memory>> constants = {}) {
        if (auto const scratch = made_of.scratchpad_desc(); scratch.get_size() > 0)
            views.emplace_back(DNNL_ARG_SCRATCHPAD, fresh(scratch));
        add({.what = Step::What::primitive,
             .primitive = std::move(primitive),
             .views = std::move(views),
             .constants = std::move(constants),
             .zeroed = 0});
    }

    void reorder(std::size_t from, std::size_t to, dnnl::post_ops const& after = {}) {
        dnnl::reorder::primitive_desc const made{m_engine, desc(from), m_engine, desc(to), attributes(after)};
        add(dnnl::reorder{made}, made, {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}});
    }

    /// The same values in the layout that a primitive wants.
    std::size_t as(std::size_t from, memory::desc const& wanted) {
        if (desc(from) == wanted) return from;
        auto const to = fresh(wanted);
        reorder(from, to);
        return to;
    }

    void step_of(std::size_t index) {
        auto const& node = m_graph.nodes[index];
        switch (node.op) {
            case Op::input: break;
            case Op::convolution:
            case Op::depthwise:
                if (!is_part_of_sum(index)) m_views[index] = convolution(index, node.activation, std::nullopt);
                return;
            case Op::max_pool:
            case Op::average_pool: m_views[index] = pool(node); return;
            case Op::sum: m_views[index] = sum(index); return;
            case Op::fully_connected: m_views[index] = fully_connected(index); return;
        }
        throw Error{Kind::bug, "a network has a second input"};
    }

    /// The convolution that runs where its only reader, this sum, does, and adds to what is there.
    [[nodiscard]] std::optional<std::size_t> part_of(Node const& sum) const {
        std::optional<std::size_t> part;
        for (int const input : sum.inputs) {
            auto const& node = this->node(input);
            auto const index = static_cast<std::size_t>(input);
            bool const convolves = node.op == Op::convolution || node.op == Op::depthwise;
            if (convolves && node.activation == Activation::none && m_consumers[index].size() == 1)
                part = std::max(part, std::optional{index});
        }
        return part;
    }

    [[nodiscard]] bool is_part_of_sum(std::size_t index) const {
        auto const& readers = m_consumers[index];
        if (readers.size() != 1 || m_graph.nodes[readers.front()].op != Op::sum) return false;
        return part_of(m_graph.nodes[readers.front()]) == index;
    }

    /// oneDNN chooses channels last; in larger batches its kernels for blocks of 16 channels are 5 % faster on our layers.
    [[nodiscard]] memory::desc layer(Shape const& shape) const {
        constexpr memory::dim k_large_batch = 4;
        bool const is_blocked = m_batch >= k_large_batch && shape.channels % 16 == 0;
        return {dims_of(shape), Type::f32, is_blocked ? Tag::nChw16c : Tag::any};
    }

    dnnl::convolution_forward::primitive_desc described(Node const& node, dnnl::post_ops const& after) const {
        bool const depthwise = node.op == Op::depthwise;
        auto const& in = this->node(node.inputs.front()).shape;
        auto const k = static_cast<memory::dim>(node.kernel);
        Dims const weights = depthwise ? Dims{in.channels, 1, 1, k, k} : Dims{node.shape.channels, in.channels, k, k};
        Dims const strides{node.stride, node.stride};
        Dims const before{node.padding.top, node.padding.left};
        Dims const behind{node.padding.bottom, node.padding.right};
        auto constexpr kind = dnnl::prop_kind::forward_inference;
        auto constexpr how = dnnl::algorithm::convolution_direct;
        auto const from = layer(in);
        auto const to = layer(node.shape);
        auto const wanted = node.bias.empty()
                                ? dnnl::convolution_forward::desc{kind, how, from, any(weights), to, strides, before, behind}
                                : dnnl::convolution_forward::desc{kind, how,     from,   any(weights), any({node.shape.channels}),
                                                                  to,   strides, before, behind};
        return {wanted, attributes(after), m_engine};
    }

    /// As face-api's files hold them: kernel x kernel x in x out, or kernel x kernel x channels.
    [[nodiscard]] memory::desc stored_weights(Node const& node) const {
        auto const in = static_cast<memory::dim>(this->node(node.inputs.front()).shape.channels);
        auto const out = static_cast<memory::dim>(node.shape.channels);
        auto const k = static_cast<memory::dim>(node.kernel);
        if (node.op == Op::depthwise) return {{in, 1, 1, k, k}, Type::f32, Dims{1, in, in, k * in, in}};
        return {{out, in, k, k}, Type::f32, Dims{1, out, k * in * out, in * out}};
    }

    std::vector<std::pair<int, memory>> constants_of(std::size_t index, memory::desc const& stored, memory::desc const& wanted) {
        std::vector<std::pair<int, memory>> constants;
        constants.reserve(2);
        constants.emplace_back(DNNL_ARG_WEIGHTS, m_weights.packed(index, stored, wanted));
        if (!m_graph.nodes[index].bias.empty()) constants.emplace_back(DNNL_ARG_BIAS, m_weights.bias(index));
        return constants;
    }

    /// Into a new view, or added to `target`, which may be moved to another layout first: the view that holds the result.
    std::size_t convolution(std::size_t index, Activation activation, std::optional<std::size_t> target) {
        auto const& node = m_graph.nodes[index];
        dnnl::post_ops after;
        if (target) after.append_sum(1);
        append(after, activation);
        auto const made = described(node, after);
        auto const from = as(m_views[static_cast<std::size_t>(node.inputs.front())], made.src_desc());
        auto const to = target ? as(*target, made.dst_desc()) : fresh(made.dst_desc());
        auto constants = constants_of(index, stored_weights(node), made.weights_desc());
        add(dnnl::convolution_forward{made}, made, {{DNNL_ARG_SRC, from}, {DNNL_ARG_DST, to}}, std::move(constants));
        return to;
    }

    std::size_t pool(Node const& node) {
        auto const from = m_views[static_cast<std::size_t>(node.inputs.front())];
        auto const how = node.op == Op::max_pool ? dnnl::algorithm::pooling_max : dnnl::algorithm::pooling_avg_exclude_padding;
        dnnl::pooling_forward::desc const wanted{dnnl::prop_kind::forward_inference,
                                                 how,
                                                 desc(from),
                                                 any(dims_of(node.shape)),
                                                 Dims{node.stride, node.stride},
                                                 Dims{node.kernel, node.kernel},
                                                 Dims{node.padding.top, node.padding.left},
                                                 Dims{node.padding.bottom, node.padding.right}};
        dnnl::pooling_forward::primitive_desc const made{wanted, attributes({}), m_engine};
        auto const to = fresh(made.dst_desc());
        add(dnnl::pooling_forward{made}, made, {{DNNL_ARG_SRC, from}, {DNNL_ARG_DST, to}});
        return to;
    }

    std::size_t fully_connected(std::size_t index) {
        auto const& node = m_graph.nodes[index];
        auto const& in = this->node(node.inputs.front()).shape;
        auto const out = static_cast<memory::dim>(node.shape.channels);
        memory::dim const area = in.height * in.width;
        Dims const weights{out, in.channels, in.height, in.width};
        auto constexpr kind = dnnl::prop_kind::forward_inference;
        auto const from_desc = any(dims_of(in));
        memory::desc const to_desc{{m_batch, out}, Type::f32, Tag::any};
        auto const wanted = node.bias.empty()
                                ? dnnl::inner_product_forward::desc{kind, from_desc, any(weights), to_desc}
                                : dnnl::inner_product_forward::desc{kind, from_desc, any(weights), any({out}), to_desc};
        dnnl::post_ops after;
        append(after, node.activation);
        dnnl::inner_product_forward::primitive_desc const made{wanted, attributes(after), m_engine};
        auto const from = as(m_views[static_cast<std::size_t>(node.inputs.front())], made.src_desc());
        auto const to = fresh(made.dst_desc());
        memory::desc const stored{weights, Type::f32, Dims{1, area * out, in.width * out, out}};
        auto constants = constants_of(index, stored, made.weights_desc());
        add(dnnl::inner_product_forward{made}, made, {{DNNL_ARG_SRC, from}, {DNNL_ARG_DST, to}}, std::move(constants));
        return view(m_plan.views[to].buffer, desc(to).reshape({m_batch, out, 1, 1}));
    }

    std::size_t sum(std::size_t index) {
        auto const& node = m_graph.nodes[index];
        auto const part = part_of(node);
        std::vector<int> others;
        for (int const input : node.inputs) {
            if (part != static_cast<std::size_t>(input)) others.push_back(input);
        }
        bool const is_even =
            std::all_of(others.begin(), others.end(), [&](int other) { return this->node(other).shape == node.shape; });
        bool const has_whole_part = part && m_graph.nodes[*part].shape == node.shape;
        if (is_even && has_whole_part && others.size() == 1) return residual(index, *part, others.front());
        if (is_even && (!part || has_whole_part)) {
            if (part) {
                m_views[*part] = convolution(*part, Activation::none, std::nullopt);
                others.push_back(static_cast<int>(*part));
            }
            return together(node, others);
        }
        return uneven(node, part, others);
    }

    /// A block's convolution added to its short cut: in the short cut's own memory where nobody needs that any more.
    std::size_t residual(std::size_t index, std::size_t part, int other) {
        auto const shortcut = static_cast<std::size_t>(other);
        // A convolution that is part of a sum reads when that sum is at its turn.
        auto const read_at = [&](std::size_t reader) { return is_part_of_sum(reader) ? m_consumers[reader].front() : reader; };
        auto const& readers = m_consumers[shortcut];
        bool const is_free =
            shortcut != 0 && m_graph.nodes[part].inputs.front() != other &&
            std::all_of(readers.begin(), readers.end(), [&](std::size_t reader) { return read_at(reader) <= index; });
        auto target = m_views[shortcut];
        if (!is_free) {
            target = fresh(desc(target));
            reorder(m_views[shortcut], target);
        }
        return convolution(part, m_graph.nodes[index].activation, target);
    }

    /// All of the same shape, in one pass.
    std::size_t together(Node const& node, std::vector<int> const& inputs) {
        auto const first = m_views[static_cast<std::size_t>(inputs.front())];
        std::vector<std::size_t> views{first};
        for (auto input = inputs.begin() + 1; input != inputs.end(); ++input)
            views.push_back(as(m_views[static_cast<std::size_t>(*input)], desc(first)));
        if (views.size() == 1) views.push_back(zeros(desc(first)));
        dnnl::post_ops after;
        for (std::size_t i = 2; i < views.size(); ++i)
            after.append_binary(dnnl::algorithm::binary_add, desc(first));
        append(after, node.activation);
        dnnl::binary::primitive_desc const made{
            {dnnl::algorithm::binary_add, desc(first), desc(first), desc(first)}, attributes(after), m_engine};
        auto const to = fresh(desc(first));
        std::vector<std::pair<int, std::size_t>> arguments{
            {DNNL_ARG_SRC_0, views[0]}, {DNNL_ARG_SRC_1, views[1]}, {DNNL_ARG_DST, to}};
        for (std::size_t i = 2; i < views.size(); ++i)
            arguments.emplace_back(DNNL_ARG_ATTR_MULTIPLE_POST_OP(static_cast<int>(i - 2)) | DNNL_ARG_SRC_1, views[i]);
        add(dnnl::binary{made}, made, std::move(arguments));
        return to;
    }

    std::size_t zeros(memory::desc const& desc) {
        auto const view = fresh(desc);
        add({.what = Step::What::zeros, .primitive = {}, .views = {}, .constants = {}, .zeroed = view});
        return view;
    }

    /// Shapes differ: zeros, and each input added where it lies.
    std::size_t uneven(Node const& node, std::optional<std::size_t> part, std::vector<int> const& others) {
        bool const has_whole_part = part && m_graph.nodes[*part].shape == node.shape;
        auto inputs = others;
        if (part && !has_whole_part) {
            m_views[*part] = convolution(*part, Activation::none, std::nullopt);
            inputs.push_back(static_cast<int>(*part));
        }
        auto layout = has_whole_part ? described(m_graph.nodes[*part], {}).dst_desc() : widened(node, inputs);
        auto const fits = [&](int input) {
            return !layout.submemory_desc(dims_of(this->node(input).shape), {0, 0, 0, 0}, true).is_zero();
        };
        if (!std::all_of(inputs.begin(), inputs.end(), fits)) layout = {dims_of(node.shape), Type::f32, Tag::nchw};
        auto const to = zeros(layout);
        dnnl::post_ops adding;
        adding.append_sum(1);
        for (int const input : inputs) {
            auto const place = layout.submemory_desc(dims_of(this->node(input).shape), {0, 0, 0, 0});
            reorder(m_views[static_cast<std::size_t>(input)], view(m_plan.views[to].buffer, place), adding);
        }
        if (has_whole_part) return convolution(*part, node.activation, to);
        activate(to, node.activation);
        return to;
    }

    /// The layout of the input with the most channels, for the sum's shape.
    [[nodiscard]] memory::desc widened(Node const& node, std::vector<int> const& inputs) const {
        constexpr memory::dim k_block = 16;
        bool const is_blocked =
            std::all_of(inputs.begin(), inputs.end(), [&](int input) { return this->node(input).shape.channels % k_block == 0; });
        return {dims_of(node.shape), Type::f32, is_blocked ? Tag::nChw16c : Tag::nchw};
    }

    void activate(std::size_t view, Activation activation) {
        if (activation == Activation::none) return;
        dnnl::eltwise_forward::desc const wanted{dnnl::prop_kind::forward_inference, dnnl::algorithm::eltwise_relu, desc(view),
                                                 activation == Activation::relu ? 0 : k_leak};
        dnnl::eltwise_forward::primitive_desc const made{wanted, attributes({}), m_engine};
        add(dnnl::eltwise_forward{made}, made, {{DNNL_ARG_SRC, view}, {DNNL_ARG_DST, view}});
    }

    Graph const& m_graph;
    PackedWeights& m_weights;
    dnnl::engine m_engine;
    memory::dim m_batch;
    std::vector<std::size_t> m_views;                   // of each node's result
    std::vector<std::vector<std::size_t>> m_consumers;  // of each node
    std::vector<Life> m_lives;                          // of each buffer
    std::size_t m_step = 0;
    Plan m_plan;
};

}  // namespace

Plan make_plan(Graph const& graph, PackedWeights& weights, dnnl::engine const& engine, int batch) {
    return Planner{graph, weights, engine, batch}.build();
}

}  // namespace bioctl::face::onednn
