#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cmd/ui/output.hpp"
#include "cmd/ui/render.hpp"
#include "lib/base/bytes.hpp"
#include "lib/base/text.hpp"

namespace bioctl::ui {

namespace {

using Json = nlohmann::ordered_json;

Json to_json(Value const& value);

Json to_json(Fields const& fields);

/// The exact bytes of text that JSON cannot hold; null if it can.
Json exact_bytes(Value const& value) {
    if (auto const* text = std::get_if<std::string>(&value.variant())) {
        return is_utf8(*text) ? Json{} : Json(to_base64(as_bytes(*text)));
    }
    auto const* array = std::get_if<Value::Array>(&value.variant());
    if (array == nullptr) return {};
    Json all = Json::array();
    bool is_needed = false;
    for (auto const& element : *array) {
        auto const* text = std::get_if<std::string>(&element.variant());
        if (text == nullptr) return {};
        all.push_back(to_base64(as_bytes(*text)));
        is_needed = is_needed || !is_utf8(*text);
    }
    return is_needed ? all : Json{};
}

void add_fields(Json& object, Fields const& fields) {
    for (auto const& [name, value] : fields) {
        object[name] = to_json(value);
        if (auto bytes = exact_bytes(value); !bytes.is_null()) object[name + "_base64"] = std::move(bytes);
    }
}

Json to_json(Fields const& fields) {
    Json object = Json::object();
    add_fields(object, fields);
    return object;
}

struct ToJson {
    Json operator()(std::monostate) const { return nullptr; }
    Json operator()(bool value) const { return value; }
    Json operator()(std::int64_t value) const { return value; }
    Json operator()(double value) const { return std::isfinite(value) ? Json(value) : Json{}; }
    Json operator()(Value::Decimal const& value) const {
        // Rounded by the decimal text, so that every rendering shows the same number.
        return std::isfinite(value.value) ? Json(std::stod(to_text(value))) : Json{};
    }
    Json operator()(std::string const& value) const { return value; }
    Json operator()(Value::Array const& values) const {
        Json array = Json::array();
        for (auto const& value : values)
            array.push_back(to_json(value));
        return array;
    }
    Json operator()(Value::Object const& fields) const { return to_json(fields); }
};

Json to_json(Value const& value) {
    return std::visit(ToJson{}, value.variant());
}

}  // namespace

std::string to_json_line(std::string_view type, Fields const& fields) {
    Json line = Json::object();
    line["type"] = type;
    add_fields(line, fields);
    return line.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace bioctl::ui
