#include "lib/face/tensors.hpp"

#include <cmath>
#include <cstring>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "lib/base/error.hpp"
#include "lib/base/text.hpp"

namespace bioctl::face {

namespace {

constexpr std::uint64_t k_max_manifest_bytes = 1'000'000;  // the largest of face-api's is 28 kB
constexpr std::size_t k_max_elements = 64'000'000;         // 256 MB as float32

TensorEntry entry_from(nlohmann::json const& json, std::size_t offset) {
    TensorEntry entry;
    entry.offset = offset;
    for (auto const& dimension : json.at("shape")) {
        // get<int>() makes something of every number, 1e300 and 4294967297 included.
        bool const is_size = dimension.is_number_unsigned() && dimension.get<std::uint64_t>() - 1 < k_max_elements;
        if (!is_size) throw Error{Kind::data, "a tensor has a dimension that is no size"};
        auto const size = dimension.get<int>();
        entry.shape.push_back(size);
    }
    if (auto const quantisation = json.find("quantization"); quantisation != json.end()) {
        if (quantisation->at("dtype").get<std::string>() != "uint8")
            throw Error{Kind::data, "a tensor is not quantised to uint8"};
        entry.quantised = true;
        entry.scale = quantisation->at("scale").get<float>();
        entry.min = quantisation->at("min").get<float>();
    } else if (json.at("dtype").get<std::string>() != "float32") {
        throw Error{Kind::data, "a tensor is neither float32 nor quantised"};
    }
    return entry;
}

std::size_t bytes_of(TensorEntry const& entry) {
    return entry.elements() * (entry.quantised ? 1 : sizeof(float));
}

void decode(MappedFile const& blob, TensorEntry const& tensor, std::span<float> to) {
    auto const* const source = blob.bytes().data() + tensor.offset;
    if (tensor.quantised) {
        auto const* const quantised = reinterpret_cast<std::uint8_t const*>(source);
        for (std::size_t i = 0; i < to.size(); ++i)
            to[i] = static_cast<float>(quantised[i]) * tensor.scale + tensor.min;
    } else {
        std::memcpy(to.data(), source, to.size_bytes());
    }
}

}  // namespace

std::size_t TensorEntry::elements() const {
    std::size_t count = 1;
    for (int const size : shape) {
        count *= static_cast<std::size_t>(size);
        if (count > k_max_elements) throw Error{Kind::data, "a tensor is larger than any face model needs"};
    }
    return count;
}

TensorFile::TensorFile(std::filesystem::path const& manifest, std::filesystem::path const& blob)
    : m_blob_path(blob), m_blob(std::make_shared<MappedFile const>(blob)) {
    auto const text = read_file(manifest, k_max_manifest_bytes).or_throw();
    try {
        std::size_t offset = 0;
        for (auto const& group : nlohmann::json::parse(as_text(text))) {
            for (auto const& tensor : group.at("weights")) {
                auto entry = entry_from(tensor, offset);
                offset += bytes_of(entry);
                m_entries.emplace(tensor.at("name").get<std::string>(), std::move(entry));
            }
        }
        if (offset != m_blob->bytes().size()) {
            throw Error{Kind::data, fmt::format("lists {} bytes of weights, but {} has {}", offset, blob.filename().string(),
                                                m_blob->bytes().size())};
        }
    } catch (nlohmann::json::exception const& error) {
        throw Error{Kind::data, fmt::format("{}: not a tensor list: {}", manifest.string(), printable(error.what()))};
    } catch (Error const& error) {
        throw error.within(manifest.string());
    }
}

TensorEntry const& TensorFile::entry(std::string const& name) const {
    auto const found = m_entries.find(name);
    if (found == m_entries.end()) throw Error{Kind::data, fmt::format("{}: has no tensor '{}'", m_blob_path.string(), name)};
    return found->second;
}

TensorEntry const& TensorFile::entry(std::string const& name, std::vector<int> const& shape) const {
    auto const& tensor = entry(name);
    if (tensor.shape != shape) {
        throw Error{Kind::data, fmt::format("{}: tensor '{}' has shape [{}], expected [{}]", m_blob_path.string(), name,
                                            fmt::join(tensor.shape, ","), fmt::join(shape, ","))};
    }
    return tensor;
}

std::vector<float> TensorFile::read(std::string const& name, std::vector<int> const& shape) const {
    auto const& tensor = entry(name, shape);
    std::vector<float> values(tensor.elements());
    decode(*m_blob, tensor, values);
    return values;
}

Weights TensorFile::weights(std::string const& name, std::vector<int> const& shape) const {
    auto const& tensor = entry(name, shape);
    Weights::Read read = [blob = m_blob, tensor](std::span<float> to) { decode(*blob, tensor, to); };
    return {tensor.elements(), std::move(read), quantised(tensor)};
}

/// TensorFlow's quantisation moves the range until zero is one of its 256 values.
std::optional<QuantisedWeights> TensorFile::quantised(TensorEntry const& tensor) const {
    constexpr float k_rounding = 5e-5F;  // more would add up: activations are all positive
    bool const is_usual = tensor.quantised && !tensor.shape.empty() && tensor.scale > 0;
    if (!is_usual) return std::nullopt;
    auto const zero = -tensor.min / tensor.scale;
    auto const nearest = std::nearbyint(zero);
    if (!(nearest >= 0 && nearest <= 255 && std::abs(zero - nearest) < k_rounding)) return std::nullopt;
    auto const* const bytes = reinterpret_cast<std::uint8_t const*>(m_blob->bytes().data()) + tensor.offset;
    return QuantisedWeights{.owner = m_blob,
                            .bytes = {bytes, tensor.elements()},
                            .zero = static_cast<int>(nearest),
                            .scale = std::vector<float>(static_cast<std::size_t>(tensor.shape.back()), tensor.scale)};
}

}  // namespace bioctl::face
