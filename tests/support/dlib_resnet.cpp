#include "tests/support/dlib_resnet.hpp"

#include <fstream>
#include <functional>
#include <stdexcept>
#include <string>
#include <utility>

#include <dlib/dnn.h>

#include "lib/face/tensors.hpp"

namespace bioctl::test {

namespace {

// The network of dlib's example dnn_face_recognition_ex.cpp.
template <template <int, template <typename> class, int, typename> class block, int n, template <typename> class bn, typename sub>
using Residual = dlib::add_prev1<block<n, bn, 1, dlib::tag1<sub>>>;
template <template <int, template <typename> class, int, typename> class block, int n, template <typename> class bn, typename sub>
using ResidualDown = dlib::add_prev2<dlib::avg_pool<2, 2, 2, 2, dlib::skip1<dlib::tag2<block<n, bn, 2, dlib::tag1<sub>>>>>>;
template <int n, template <typename> class bn, int stride, typename sub>
using Block = bn<dlib::con<n, 3, 3, 1, 1, dlib::relu<bn<dlib::con<n, 3, 3, stride, stride, sub>>>>>;
template <int n, typename sub>
using Plain = dlib::relu<Residual<Block, n, dlib::affine, sub>>;
template <int n, typename sub>
using Down = dlib::relu<ResidualDown<Block, n, dlib::affine, sub>>;

template <typename sub>
using Level32 = Plain<32, Plain<32, Plain<32, sub>>>;
template <typename sub>
using Level64 = Plain<64, Plain<64, Plain<64, Down<64, sub>>>>;
template <typename sub>
using Level128 = Plain<128, Plain<128, Down<128, sub>>>;
template <typename sub>
using Level256 = Plain<256, Plain<256, Down<256, sub>>>;
using Stem = dlib::max_pool<3, 3, 2, 2, dlib::relu<dlib::affine<dlib::con<32, 7, 7, 2, 2, dlib::input_rgb_image_sized<150>>>>>;
using AnetType =
    dlib::loss_metric<dlib::fc_no_bias<128, dlib::avg_pool_everything<Down<256, Level256<Level128<Level64<Level32<Stem>>>>>>>>;

using Picture = dlib::matrix<dlib::rgb_pixel>;

constexpr long k_side = 150;

std::vector<std::string> layer_names() {
    std::vector<std::string> names{"conv32_down"};
    struct Group {
        std::string stem;
        bool has_down;
        int plain;
    };
    auto const add = [&](std::string const& name) {
        names.push_back(name + "/conv1");
        names.push_back(name + "/conv2");
    };
    for (auto const& [stem, has_down, plain] :
         {Group{"conv32", false, 3}, {"conv64", true, 3}, {"conv128", true, 2}, {"conv256", true, 2}}) {
        if (has_down) add(stem + "_down");
        for (int i = 1; i <= plain; ++i)
            add(stem + '_' + std::to_string(i));
    }
    add("conv256_down_out");
    return names;
}

struct MakeAffineConvolutional {
    void operator()(dlib::affine_& layer) const { layer = dlib::affine_(dlib::CONV_MODE); }
};

std::vector<float> all_of(face::TensorFile const& weights, std::string const& name) {
    return weights.read(name, weights.entry(name).shape);
}

/// Collects a function for each layer with weights, from the output to the input.
struct CollectFillers {
    face::TensorFile const& weights;
    std::vector<std::function<void(std::string const&)>>& convolutions;
    std::vector<std::function<void(std::string const&)>>& affines;

