#include "tests/unit/face/models_data.hpp"

namespace bioctl::test {

namespace {

std::string varint(std::size_t value) {
    std::string bytes;
    while (value >= 0x80) {
        bytes += static_cast<char>((value & 0x7FU) | 0x80U);
        value >>= 7U;
    }
    return bytes + static_cast<char>(value);
}

std::string field(std::size_t number, std::string_view content) {
    return varint(number << 3U | 2U).append(varint(content.size())).append(content);
}

/// 0.5
std::string half() {
    return dlib_integer(1) + dlib_integer(-1);
}

std::string column(int rows) {
    auto text = dlib_integer(-rows) + dlib_integer(-1);
    for (int row = 0; row < rows; ++row)
        text += half();
    return text;
}

}  // namespace

fs::path builtin_dir() {
    return BIOCTL_MODELS;
}

std::string dlib_integer(std::int64_t value) {
    auto magnitude = static_cast<std::uint64_t>(value < 0 ? -value : value);
    std::string bytes;
    do {
        bytes += static_cast<char>(magnitude & 0xFFU);
        magnitude >>= 8U;
    } while (magnitude != 0);
    return static_cast<char>(bytes.size() | (value < 0 ? 0x80U : 0U)) + bytes;
}

std::string dlib_text(std::string_view value) {
    return dlib_integer(static_cast<std::int64_t>(value.size())).append(value);
}

std::string dlib_shape_file(int points, int pixel) {
    auto const split = dlib_integer(1) + dlib_integer(0) + dlib_integer(pixel) + half();
    auto const leaves = dlib_integer(2) + column(2 * points) + column(2 * points);
    auto const trees = dlib_integer(1) + dlib_integer(1) + split + leaves;
    auto const anchors = dlib_integer(1) + dlib_integer(2) + dlib_integer(0) + dlib_integer(points - 1);
    auto const offsets = dlib_integer(1) + dlib_integer(2) + half() + half() + half() + half();
    return dlib_integer(1) + column(2 * points) + trees + anchors + offsets;
}

std::string onnx_outline_file(std::initializer_list<std::string_view> outputs) {
    std::string graph = field(1, field(4, "Relu")) + field(11, field(1, "input")) + field(11, field(1, "weights")) +
                        field(5, field(8, "weights"));
    for (auto const name : outputs)
        graph += field(12, field(1, name));
    return std::string{"\x08\x07", 2} + field(7, graph);
}

}  // namespace bioctl::test
