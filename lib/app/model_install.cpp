#include "lib/app/model_install.hpp"

#include <algorithm>
#include <array>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "lib/base/file.hpp"
#include "lib/base/text.hpp"
#include "lib/net/download.hpp"
#include "lib/net/unpack.hpp"

namespace bioctl::app {

namespace {

constexpr std::uint64_t k_max_unpacked_bytes = 200'000'000;

// Where the digests come from:
//   yunet          computed from the file of commit 0047ac24 of ShiqiYu/libfacedetection.train
//   yunet-2023mar  the Git LFS pointer (oid sha256) in opencv/opencv_zoo at 82b38c8f98e7b52aa171400f3e4c722352d0669f
//   dlib-official  sha256sums of the Arch package howdy (PKGBUILD in the AUR); the same in the installers of other projects
//   taguchi        none was found
constexpr std::array<OfferedModel, 4> k_offers{{
    {"yunet", "YuNet-n face detector, best at 320",
     "https://github.com/ShiqiYu/libfacedetection.train/raw/master/onnx/yunet_n_320_320.onnx",
     "81dbde155e982455488235acb8ec2dec5d647edf7cf7080d33e4abb69b93a0d2", 5'000'000, "", "Apache-2.0"},
    {"yunet-2023mar", "YuNet-n face detector, as OpenCV's model zoo has it",
     "https://media.githubusercontent.com/media/opencv/opencv_zoo/47534e27c9851bb1128ccc0102f1145e27f23f98/models/"
     "face_detection_yunet/face_detection_yunet_2023mar.onnx",
     "8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4", 5'000'000, "", "MIT"},
    {"dlib-official", "dlib's face ResNet, unquantised",
     "https://github.com/davisking/dlib-models/raw/2a61575dd45d818271c085ff8cd747613a48f20d/"
     "dlib_face_recognition_resnet_model_v1.dat.bz2",
     "abb1f61041e434465855ce81c2bd546e830d28bcbed8d27ffbe5bb408b11553a", 50'000'000, ".dat", "CC0-1.0"},
    {"taguchi", "dlib's face ResNet, trained on Asian faces by Taguchi",
     "https://github.com/TaguchiModels/dlibModels/raw/main/taguchi_face_recognition_resnet_model_v1.7z", "", 50'000'000, ".dat",
     "MIT"},
}};

std::string digest_of(fs::path const& file) {
    MappedFile const mapped{file};
    return to_hex(sha256(mapped.bytes()));
}

/// "…/models/yunet.onnx?raw=true" -> "yunet.onnx"
std::string file_name_of(std::string_view url) {
    url = url.substr(0, url.find_first_of("?#"));
    auto name = std::string{url.substr(url.rfind('/') + 1)};
    return name.empty() || name.starts_with('.') ? "download" : name;
}

void forget(fs::path const& file) {
    std::error_code absent;
    fs::remove(file, absent);
}

[[noreturn]] void ask_for_digest(OfferedModel const& offer, fs::path const& file, std::string const& found) {
    throw Error{
        Kind::usage,
        fmt::format("no SHA-256 of {} is known to bioctl. The file that was downloaded ({} bytes) has {}. If a source you "
                    "trust says the same: `bioctl models install {} --sha256 {}`",
                    offer.name, fs::file_size(file), found, offer.name, found)};
}

/// Makes sure that `file` is there and has the digest.
void fetch_checked(OfferedModel const& offer, InstallRequest const& request, fs::path const& file, net::HttpOptions const& http,
                   net::Progress const& progress) {
    auto const expected = to_lower_ascii(request.sha256.empty() ? offer.sha256 : std::string_view{request.sha256});
    bool const is_there = fs::is_regular_file(file) && (expected.empty() || digest_of(file) == expected);
    if (!is_there) {
        auto const url = request.url.empty() ? std::string{offer.url} : request.url;
        net::download({.url = url, .to = file, .max_bytes = offer.max_bytes, .progress = progress}, http).or_throw();
    }
    auto const found = digest_of(file);
    if (expected.empty()) ask_for_digest(offer, file, found);
    if (found == expected) return;
    auto const size = fs::file_size(file);
    forget(file);
    throw Error{Kind::data,
                fmt::format("{}: what was downloaded ({} bytes) has the SHA-256 {}, but {} was expected; it was deleted. "
                            "Try again, or another source with --url",
                            offer.name, size, found, printable(expected))};
}

}  // namespace

std::span<OfferedModel const> offered_models() {
    return k_offers;
}

OfferedModel const& find_offer(std::string_view name) {
    auto const found =
        std::find_if(k_offers.begin(), k_offers.end(), [&](OfferedModel const& offer) { return offer.name == name; });
    if (found != k_offers.end()) return *found;
    std::vector<std::string_view> names;
    for (auto const& offer : k_offers)
        names.push_back(offer.name);
    throw Error{Kind::no_input,
                fmt::format("'{}' is not in the list of models ({}){} a file you have is taken by `bioctl models import FILE`",
                            printable(name), fmt::join(names, ", "), did_you_mean(name, names))};
}

face::ModelInfo const& install_model(face::ModelRegistry& registry, InstallRequest const& request, net::HttpOptions const& http,
                                     net::Progress const& progress) {
    auto const& offer = find_offer(request.name);
    make_private_folders(request.downloads);
    auto const file = request.downloads / file_name_of(offer.url);
    fetch_checked(offer, request, file, http, progress);

    face::ImportRequest import{.file = file, .id = std::string{offer.name}};
    import.title = offer.title;
    import.licence = offer.licence;
    import.source = request.url.empty() ? std::string{offer.url} : request.url;
    if (!offer.packed_suffix.empty()) {
        import.file = request.downloads / fmt::format("{}{}", offer.name, offer.packed_suffix);
        net::unpack(file, offer.packed_suffix, import.file, k_max_unpacked_bytes).or_throw();
    }
    auto const& model = registry.import(import);
    forget(import.file);
    forget(file);
    return model;
}

}  // namespace bioctl::app
