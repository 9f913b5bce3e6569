#pragma once
// Where the modules lie that run networks: oneDNN, OpenCV's dnn and dlib. Their libraries would slow every start, so each is
// opened when the first part of it is asked for; `version` and `people list` open none.

#include <filesystem>
#include <string>
#include <vector>

namespace bioctl::face {

/// The folder of bioctl-face-onednn.so, -opencv.so and -dlib.so. Until it is set, and when a module is not in it, what needs one
/// throws Error{config} that says so. Thread-safe.
void set_module_dir(std::filesystem::path const& folder);

struct ModuleState {
    std::string name;     ///< "onednn", "opencv", "dlib"
    std::string problem;  ///< "" if it opens
};

/// Opens all of them.
[[nodiscard]] std::vector<ModuleState> open_modules();

}  // namespace bioctl::face
