#include <memory>
#include <mutex>

#include <dlfcn.h>
#include <fmt/format.h>

#include "lib/base/text.hpp"
#include "lib/image/codecs.hpp"
#include "lib/image/plugin.hpp"
#include "lib/image/rare_abi.hpp"

namespace bioctl::image {

namespace {

namespace fs = std::filesystem;

struct Slot {
    std::mutex mutex;
    fs::path folder;
    RareModule const* module = nullptr;  // never closed: codecs may be running in other threads
};

Slot& slot() {
    static Slot the_slot;
    return the_slot;
}

tl::unexpected<Failure> no_module(Format format, std::string const& cause) {
    return unreadable(fmt::format("is {}, which needs {}: {}", name_of(format), k_rare_file, cause));
}

Outcome<RareModule const*> open_module(Format format, fs::path const& folder) {
    if (folder.empty()) return no_module(format, "no plugin folder is set; save the photo as JPEG");
    auto const path = folder / k_rare_file;
    std::error_code unknown;
    if (!fs::exists(path, unknown)) {
        return no_module(
            format, fmt::format("not found in {}; install all of bioctl, or save the photo as JPEG", printable(folder.native())));
    }
    void* const handle = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) return no_module(format, fmt::format("{}; install libtiff6 and libheif1", printable(::dlerror())));
    auto const entry = reinterpret_cast<RareEntry>(::dlsym(handle, k_rare_entry));
    auto const* const module = entry == nullptr ? nullptr : entry();
    if (module != nullptr && module->version == k_rare_version) return module;
    ::dlclose(handle);
    return no_module(format, "it belongs to another version of bioctl; install both anew");
}

Outcome<RareCodec> codec_for(Format format) {
    auto& shared = slot();
    std::lock_guard const lock{shared.mutex};
    if (shared.module == nullptr) {
        auto const opened = open_module(format, shared.folder);
        if (!opened) return tl::unexpected(opened.error());
        shared.module = *opened;
    }
    return format == Format::tiff ? shared.module->tiff : shared.module->heif;
}

RareFile rare_file(ByteView file) {
    return {reinterpret_cast<unsigned char const*>(file.data()), file.size()};
}

Outcome<RareHeader> rare_header(ByteView file, Format format, RareCodec const& codec) {
    RareHeader header{};
    RareFailure failure{};
    if (codec.read_header(rare_file(file), &header, &failure) == 0) return damaged(format, failure.text);
    return header;
}

}  // namespace

void set_plugin_dir(fs::path const& folder) {
    auto& shared = slot();
    std::lock_guard const lock{shared.mutex};
    shared.folder = folder;
    shared.module = nullptr;
}

Outcome<Header> read_rare_header(ByteView file, Format format) {
    auto const codec = codec_for(format);
    if (!codec) return tl::unexpected(codec.error());
    auto const header = rare_header(file, format, *codec);
    if (!header) return tl::unexpected(header.error());
    return Header{format, header->width, header->height, header->orientation, header->stored_pixels};
}

Outcome<cv::Mat> decode_rare(ByteView file, Header const& header) {
    auto const codec = codec_for(header.format);
    if (!codec) return tl::unexpected(codec.error());
    auto const rare = rare_header(file, header.format, *codec);
    if (!rare) return tl::unexpected(rare.error());
    cv::Mat pixels{cv::Size{header.width, header.height}, CV_8UC3};
    RareFailure failure{};
    if (codec->decode(rare_file(file), &*rare, pixels.data, pixels.step, &failure) == 0)
        return damaged(header.format, failure.text);
    return pixels;
}

}  // namespace bioctl::image
