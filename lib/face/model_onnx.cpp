#include "lib/face/model_onnx.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "lib/base/error.hpp"

namespace bioctl::face {

namespace {

// Field numbers of onnx.proto3 (ModelProto, GraphProto, ValueInfoProto, TensorProto).
constexpr std::uint64_t k_model_graph = 7;
constexpr std::uint64_t k_graph_node = 1, k_graph_initializer = 5, k_graph_input = 11, k_graph_output = 12;
constexpr std::uint64_t k_value_name = 1, k_tensor_name = 8;

[[noreturn]] void not_onnx() {
    throw Error{Kind::data, "not a model bioctl knows: neither a dlib .dat file nor ONNX, or damaged; get the file again"};
}

[[noreturn]] void truncated() {
    throw Error{Kind::data, "truncated or damaged ONNX file; get it again"};
}

enum class Wire : unsigned { varint = 0, fixed64 = 1, bytes = 2, fixed32 = 5 };

struct Field {
    std::uint64_t number = 0;
    Wire wire{};
    ByteView bytes;  ///< Wire::bytes only
};

/// The fields of one message, one after another.
class Message {
public:
    explicit Message(ByteView bytes) : m_rest(bytes) {}

    std::optional<Field> next() {
        if (m_rest.empty()) return std::nullopt;
        auto const tag = varint();
        Field field{tag >> 3U, static_cast<Wire>(tag & 7U), {}};
        if (field.number == 0) not_onnx();
        switch (field.wire) {
            case Wire::varint: varint(); return field;
            case Wire::fixed64: take(8); return field;
            case Wire::bytes: field.bytes = take(varint()); return field;
            case Wire::fixed32: take(4); return field;
        }
        not_onnx();
    }

private:
    std::uint64_t varint() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            auto const byte = std::to_integer<std::uint64_t>(take(1)[0]);
            value |= (byte & 0x7FU) << shift;
            if ((byte & 0x80U) == 0) return value;
        }
        not_onnx();
    }
    ByteView take(std::uint64_t count) {
        if (count > m_rest.size()) truncated();
        auto const taken = m_rest.first(count);
        m_rest = m_rest.subspan(count);
        return taken;
    }

    ByteView m_rest;
};

std::string name_in(ByteView bytes, std::uint64_t number) {
    Message message{bytes};
    while (auto const field = message.next()) {
        if (field->number == number && field->wire == Wire::bytes) return std::string{as_text(field->bytes)};
    }
    return "";
}

OnnxOutline outline_of_graph(ByteView bytes) {
    OnnxOutline outline;
    std::vector<std::string> initializers;
    Message graph{bytes};
    while (auto const field = graph.next()) {
        if (field->wire != Wire::bytes) continue;
        if (field->number == k_graph_node) ++outline.nodes;
        if (field->number == k_graph_initializer) initializers.push_back(name_in(field->bytes, k_tensor_name));
        if (field->number == k_graph_input) outline.inputs.push_back(name_in(field->bytes, k_value_name));
        if (field->number == k_graph_output) outline.outputs.push_back(name_in(field->bytes, k_value_name));
    }
    std::sort(initializers.begin(), initializers.end());
    std::erase_if(outline.inputs,
                  [&](std::string const& name) { return std::binary_search(initializers.begin(), initializers.end(), name); });
    return outline;
}

}  // namespace

OnnxOutline read_onnx_outline(ByteView file) {
    std::optional<OnnxOutline> outline;
    Message model{file};
    while (auto const field = model.next()) {
        if (field->number != k_model_graph) continue;
        if (field->wire != Wire::bytes || outline) not_onnx();
        outline = outline_of_graph(field->bytes);
    }
    if (!outline || outline->nodes == 0 || outline->outputs.empty()) not_onnx();
    return *outline;
}

}  // namespace bioctl::face