    template <long n, long nr, long nc, int sy, int sx, int py, int px>
    void operator()(dlib::con_<n, nr, nc, sy, sx, py, px>& layer) const {
        convolutions.push_back([this, &layer](std::string const& name) {
            auto const hwio = all_of(weights, name + "/conv/filters");
            auto const bias = all_of(weights, name + "/conv/bias");
            float* to = layer.get_layer_params().host();
            std::size_t const out = bias.size(), window = nr * nc, in = hwio.size() / out / window;
            for (std::size_t o = 0; o < out; ++o) {
                for (std::size_t i = 0; i < in; ++i) {
                    for (std::size_t w = 0; w < window; ++w)
                        *to++ = hwio[(w * in + i) * out + o];
                }
            }
            std::copy(bias.begin(), bias.end(), to);
        });
    }
    void operator()(dlib::affine_& layer) const {
        affines.push_back([this, &layer](std::string const& name) {
            auto const gain = all_of(weights, name + "/scale/weights");
            auto const offset = all_of(weights, name + "/scale/biases");
            std::copy(gain.begin(), gain.end(), layer.get_gamma().host());
            std::copy(offset.begin(), offset.end(), layer.get_beta().host());
        });
    }
    void operator()(dlib::fc_<128, dlib::FC_NO_BIAS>& layer) const {
        auto const values = all_of(weights, "fc");
        std::copy(values.begin(), values.end(), layer.get_layer_params().host());
    }
};

Picture picture_of(std::vector<std::uint8_t> const& rgb) {
    Picture picture(k_side, k_side);
    auto const* from = rgb.data();
    for (auto& pixel : picture) {
        pixel = {from[0], from[1], from[2]};
        from += 3;
    }
    return picture;
}

void write_rates(std::ostream& out) {
    for (double const rate : {1.0, 1.0, 1.0, 0.0})
        dlib::serialize(rate, out);
}

/// Writes what dlib 19.3 wrote for one layer.
struct WriteOldDetails {
    std::ostream& out;

