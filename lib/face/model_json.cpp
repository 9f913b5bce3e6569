#include "lib/face/model_json.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <initializer_list>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "lib/base/error.hpp"
#include "lib/base/text.hpp"

namespace bioctl::face {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::array k_kinds{ModelKind::detector, ModelKind::landmarks, ModelKind::embedder};
constexpr std::array k_imported_formats{ModelFormat::dlib_resnet, ModelFormat::dlib_shape, ModelFormat::yunet_onnx,
                                        ModelFormat::recogniser_onnx};
constexpr int k_max_chip = 1024;
constexpr int k_max_dimensions = 16'384;

[[noreturn]] void reject(std::string const& message) {
    throw Error{Kind::data, message};
}

/// An object of which every key is asked for by name; errors say which one and what was expected.
class Reader {
public:
    Reader(Json const& json, std::string where) : m_json(json), m_where(std::move(where)) {
        if (!json.is_object()) reject(m_where.empty() ? "not a JSON object" : fmt::format("'{}' must be an object", m_where));
    }

    [[nodiscard]] bool has(char const* key) const { return m_json.contains(key); }

    [[nodiscard]] Json const& at(char const* key) const {
        auto const found = m_json.find(key);
        if (found == m_json.end()) reject(fmt::format("key '{}' is missing", name(key)));
        return *found;
    }

    [[nodiscard]] std::string text(char const* key) const {
        auto const& value = at(key);
        if (!value.is_string()) reject(fmt::format("'{}' must be a string", name(key)));
        return value.get<std::string>();
    }
    [[nodiscard]] std::string text_or(char const* key, std::string otherwise) const {
        return has(key) ? text(key) : std::move(otherwise);
    }

    [[nodiscard]] std::string one_of(char const* key, std::initializer_list<std::string_view> allowed) const {
        auto value = text(key);
        if (std::find(allowed.begin(), allowed.end(), value) == allowed.end())
            reject(fmt::format("'{}' is \"{}\", but must be one of: {}", name(key), printable(value), fmt::join(allowed, ", ")));
        return value;
    }

    [[nodiscard]] float number(char const* key, float least, float most) const { return number(at(key), key, least, most); }
    [[nodiscard]] float number(Json const& value, char const* key, float least, float most) const {
        auto const got = value.is_number() ? value.get<float>() : std::nanf("");
        if (!(got >= least && got <= most)) reject(fmt::format("'{}' must be a number from {} to {}", name(key), least, most));
        return got;
    }

    [[nodiscard]] std::int64_t integer(char const* key, std::int64_t least, std::int64_t most) const {
        auto const& value = at(key);
        if (!value.is_number_integer() || value.get<std::int64_t>() < least || value.get<std::int64_t>() > most)
            reject(fmt::format("'{}' must be a whole number from {} to {}", name(key), least, most));
        return value.get<std::int64_t>();
    }

    [[nodiscard]] bool boolean(char const* key) const {
        auto const& value = at(key);
        if (!value.is_boolean()) reject(fmt::format("'{}' must be true or false", name(key)));
        return value.get<bool>();
    }

    void allow_only(std::initializer_list<std::string_view> known) const {
        for (auto const& item : m_json.items()) {
            if (std::find(known.begin(), known.end(), item.key()) != known.end()) continue;
            auto const near = nearest(item.key(), std::span{known.begin(), known.size()});
            reject(fmt::format("key '{}' is unknown{}", printable(name(item.key().c_str())),
                               near.empty() ? "" : fmt::format("; did you mean '{}'?", near)));
        }
    }

private:
    [[nodiscard]] std::string name(char const* key) const { return m_where.empty() ? key : m_where + '.' + key; }

