#include "lib/face/modules.hpp"

#include <atomic>
#include <mutex>
#include <string>
#include <utility>

#include <dlfcn.h>
#include <fmt/format.h>

#include "lib/base/error.hpp"
#include "lib/base/text.hpp"
#include "lib/face/amx_network.hpp"
#include "lib/face/module_parts.hpp"

namespace bioctl::face {

namespace {

namespace fs = std::filesystem;

struct Folder {
    std::mutex mutex;
    fs::path path;
};

Folder& folder() {
    static Folder the_folder;
    return the_folder;
}

template <class Parts>
[[noreturn]] void no_module(std::string const& cause) {
    throw Error{Kind::config, fmt::format("faces need {}: {}", Parts::k_file, cause)};
}

template <class Parts>
Parts const* open(fs::path const& dir) {
    if (dir.empty()) no_module<Parts>("no folder of modules is set");
    auto const path = dir / Parts::k_file;
    std::error_code unknown;
    if (!fs::exists(path, unknown))
        no_module<Parts>(fmt::format("not found in {}; install all of bioctl", printable(dir.native())));
    void* const handle = ::dlopen(path.c_str(), RTLD_LAZY | RTLD_LOCAL);
    if (handle == nullptr) no_module<Parts>(fmt::format("{}; install {}", printable(::dlerror()), Parts::k_package));
    auto const entry = reinterpret_cast<ModuleEntry<Parts>>(::dlsym(handle, Parts::k_entry));
    auto const* const parts = entry == nullptr ? nullptr : entry();
    if (parts == nullptr || parts->version != k_module_version)
        no_module<Parts>("it belongs to another version of bioctl; install both anew");
    return parts;
}

/// Opened once and never closed: networks of it may be running in other threads.
template <class Parts>
Parts const& parts() {
    static std::atomic<Parts const*> opened{nullptr};
    if (auto const* const known = opened.load(std::memory_order_acquire)) return *known;
    auto& shared = folder();
    std::lock_guard const lock{shared.mutex};
    if (opened.load(std::memory_order_relaxed) == nullptr) opened.store(open<Parts>(shared.path), std::memory_order_release);
    return *opened.load(std::memory_order_relaxed);
}

template <class Parts>
ModuleState state(std::string name) {
    try {
        static_cast<void>(parts<Parts>());
        return {std::move(name), ""};
    } catch (Error const& error) {
        return {std::move(name), error.message()};
    }
}

}  // namespace

void set_module_dir(fs::path const& path) {
    auto& shared = folder();
    std::lock_guard const lock{shared.mutex};
    shared.path = path;
}

std::vector<ModuleState> open_modules() {
    return {state<OneDnnParts>("onednn"), state<OpenCvParts>("opencv"), state<DlibParts>("dlib")};
}

std::shared_ptr<Network> make_network(Graph graph) {
    if (auto network = make_amx_network(graph)) return network;
    return make_onednn_network(std::move(graph));
}

std::shared_ptr<Network> make_onednn_network(Graph graph) {
    return parts<OneDnnParts>().make_network(std::move(graph));
}

std::unique_ptr<OnnxNetwork> open_onnx(ByteView file) {
    return parts<OpenCvParts>().open_onnx(file);
}

std::unique_ptr<Detector> make_hog_detector(int upsample) {
    return parts<DlibParts>().make_hog_detector(upsample);
}

std::unique_ptr<Landmarker> make_dlib_landmarker(fs::path const& shape_predictor) {
    return parts<DlibParts>().make_landmarker(shape_predictor);
}

std::vector<std::size_t> chinese_whispers(std::size_t count, std::span<Edge const> edges) {
    return parts<DlibParts>().chinese_whispers(count, edges);
}

}  // namespace bioctl::face
