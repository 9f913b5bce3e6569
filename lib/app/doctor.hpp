#pragma once
// Is this installation healthy? Every check yields one line; a check that fails never stops the others.

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "lib/base/clock.hpp"
#include "lib/face/models.hpp"
#include "lib/store/store.hpp"

namespace bioctl::app {

namespace fs = std::filesystem;

enum class Health { ok, warn, fail };
/// "ok", "warn", "fail"
[[nodiscard]] std::string_view name_of(Health health);

struct Check {
    std::string name;  ///< "store", "model:faceapi-resnet", ...
    Health health = Health::ok;
    std::string detail;
    std::string remedy;  ///< "" if nothing is to be done
};

/// deep: also reads every byte of the models, and compares the portraits with the templates.
enum class Depth { quick, deep };

/// Nothing is opened before its check asks for it, so that whatever throws becomes the finding of that check.
struct Patient {
    fs::path data_dir;
    std::vector<fs::path> config_files;  ///< that were read
    std::function<face::ModelRegistry()> models;
    std::function<store::Store()> open_store;  ///< read-only
    fs::path store_file, media_dir;
    fs::path image_plugin;                                       ///< of the rare formats; may be absent
    std::vector<std::pair<std::string, std::string>> libraries;  ///< name and version
    Clock const& clock;
};

/// Runs all checks in a fixed order and changes nothing. True if none failed.
bool examine(Patient const& patient, Depth depth, std::function<void(Check const&)> const& on_check);

/// What the processor offers to the kernels: "avx2 fma avx512f avx512_vnni"; empty where we cannot tell.
[[nodiscard]] std::vector<std::string> cpu_features();

}  // namespace bioctl::app