    Json const& m_json;
    std::string m_where;
};

Json parse(ByteView text) {
    try {
        return Json::parse(as_text(text));
    } catch (nlohmann::json::exception const& error) {
        reject(fmt::format("not valid JSON: {}", printable(error.what())));
    }
}

template <class Enum, std::size_t n>
Enum enum_from(std::string const& name, std::array<Enum, n> const& values, char const* key) {
    for (auto const value : values) {
        if (name_of(value) == name) return value;
    }
    reject(fmt::format("'{}' is \"{}\", which this version of bioctl does not know", key, printable(name)));
}

/// A name inside the model's folder, so that a prepared model.json cannot point at other files.
std::string file_name(Reader const& reader, char const* key) {
    auto name = reader.text(key);
    if (name.empty() || name == "." || name == ".." || name.find('/') != std::string::npos ||
        name.find('\0') != std::string::npos)
        reject(fmt::format("'{}' must be a file name without a folder", key));
    return name;
}

std::string digest(Reader const& reader, char const* key) {
    auto hex = reader.text(key);
    if (hex.size() != 64 || hex.find_first_not_of("0123456789abcdef") != std::string::npos)
        reject(fmt::format("'{}' must be 64 lower-case hex digits", key));
    return hex;
}

std::array<float, 3> mean_from(Reader const& reader) {
    auto const& mean = reader.at("mean");
    if (mean.is_array() && mean.size() != 3) reject("'mean' must be one number or three");
    std::array<float, 3> values{};
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = reader.number(mean.is_array() ? mean[i] : mean, "mean", -1000, 1000);
    return values;
}

Json to_object(EmbedderInput const& input) {
    return {{"size", input.size},           {"mean", input.mean},
            {"scale", input.scale},         {"colour", input.rgb ? "rgb" : "bgr"},
            {"alignment", input.alignment}, {"mirror", input.mirror}};
}

EmbedderInput input_from(Reader const& reader) {
    EmbedderInput input;
    input.size = static_cast<int>(reader.integer("size", 16, k_max_chip));
    if (reader.has("mean")) input.mean = mean_from(reader);
    if (reader.has("scale")) input.scale = reader.number("scale", 1e-6F, 1000);
    input.rgb = reader.one_of("colour", {"rgb", "bgr"}) == "rgb";
    input.alignment = reader.one_of("alignment", {"arcface-5", "dlib-68"});
    if (reader.has("mirror")) input.mirror = reader.boolean("mirror");
    return input;
}

using Threshold = std::optional<float>;

struct Thresholds {
    Threshold verify, identify, duplicate;
};

Thresholds thresholds_from(Reader const& owner, float least, float most, std::function<float(float)> const& distance) {
    Thresholds thresholds;
    if (!owner.has("thresholds")) return thresholds;
    Reader const reader{owner.at("thresholds"), "thresholds"};
    reader.allow_only({"verify", "identify", "duplicate"});
    auto const one = [&](char const* key) -> Threshold {
        if (!reader.has(key)) return std::nullopt;
        return distance(reader.number(key, least, most));
    };
    return {one("verify"), one("identify"), one("duplicate")};
}

float identity(float value) {
    return value;
}

void add_embedder(Json& json, ModelInfo const& model) {
    json["dimensions"] = model.dimensions;
    json["scale"] = model.scale;
    json["space"] = model.space;
    json["input"] = to_object(model.input);
    auto thresholds = Json::object();
    if (model.threshold_verify) thresholds["verify"] = *model.threshold_verify;
    if (model.threshold_identify) thresholds["identify"] = *model.threshold_identify;
    if (model.threshold_duplicate) thresholds["duplicate"] = *model.threshold_duplicate;
    json["thresholds"] = thresholds;
}

void read_embedder(Reader const& reader, ModelInfo& model) {
    model.dimensions = static_cast<int>(reader.integer("dimensions", 1, k_max_dimensions));
    model.scale = reader.number("scale", 1e-3F, 1e6F);
    model.space = reader.text("space");
    model.input = input_from(Reader{reader.at("input"), "input"});
    auto const thresholds = thresholds_from(reader, 0, 1e6F, identity);
    model.threshold_verify = thresholds.verify;
    model.threshold_identify = thresholds.identify;
    model.threshold_duplicate = thresholds.duplicate;
}

void require_version(Reader const& reader) {
    if (reader.integer("version", 1, 1'000'000) != 1) reject("was written by a newer bioctl");
}

std::string dumped(Json const& json) {
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace

std::string to_json(ModelInfo const& model) {
    Json json{{"version", 1},
              {"id", model.id},
              {"kind", name_of(model.kind)},
              {"format", name_of(model.format)},
              {"title", model.title},
              {"licence", model.licence},
              {"source", model.source},
              {"file", model.file.filename().string()},
              {"bytes", model.bytes},
              {"sha256", model.sha256}};
    if (!model.manifest.empty()) {
        json["manifest"] = model.manifest.filename().string();
        json["manifest_sha256"] = model.manifest_sha256;
    }
    if (model.kind == ModelKind::embedder) add_embedder(json, model);
    return dumped(json);
}

ModelInfo model_from_json(ByteView text, std::filesystem::path const& folder) {
    auto const json = parse(text);
    Reader const reader{json, ""};
    require_version(reader);
    ModelInfo model;
    model.id = reader.text("id");
    model.kind = enum_from(reader.text("kind"), k_kinds, "kind");
    model.format = enum_from(reader.text("format"), k_imported_formats, "format");
    model.title = reader.text_or("title", "");
    model.licence = reader.text_or("licence", "");
    model.source = reader.text_or("source", "");
    model.file = folder / file_name(reader, "file");
    model.bytes = static_cast<std::uint64_t>(reader.integer("bytes", 1, std::int64_t{1} << 40));
    model.sha256 = digest(reader, "sha256");
    if (model.format == ModelFormat::dlib_resnet) {
        model.manifest = folder / file_name(reader, "manifest");
        model.manifest_sha256 = digest(reader, "manifest_sha256");
    }
    if (model.kind == ModelKind::embedder) read_embedder(reader, model);
    return model;
}

std::string to_json(ActiveModels const& active) {
    return dumped(
        {{"version", 1}, {"detector", active.detector}, {"landmarks", active.landmarks}, {"embedder", active.embedder}});
}

ActiveModels active_from_json(ByteView text) {
    auto const json = parse(text);
    Reader const reader{json, ""};
    require_version(reader);
    return {reader.text_or("detector", ""), reader.text_or("landmarks", ""), reader.text_or("embedder", "")};
}

RecogniserDescription recogniser_from_json(ByteView text) {
    auto const json = parse(text);
    Reader const reader{json, ""};
    reader.allow_only(
        {"size", "mean", "scale", "colour", "alignment", "metric", "norm", "mirror", "thresholds", "title", "licence", "source"});
    RecogniserDescription description;
    description.input = input_from(reader);
    bool const cosine = reader.one_of("metric", {"cosine", "l2"}) == "cosine";
    if (cosine && reader.has("norm")) reject("'norm' belongs to metric \"l2\"; cosines do not depend on the length of vectors");
    if (reader.has("norm")) description.norm = reader.number("norm", 1e-3F, 1e6F);
    auto const thresholds = cosine ? thresholds_from(reader, -1, 1, [](float c) { return std::sqrt(2 - 2 * c); })
                                   : thresholds_from(reader, 0, 1e6F, identity);
    description.threshold_verify = thresholds.verify;
    description.threshold_identify = thresholds.identify;
    description.threshold_duplicate = thresholds.duplicate;
    description.title = reader.text_or("title", "");
    description.licence = reader.text_or("licence", "");
    description.source = reader.text_or("source", "");
    return description;
}

std::string manifest_json(std::vector<TensorShape> const& tensors, std::string_view blob_name) {
    auto list = Json::array();
    for (auto const& tensor : tensors)
        list.push_back({{"name", tensor.name}, {"shape", tensor.shape}, {"dtype", "float32"}});
    return Json::array({{{"weights", list}, {"paths", Json::array({blob_name})}}}).dump() + '\n';
}

}  // namespace bioctl::face
