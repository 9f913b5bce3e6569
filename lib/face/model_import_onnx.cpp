#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <opencv2/core.hpp>
#include <opencv2/core/utils/logger.hpp>

#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/base/text.hpp"
#include "lib/face/model_import.hpp"
#include "lib/face/model_onnx.hpp"
#include "lib/face/onnx.hpp"

namespace bioctl::face {

namespace {

constexpr std::uint64_t k_max_description_bytes = 64 * 1024;
constexpr int k_max_dimensions = 4096;

/// OpenCV tells a failed load on stderr before it throws; the exception has it all.
class QuietOpencv {
public:
    QuietOpencv() : m_level(cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT)) {}
    ~QuietOpencv() { cv::utils::logging::setLogLevel(m_level); }
    QuietOpencv(QuietOpencv const&) = delete;
    QuietOpencv& operator=(QuietOpencv const&) = delete;

private:
    cv::utils::logging::LogLevel m_level;
};

/// All outputs for a picture of zeros, or of the given outputs in their order.
std::vector<cv::Mat> run_on_zeros(Bytes const& file, int side, std::vector<std::string> const& outputs) {
    QuietOpencv const quiet;
    try {
        auto const area = static_cast<std::size_t>(side) * static_cast<std::size_t>(side);
        std::vector<float> zeros(3 * area);
        return open_onnx(file)->run(zeros, {side, side}, outputs);
    } catch (cv::Exception const& error) {
        throw Error{Kind::data, fmt::format("an ONNX file that OpenCV's dnn module cannot run: {}", printable(trim(error.err)))};
    }
}

std::vector<std::string> yunet_outputs() {
    std::vector<std::string> names;
    for (int const stride : {8, 16, 32}) {
        for (auto const* const name : {"cls", "obj", "bbox", "kps"})
            names.push_back(fmt::format("{}_{}", name, stride));
    }
    return names;
}

bool is_yunet(OnnxOutline const& outline) {
    auto const names = yunet_outputs();
    return outline.outputs.size() == names.size() && std::all_of(names.begin(), names.end(), [&](std::string const& name) {
               return std::find(outline.outputs.begin(), outline.outputs.end(), name) != outline.outputs.end();
           });
}

/// cls, obj, bbox and kps have 1, 1, 4 and 10 numbers for each cell.
void require_yunet_shapes(Bytes const& file) {
    constexpr int side = 320;
    constexpr std::array<std::size_t, 4> numbers{1, 1, 4, 10};
    auto const names = yunet_outputs();
    auto const results = run_on_zeros(file, side, names);
    for (std::size_t i = 0; i < names.size(); ++i) {
        auto const cells = static_cast<std::size_t>(side) >> (3 + i / numbers.size());
        auto const expected = cells * cells * numbers[i % numbers.size()];
        if (results[i].total() != expected)
            throw Error{Kind::data, fmt::format("named like YuNet, but output {} has {} numbers instead of {}", names[i],
                                                results[i].total(), expected)};
    }
}

RecogniserDescription read_description(fs::path const& path) {
    auto const text = read_file(path, k_max_description_bytes);
    if (!text && text.error().kind() == Kind::no_input) {
        throw Error{Kind::data,
                    fmt::format("an ONNX network needs a description of its input, and {} is not there; write it (see "
                                "\"ONNX recognisers\" in `bioctl help models`)",
                                printable(path.string()))};
    }
    try {
        if (!text) throw text.error();
        return recogniser_from_json(*text);
    } catch (Error const& error) {
        throw error.within(fmt::format("description {}", printable(path.string())));
    }
}

int dimensions_of(Bytes const& file, OnnxOutline const& outline, int side) {
    if (outline.inputs.size() != 1 || outline.outputs.size() != 1)
        throw Error{Kind::data, fmt::format("an ONNX network with {} inputs and {} outputs; a face recogniser has one of each",
                                            outline.inputs.size(), outline.outputs.size())};
    auto const result = run_on_zeros(file, side, outline.outputs).at(0);
    auto const total = result.total();
    if (result.type() != CV_32F || total < 16 || total > k_max_dimensions || !cv::checkRange(result))
        throw Error{Kind::data, fmt::format("an ONNX network whose answer is not a face vector ({} numbers; 16 to {} are usual)",
                                            total, k_max_dimensions)};
    return static_cast<int>(total);
}

}  // namespace

PreparedModel prepare_onnx(Bytes file, fs::path const& description) {
    auto const outline = read_onnx_outline(file);
    PreparedModel model;
    if (is_yunet(outline)) {
        require_yunet_shapes(file);
        model.info.kind = ModelKind::detector;
        model.info.format = ModelFormat::yunet_onnx;
        model.info.title = "YuNet face detector";
    } else {
        auto const told = read_description(description);
        model.info.kind = ModelKind::embedder;
        model.info.format = ModelFormat::recogniser_onnx;
        model.info.dimensions = dimensions_of(file, outline, told.input.size);
        model.info.title = told.title.empty() ? fmt::format("ONNX recogniser, {} numbers", model.info.dimensions) : told.title;
        model.info.licence = told.licence;
        model.info.source = told.source;
        model.info.scale = told.norm;
        model.info.input = told.input;
        model.info.threshold_verify = told.threshold_verify;
        model.info.threshold_identify = told.threshold_identify;
        model.info.threshold_duplicate = told.threshold_duplicate;
    }
    model.weights = std::move(file);
    model.weights_name = "model.onnx";
    return model;
}

}  // namespace bioctl::face
