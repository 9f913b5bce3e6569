#include "cmd/install_paths.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "lib/base/error.hpp"
#include "lib/base/text.hpp"

namespace bioctl::cmd {

namespace {

fs::path program_dir() {
    std::error_code error;
    return fs::read_symlink("/proc/self/exe", error).parent_path();
}

/// The first of the candidates that exists, else "". Relative ones are meant from the folder of the program.
fs::path first_existing(std::vector<fs::path> const& candidates) {
    std::error_code error;
    for (auto const& candidate : candidates) {
        auto path = (program_dir() / candidate).lexically_normal();
        if (fs::exists(path, error)) return path;
    }
    return {};
}

fs::path module_called(std::string_view name) {
    return first_existing({fs::path{".."} / BIOCTL_LIBDIR / "bioctl" / name, fs::path{"lib/bioctl"} / name});
}

}  // namespace

fs::path installed_models() {
    auto folder = first_existing({"../share/bioctl/models", "share/bioctl/models"});
    if (!folder.empty()) return folder;
    throw Error{Kind::no_input,
                fmt::format("the built-in models are neither in {} nor in {}; run `make deps build` again, or name "
                            "their folder with BIOCTL_MODELS_DIR",
                            printable((program_dir() / "../share/bioctl/models").lexically_normal().native()),
                            printable((program_dir() / "share/bioctl/models").native()))};
}

fs::path modules() {
    return module_called("");
}

fs::path image_plugin() {
    return module_called("bioctl-image-rare.so");
}

fs::path video_plugin() {
    return module_called("bioctl-image-video.so");
}

fs::path man_page(std::string_view name) {
    std::vector<fs::path> candidates;
    for (auto const section : {1, 7}) {
        auto const file = fmt::format("{}.{}", name, section);
        auto const installed = fs::path{fmt::format("../share/man/man{}", section)};
        candidates.insert(candidates.end(), {installed / file, installed / (file + ".gz"), fs::path{"man"} / file});
    }
    return first_existing(candidates);
}

}  // namespace bioctl::cmd
