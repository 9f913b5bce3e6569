#pragma once
// Files for the tests of models: a folder of built-in models that fits the sizes, and small hand-made model files.

#include <cstdint>
#include <exception>
#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>

#include "lib/base/bytes.hpp"

namespace bioctl::test {

namespace fs = std::filesystem;

/// BIOCTL_MODELS; the built-in models of the npm package.
[[nodiscard]] fs::path builtin_dir();

/// dlib's control byte and little-endian bytes.
[[nodiscard]] std::string dlib_integer(std::int64_t value);
[[nodiscard]] std::string dlib_text(std::string_view value);

/// A shape predictor with `points` points, one stage, one tree of one split. Its split looks at pixels 0 and `pixel` of two.
[[nodiscard]] std::string dlib_shape_file(int points, int pixel = 1);

/// The outline of an ONNX file: one node, the given outputs.
[[nodiscard]] std::string onnx_outline_file(std::initializer_list<std::string_view> outputs);

/// The message of the Error that `work` throws, or "nothing thrown".
template <class Work>
std::string message_of(Work const& work) {
    try {
        work();
    } catch (std::exception const& error) {
        return error.what();
    }
    return "nothing thrown";
}

}  // namespace bioctl::test
