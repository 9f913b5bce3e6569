#include "lib/face/model_import.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/base/text.hpp"

namespace bioctl::face {

namespace {

// dlib's 68-point predictor, the largest file of use, has 100 MB; recognisers of 250 MB are published.
constexpr std::uint64_t k_max_model_bytes = 600'000'000;
constexpr std::size_t k_max_id = 64;

struct Signature {
    std::string_view prefix;
    std::string_view verdict;
};

constexpr std::array<Signature, 8> k_not_models{{
    {"BZh", "compressed with bzip2; unpack it first (bunzip2)"},
    {"7z\xBC\xAF\x27\x1C", "a 7-Zip archive; unpack it first (7z x)"},
    {"PK\x03\x04", "a ZIP archive; unpack it first"},
    {"\x1F\x8B", "compressed with gzip; unpack it first (gunzip)"},
    {"\xFD"
     "7zXZ",
     "compressed with xz; unpack it first (unxz)"},
    {"version https://git-lfs", "a Git LFS pointer, not the model; download the file itself"},
    {"<", "a web page or XML, not a model; download the file itself"},
    {"{", "JSON; name the model file that it describes"},
}};

PreparedModel prepare(Bytes file, fs::path const& description) {
    switch (kind_of_file(file)) {
        case FileKind::dlib_resnet: return prepare_dlib_resnet(std::move(file));
        case FileKind::dlib_shape: return prepare_dlib_shape(std::move(file));
        case FileKind::onnx: return prepare_onnx(std::move(file), description);
    }
    throw Error{Kind::bug, "a FileKind without a reader"};
}

void require_digest(Bytes const& file, std::string_view found, std::string_view expected) {
    if (expected.empty() || to_lower_ascii(expected) == found) return;
    throw Error{Kind::data,
                fmt::format("has the SHA-256 {}, but {} was expected ({} bytes); get the file again, from a source you trust",
                            found, printable(expected), file.size())};
}

fs::path description_of(ImportRequest const& request) {
    return request.description.empty() ? fs::path{request.file}.replace_extension(".json") : request.description;
}

}  // namespace

FileKind kind_of_file(ByteView file) {
    auto const text = as_text(file);
    if (text.empty()) throw Error{Kind::data, "not a model bioctl knows: empty"};
    for (auto const& [prefix, verdict] : k_not_models) {
        if (text.starts_with(prefix)) throw Error{Kind::data, fmt::format("not a model bioctl knows: {}", verdict)};
    }
    // dlib: version 1 as control byte and byte, then the name of the loss layer, or the mean shape with its negative size.
    constexpr std::string_view version_one{"\x01\x01", 2};
    if (!text.starts_with(version_one)) return FileKind::onnx;
    auto const rest = text.substr(version_one.size());
    if (rest.size() > 2 && rest.substr(2).starts_with("loss_")) return FileKind::dlib_resnet;
    if (rest.starts_with('\x81') || rest.starts_with('\x82')) return FileKind::dlib_shape;
    throw Error{Kind::data,
                "not a model bioctl knows: a dlib file, but neither a face recogniser nor a shape predictor, or truncated"};
}

PreparedModel prepare_model(ImportRequest const& request) {
    auto file = read_file(request.file, k_max_model_bytes).or_throw();
    try {
        auto const digest = to_hex(sha256(file));
        require_digest(file, digest, request.expected_sha256);
        auto model = prepare(std::move(file), description_of(request));
        auto const origin = fmt::format("{} (sha256 {})", printable(request.file.filename().string()), digest);
        if (!request.source.empty()) model.info.source = request.source;
        model.info.source = model.info.source.empty() ? origin : fmt::format("{}; {}", model.info.source, origin);
        if (!request.title.empty()) model.info.title = request.title;
        if (!request.licence.empty()) model.info.licence = request.licence;
        return model;
    } catch (Error const& error) {
        throw error.within(printable(request.file.string()));
    }
}

std::string id_from_file_name(fs::path const& file) {
    std::string id;
    for (char const c : to_lower_ascii(file.stem().string())) {
        bool const is_plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
        if (is_plain) {
            id += c;
        } else if (!id.empty() && id.back() != '-') {
            id += '-';
        }
    }
    while (!id.empty() && (id.front() == '_' || id.front() == '-'))
        id.erase(0, 1);
    id.resize(std::min(id.size(), k_max_id));
    while (!id.empty() && id.back() == '-')
        id.pop_back();
    return id.empty() ? "model" : id;
}

void require_model_id(std::string_view id) {
    constexpr std::string_view first = "abcdefghijklmnopqrstuvwxyz0123456789";
    bool const is_good = !id.empty() && id.size() <= k_max_id && first.find(id.front()) != std::string_view::npos &&
                         id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_.") == std::string_view::npos;
    // <imported_dir>/active.json is a file of ours.
    if (!is_good || id.ends_with(".json"))
        throw Error{Kind::usage,
                    fmt::format("'{}' cannot be the id of a model: 1 to {} lower-case letters, digits, '-', '_' and '.', "
                                "beginning with a letter or digit, not ending in .json",
                                printable(id), k_max_id)};
}

}  // namespace bioctl::face
