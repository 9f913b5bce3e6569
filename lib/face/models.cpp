#include "lib/face/models.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/base/text.hpp"
#include "lib/face/model_builtin.hpp"
#include "lib/face/model_folder.hpp"
#include "lib/face/model_import.hpp"
#include "lib/face/model_json.hpp"

namespace bioctl::face {

namespace {

constexpr std::uint64_t k_max_json_bytes = 64 * 1024;

std::string shown(fs::path const& path) {
    return printable(path.string());
}

std::string short_digest(ModelInfo const& model) {
    return model.sha256.substr(0, 12);
}

/// "dlib68-150", "arcface5-112": the template and the size of the chip.
std::string chip_of(EmbedderInput const& input) {
    auto name = input.alignment;
    std::erase(name, '-');
    return fmt::format("{}-{}", name, input.size);
}

/// Pixel values of an ONNX recogniser are told by the user, so that they are as much a part of the model as its weights.
std::string pixels_of(EmbedderInput const& input) {
    return fmt::format(" input={}:{}:{}", input.rgb ? "rgb" : "bgr", fmt::join(input.mean, "/"), input.scale);
}

/// Apart from what people read.
bool is_same_model(ModelInfo a, ModelInfo b) {
    for (auto* const model : {&a, &b})
        model->title = model->licence = model->source = "";
    return to_json(a) == to_json(b);
}

Result<void> check_digest(fs::path const& file, std::string_view expected) try {
    MappedFile const mapped{file};
    if (auto const found = to_hex(sha256(mapped.bytes())); found != expected)
        return failure(Kind::data, fmt::format("{}: has the SHA-256 {} instead of {}; it was changed or is damaged", shown(file),
                                               found, expected));
    return {};
} catch (Error const& error) {
    return failure(error);
}

}  // namespace

std::string_view name_of(ModelKind kind) {
    switch (kind) {
        case ModelKind::detector: return "detector";
        case ModelKind::landmarks: return "landmarks";
        case ModelKind::embedder: return "embedder";
    }
    throw Error{Kind::bug, "a ModelKind without a name"};
}

std::string_view name_of(ModelFormat format) {
    switch (format) {
        case ModelFormat::faceapi_tiny: return "faceapi-tiny";
        case ModelFormat::faceapi_landmarks: return "faceapi-68";
        case ModelFormat::faceapi_resnet: return "faceapi-resnet";
        case ModelFormat::dlib_resnet: return "dlib-resnet";
        case ModelFormat::dlib_shape: return "dlib-shape";
        case ModelFormat::yunet_onnx: return "yunet";
        case ModelFormat::recogniser_onnx: return "onnx";
    }
    throw Error{Kind::bug, "a ModelFormat without a name"};
}

std::string& ActiveModels::of(ModelKind kind) {
    switch (kind) {
        case ModelKind::detector: return detector;
        case ModelKind::landmarks: return landmarks;
        case ModelKind::embedder: return embedder;
    }
    throw Error{Kind::bug, "a ModelKind without an entry"};
}

Contract ModelSet::contract() const {
    auto const named = [](ModelInfo const& model) { return fmt::format("{}:{}", name_of(model.format), short_digest(model)); };
    Contract contract;
    contract.description = fmt::format("detector={} landmarks={} align={} embedder={}{} mirror={} pipeline={}", named(detector),
                                       named(landmarks), chip_of(embedder.input), named(embedder),
                                       embedder.format == ModelFormat::recogniser_onnx ? pixels_of(embedder.input) : "",
                                       embedder.input.mirror ? 1 : 0, k_pipeline_version);
    contract.id = to_hex(sha256(as_bytes(contract.description))).substr(0, 16);
    contract.space = embedder.space;
    contract.dimensions = embedder.dimensions;
    contract.scale = embedder.scale;
    contract.threshold_verify = embedder.threshold_verify;
    contract.threshold_identify = embedder.threshold_identify;
    contract.threshold_duplicate = embedder.threshold_duplicate;
    return contract;
}

ModelRegistry::ModelRegistry(fs::path builtin_dir, fs::path imported_dir)
    : m_builtin_dir(std::move(builtin_dir)), m_imported_dir(std::move(imported_dir)) {
    load();
}

void ModelRegistry::load() {
    m_models = builtin_models(m_builtin_dir);
    m_problems.clear();
    load_imported();
    load_active();
}

void ModelRegistry::load_imported() {
    for (auto const& folder : model_folders(m_imported_dir)) {
        try {
            m_models.push_back(read_model_folder(folder));
        } catch (Error const& error) {
            m_problems.push_back(fmt::format("{}; `bioctl models remove {}` and import it again", error.message(),
                                             printable(folder.filename().string())));
        }
    }
}

void ModelRegistry::load_active() {
    auto const file = m_imported_dir / "active.json";
    m_active = {};
    m_active_error.reset();
    try {
        if (auto const text = read_file(file, k_max_json_bytes); text) {
            m_active = active_from_json(*text);
        } else if (!is_absent(file)) {
            throw text.error();
        }
    } catch (Error const& error) {
        m_active_error =
            Error{error.kind(), fmt::format("{}: {}; `bioctl models use ID` writes it anew", shown(file), error.message())};
        m_problems.push_back(m_active_error->message());
        return;
    }
    for (auto& model : m_models) {
        auto const& chosen = m_active.of(model.kind);
        model.active = chosen.empty() ? model.builtin : model.id == chosen;
    }
}

ModelInfo const* ModelRegistry::lookup(std::string_view id) const {
    auto const found = std::find_if(m_models.begin(), m_models.end(), [&](ModelInfo const& model) { return model.id == id; });
    return found == m_models.end() ? nullptr : &*found;
}

ModelInfo const& ModelRegistry::find(std::string_view id) const {
    if (auto const* const model = lookup(id); model != nullptr) return *model;
    std::vector<std::string_view> ids;
    for (auto const& model : m_models)
        ids.push_back(model.id);
    throw Error{Kind::no_input,
                fmt::format("there is no model '{}'{} `bioctl models list` shows all", printable(id), did_you_mean(id, ids))};
}

ModelInfo const& ModelRegistry::in_use(ModelKind kind, std::string const& id) const {
    auto const found = std::find_if(m_models.begin(), m_models.end(), [&](ModelInfo const& model) {
        return model.kind == kind && (id.empty() ? model.builtin : model.id == id);
    });
    if (found == m_models.end()) {
        throw Error{Kind::no_input,
                    fmt::format("the {} in use, '{}', is not there or damaged; `bioctl models list` tells more, and "
                                "`bioctl models use ID` chooses another",
                                name_of(kind), printable(id))};
    }
    return *found;
}

ModelSet ModelRegistry::active() const {
    if (m_active_error) throw *m_active_error;
    return {in_use(ModelKind::detector, m_active.detector), in_use(ModelKind::landmarks, m_active.landmarks),
            in_use(ModelKind::embedder, m_active.embedder)};
}

void ModelRegistry::activate(ModelKind kind, std::string const& id) const {
    auto active = m_active;
    active.of(kind) = id;
    write_file(m_imported_dir / "active.json", as_bytes(to_json(active)), Durability::synced);
}

void ModelRegistry::use(std::string_view id) {
    auto const lock = lock_for_changes(m_imported_dir);
    load();
    auto const& model = find(id);
    activate(model.kind, model.builtin ? "" : model.id);
    load();
}

ModelInfo const& ModelRegistry::import(ImportRequest const& request) {
    auto const id = request.id.empty() ? id_from_file_name(request.file) : request.id;
    require_model_id(id);
    auto model = prepare_model(request);
    if (model.info.format == ModelFormat::dlib_resnet && has_builtin_weights(model.weights, m_builtin_dir))
        model.info.space = k_dlib_space;

    auto const lock = lock_for_changes(m_imported_dir);
    load();
    auto const folder = m_imported_dir / id;
    if (auto const* const present = lookup(id); present == nullptr) {
        write_model_folder(model, folder);
    } else if (present->builtin || !is_same_model(*present, stored_info(model, folder))) {
        throw Error{Kind::usage, fmt::format("there is a model '{}' already; choose another name with --id{}", id,
                                             present->builtin ? "" : fmt::format(", or `bioctl models remove {}` first", id))};
    }
    if (model.info.format == ModelFormat::yunet_onnx) activate(model.info.kind, id);
    load();
    return find(id);
}

void ModelRegistry::require_removable(std::string_view id) const {
    if (auto const* const model = lookup(id); model != nullptr && model->builtin)
        throw Error{Kind::usage, fmt::format("the model '{}' comes with bioctl and cannot be removed", id)};
    if (id == m_active.detector || id == m_active.landmarks || id == m_active.embedder) {
        throw Error{Kind::busy,
                    fmt::format("the model '{}' is in use; choose another with `bioctl models use ID` first", printable(id))};
    }
    auto const folders = model_folders(m_imported_dir);
    bool const is_there =
        std::any_of(folders.begin(), folders.end(), [&](fs::path const& path) { return path.filename().string() == id; });
    if (!is_there) static_cast<void>(find(id));
}

void ModelRegistry::remove(std::string_view id) {
    auto const lock = lock_for_changes(m_imported_dir);
    load();
    require_removable(id);
    remove_model_folder(m_imported_dir / id);
    load();
}

Result<void> ModelRegistry::verify(ModelInfo const& model) const {
    if (auto whole = check_digest(model.file, model.sha256); !whole) return whole;
    if (model.manifest.empty()) return {};
    return check_digest(model.manifest, model.manifest_sha256);
}

}  // namespace bioctl::face
