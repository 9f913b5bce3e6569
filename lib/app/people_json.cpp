#include <charconv>
#include <cmath>
#include <cstdint>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "lib/app/people_transfer.hpp"
#include "lib/base/text.hpp"

namespace bioctl::app {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr int k_max_depth = 6;  // person, templates, template, vector or box, number; and one to spare
constexpr std::size_t k_max_templates = 10'000;
constexpr std::size_t k_max_dimensions = 4'096;
constexpr std::size_t k_max_text = 4'096;

/// What is wrong with a line; becomes the Error of from_json_line().
struct BadLine : std::runtime_error {
    using std::runtime_error::runtime_error;
};

json parse(std::string_view line) {
    auto const shallow = [](int depth, json::parse_event_t, json&) {
        if (depth > k_max_depth) throw BadLine{fmt::format("is nested deeper than {} levels", k_max_depth)};
        return true;
    };
    try {
        return json::parse(line, shallow);
    } catch (json::exception const& error) {
        // "[json.exception.parse_error.101] parse error at line 1, column 5: ...": the bracket is for programmers.
        std::string_view const text = error.what();
        auto const bracket = text.find("] ");
        throw BadLine{"is not JSON: " + printable(bracket == text.npos ? text : text.substr(bracket + 2))};
    }
}

json const* field(json const& object, char const* name) {
    auto const found = object.find(name);
    return found == object.end() || found->is_null() ? nullptr : &*found;
}

std::string text_field(json const& object, char const* name) {
    auto const* value = field(object, name);
    if (!value) return {};
    if (!value->is_string()) throw BadLine{fmt::format("'{}' is not text", name)};
    auto const& text = value->get_ref<std::string const&>();
    if (text.size() > k_max_text) throw BadLine{fmt::format("'{}' is longer than {} bytes", name, k_max_text)};
    return text;
}

double number_field(json const& object, char const* name, double least, double most) {
    auto const* value = field(object, name);
    if (!value) return 0;
    if (!value->is_number()) throw BadLine{fmt::format("'{}' is not a number", name)};
    double const number = value->get<double>();
    if (!(number >= least && number <= most)) throw BadLine{fmt::format("'{}' is not from {} to {}", name, least, most)};
    return number;
}

int int_field(json const& object, char const* name, int least, int most) {
    double const number = number_field(object, name, least, most);
    if (number != std::floor(number)) throw BadLine{fmt::format("'{}' is not a whole number", name)};
    return static_cast<int>(number);
}

json const& array_field(json const& object, char const* name, std::size_t most) {
    auto const* value = field(object, name);
    if (!value || !value->is_array()) throw BadLine{fmt::format("'{}' is missing or no array", name)};
    if (value->size() > most) throw BadLine{fmt::format("'{}' has {} entries, more than {}", name, value->size(), most)};
    return *value;
}

Sha256 digest_from(std::string_view hex) {
    Sha256 digest;
    if (hex.size() != digest.bytes.size() * 2) throw BadLine{"'photo_sha256' has not 64 hex digits"};
    for (std::size_t i = 0; i < digest.bytes.size(); ++i) {
        std::uint8_t byte = 0;
        auto const* const first = hex.data() + 2 * i;
        auto const [end, error] = std::from_chars(first, first + 2, byte, 16);
        if (error != std::errc{} || end != first + 2) throw BadLine{"'photo_sha256' has not 64 hex digits"};
        digest.bytes[i] = std::byte{byte};
    }
    return digest;
}

match::Precision precision_from(std::string_view name) {
    if (name.empty() || name == "float32") return match::Precision::float32;
    if (name == "float64") return match::Precision::float64;
    throw BadLine{fmt::format("'precision' is '{}', neither float32 nor float64", printable(name))};
}

void read_box(json const& object, store::Template& row) {
    constexpr int k_far = 1'000'000;
    auto const* box = field(object, "box");
    if (!box) return;
    if (!box->is_object()) throw BadLine{"'box' is no object"};
    row.box_top = int_field(*box, "top", -k_far, k_far);
    row.box_right = int_field(*box, "right", -k_far, k_far);
    row.box_bottom = int_field(*box, "bottom", -k_far, k_far);
    row.box_left = int_field(*box, "left", -k_far, k_far);
    if (row.box_top > row.box_bottom || row.box_left > row.box_right) throw BadLine{"'box' ends before it begins"};
}

Timestamp time_from(std::string const& text) {
    auto const time = from_rfc3339(text);
    if (!time) throw BadLine{"'created_at': " + time.error().message()};
    return *time;
}

void read_code(json const& object, store::Template& row) {
    auto const* value = field(object, "code");
    if (!value || !value->is_string()) throw BadLine{"'code' is missing or no text"};
    auto const& text = value->get_ref<std::string const&>();
    if (text.size() > k_max_text) throw BadLine{fmt::format("'code' is longer than {} bytes", k_max_text)};
    auto code = from_base64(text);
    if (!code) throw BadLine{"'code' is not base64"};
    row.code = std::move(*code);
}

void read_vector(json const& object, TransferTemplate& t) {
    auto const& vector = array_field(object, "vector", k_max_dimensions);
    t.values.reserve(vector.size());
    for (auto const& value : vector) {
        if (!value.is_number()) throw BadLine{"'vector' holds something that is no number"};
        t.values.push_back(value.get<double>());
    }
    t.precision = precision_from(text_field(object, "precision"));
}

store::Modality modality_from(std::string_view name) {
    if (name.empty() || name == name_of(store::Modality::face)) return store::Modality::face;
    if (name == name_of(store::Modality::palm)) return store::Modality::palm;
    throw BadLine{fmt::format("'modality' is '{}', neither face nor palm", printable(name))};
}

TransferTemplate template_from(json const& object) {
    if (!object.is_object()) throw BadLine{"an entry of 'templates' is no object"};
    TransferTemplate t;
    t.row.modality = modality_from(text_field(object, "modality"));
    t.row.modality == store::Modality::palm ? read_code(object, t.row) : read_vector(object, t);
    t.row.quality = static_cast<float>(number_field(object, "quality", 0, 1));
    if (auto const hex = text_field(object, "photo_sha256"); !hex.empty()) t.row.photo = digest_from(hex);
    t.row.face_index = int_field(object, "face_index", 0, 10'000);
    t.row.source = text_field(object, "source");
    t.row.rotation = int_field(object, "rotation", 0, 270);
    if (t.row.rotation % 90 != 0) throw BadLine{"'rotation' is no multiple of 90"};
    read_box(object, t.row);
    if (auto const time = text_field(object, "created_at"); !time.empty()) t.row.created_at = time_from(time);
    return t;
}

TransferPerson person_from(json const& object) {
    if (!object.is_object()) throw BadLine{"is no JSON object"};
    if (auto const type = text_field(object, "type"); !type.empty() && type != "person") {
        throw BadLine{fmt::format("is of type '{}', not 'person'", printable(type))};
    }
    TransferPerson person;
    person.person_id = text_field(object, "person_id");
    if (person.person_id.empty()) throw BadLine{"has no 'person_id'"};
    person.name = text_field(object, "name");
    person.contract = text_field(object, "contract");
    person.space = text_field(object, "space");
    for (auto const& entry : array_field(object, "templates", k_max_templates))
        person.templates.push_back(template_from(entry));
    return person;
}

/// An array of the shortest doubles. "-0" would read back as the integer 0 and lose its sign, hence "-0.0".
std::string to_text(std::vector<double> const& values) {
    std::string text = "[";
    for (double const value : values) {
        if (text.size() > 1) text += ',';
        text += value == 0 && std::signbit(value) ? std::string{"-0.0"} : fmt::format("{}", value);
    }
    return text + ']';
}

ordered_json metadata(TransferTemplate const& t) {
    auto const& row = t.row;
    ordered_json object;
    if (row.modality == store::Modality::face) {
        object["precision"] = t.precision == match::Precision::float64 ? "float64" : "float32";
    } else {
        object["modality"] = name_of(row.modality);
    }
    // float 0.9 is 0.89999998 as a double, which nobody wants to read
    object["quality"] = std::strtod(fmt::format("{}", row.quality).c_str(), nullptr);
    if (row.photo) {
        object["photo_sha256"] = to_hex(*row.photo);
        object["face_index"] = row.face_index;
        object["box"] = {{"top", row.box_top}, {"right", row.box_right}, {"bottom", row.box_bottom}, {"left", row.box_left}};
        object["rotation"] = row.rotation;
    }
    if (is_utf8(row.source)) object["source"] = row.source;
    object["created_at"] = to_rfc3339(row.created_at);
    return object;
}

}  // namespace

std::string to_json_line(TransferPerson const& person) {
    ordered_json const head{{"type", "person"},
                            {"person_id", person.person_id},
                            {"name", person.name},
                            {"contract", person.contract},
                            {"space", person.space}};
    // The vectors are most of the text and have to be exact, so they are written by us and joined to the rest.
    auto line = head.dump(-1, ' ', false, json::error_handler_t::replace);
    line.pop_back();
    line += ",\"templates\":[";
    for (auto const& t : person.templates) {
        if (line.back() == '}') line += ',';
        auto const content = t.row.modality == store::Modality::palm ? fmt::format("{{\"code\":\"{}\"", to_base64(t.row.code))
                                                                     : fmt::format("{{\"vector\":{}", to_text(t.values));
        line += fmt::format("{},{}", content, metadata(t).dump().substr(1));
    }
    return line + "]}";
}

Result<TransferPerson> from_json_line(std::string_view line) {
    try {
        return person_from(parse(line));
    } catch (BadLine const& bad) {
        return failure(Kind::data, bad.what());
    }
}

}  // namespace bioctl::app