    template <long n, long nr, long nc, int sy, int sx, int py, int px>
    void operator()(dlib::con_<n, nr, nc, sy, sx, py, px> const& layer) const {
        dlib::serialize("con_4", out);
        dlib::serialize(layer.get_layer_params(), out);
        dlib::serialize(layer.num_filters(), out);
        for (long const number : {nr, nc, long{sy}, long{sx}, long{py}, long{px}})
            dlib::serialize(number, out);
        auto const in = (static_cast<long>(layer.get_layer_params().size()) / n - 1) / (nr * nc);
        dlib::serialize(dlib::alias_tensor(n, in, nr, nc), out);
        dlib::serialize(dlib::alias_tensor(1, n), out);
        write_rates(out);
    }
    /// Batch normalisation that folds into the same factors: mean 0.5 and variance 4 for every channel.
    void operator()(dlib::affine_ const& layer) const {
        auto gamma_part = layer.get_gamma(), beta_part = layer.get_beta();
        dlib::tensor const &gamma = gamma_part, &beta = beta_part;
        auto const channels = static_cast<long>(gamma.size());
        double const epsilon = 1e-4;
        dlib::resizable_tensor parameters(2 * channels), means(1, channels), variances(1, channels);
        for (long c = 0; c < channels; ++c) {
            parameters.host()[c] = static_cast<float>(gamma.host()[c] * std::sqrt(4 + epsilon));
            parameters.host()[channels + c] = beta.host()[c] + 0.5F * gamma.host()[c];
        }
        means = 0.5F;
        variances = 4;
        dlib::serialize("bn_con2", out);
        dlib::serialize(parameters, out);
        dlib::serialize(dlib::alias_tensor(1, channels), out);
        dlib::serialize(dlib::alias_tensor(1, channels), out);
        for (auto const* const tensor : {&means, &variances, &means, &variances})
            dlib::serialize(*tensor, out);
        dlib::serialize(100UL, out);
        dlib::serialize(100UL, out);
        write_rates(out);
        dlib::serialize(epsilon, out);
    }
    void operator()(dlib::fc_<128, dlib::FC_NO_BIAS> const& layer) const {
        dlib::serialize("fc_2", out);
        dlib::serialize(128UL, out);
        dlib::serialize(256UL, out);
        dlib::serialize(layer.get_layer_params(), out);
        dlib::serialize(dlib::alias_tensor(256, 128), out);
        dlib::serialize(dlib::alias_tensor(), out);
        dlib::serialize(static_cast<int>(dlib::FC_NO_BIAS), out);
        write_rates(out);
    }
    template <class Other>
    void operator()(Other const& layer) const {
        serialize(layer, out);
    }
};

struct WriteVersions {
    std::ostream& out;
    template <class T, class Sub, class Enabled>
    void operator()(std::size_t, dlib::add_layer<T, Sub, Enabled> const&) const {
        dlib::serialize(2, out);
    }
    template <unsigned long id, class Sub, class Enabled>
    void operator()(std::size_t, dlib::add_tag_layer<id, Sub, Enabled> const&) const {
        dlib::serialize(1, out);
    }
    template <template <typename> class Tag, class Sub>
    void operator()(std::size_t, dlib::add_skip_layer<Tag, Sub> const&) const {
        dlib::serialize(1, out);
    }
};

struct WriteOldLayers {
    std::ostream& out;
    template <class T, class Sub, class Enabled>
    void operator()(std::size_t, dlib::add_layer<T, Sub, Enabled> const& layer) const {
        WriteOldDetails{out}(layer.layer_details());
        for (int flag = 0; flag < 3; ++flag)
            dlib::serialize(flag == 0, out);  // setup called, gradient not stale, outputs not disabled
        for (int buffer = 0; buffer < 3; ++buffer)
            dlib::serialize(dlib::resizable_tensor(), out);
    }
};

void write_old(AnetType const& net, std::ostream& out) {
    dlib::serialize(1, out);
    dlib::serialize("loss_metric_", out);
    dlib::visit_layers(net, WriteVersions{out});
    serialize(dlib::input_layer(net), out);
    dlib::visit_layers_backwards(net, WriteOldLayers{out});
}

}  // namespace

struct DlibResnet::Net {
    AnetType net;
};

DlibResnet::DlibResnet(fs::path const& manifest, fs::path const& blob) : m_net(std::make_unique<Net>()) {
    face::TensorFile const weights{manifest, blob};
    dlib::visit_computational_layers(m_net->net, MakeAffineConvolutional{});
    forward(std::vector<std::uint8_t>(k_side * k_side * 3));  // dlib allocates the weights when it first sees a picture
    std::vector<std::function<void(std::string const&)>> convolutions, affines;
    CollectFillers const collect{weights, convolutions, affines};
    dlib::visit_computational_layers(m_net->net, std::cref(collect));
    auto const names = layer_names();
    if (convolutions.size() != names.size() || affines.size() != names.size()) throw std::logic_error("another network");
    for (std::size_t i = 0; i < names.size(); ++i) {
        convolutions[names.size() - 1 - i](names[i]);
        affines[names.size() - 1 - i](names[i]);
    }
}

DlibResnet::DlibResnet(fs::path const& dat) : m_net(std::make_unique<Net>()) {
    dlib::deserialize(dat.string()) >> m_net->net;
}

DlibResnet::~DlibResnet() = default;

void DlibResnet::save(fs::path const& dat, Layout layout) {
    m_net->net.clean();
    std::ofstream out{dat, std::ios::binary};
    if (layout == Layout::current) {
        serialize(m_net->net, out);
    } else {
        write_old(m_net->net, out);
    }
}

std::vector<float> DlibResnet::forward(std::vector<std::uint8_t> const& rgb) {
    dlib::matrix<float, 0, 1> const vector = m_net->net(picture_of(rgb));
    return {vector.begin(), vector.end()};
}

std::vector<std::vector<float>> DlibResnet::forward(std::vector<std::vector<std::uint8_t>> const& rgb) {
    std::vector<Picture> pictures;
    for (auto const& one : rgb)
        pictures.push_back(picture_of(one));
    std::vector<std::vector<float>> vectors;
    for (dlib::matrix<float, 0, 1> const& vector : m_net->net(pictures, pictures.size()))
        vectors.emplace_back(vector.begin(), vector.end());
    return vectors;
}

}  // namespace bioctl::test
