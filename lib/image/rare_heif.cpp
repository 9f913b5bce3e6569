#include <algorithm>
#include <cstring>
#include <exception>
#include <memory>

#include <libheif/heif.h>

#include "lib/image/rare_codecs.hpp"
#include "lib/image/rare_heif_items.hpp"
#include "lib/image/rare_heif_sizes.hpp"

namespace bioctl::image {

namespace {

template <class T, void (*Free)(T*)>
struct Freer {
    void operator()(T* object) const { Free(object); }
};
using Context = std::unique_ptr<heif_context, Freer<heif_context, heif_context_free>>;
using Options = std::unique_ptr<heif_decoding_options, Freer<heif_decoding_options, heif_decoding_options_free>>;
using Handle = std::unique_ptr<heif_image_handle const, Freer<heif_image_handle const, heif_image_handle_release>>;
using Image = std::unique_ptr<heif_image const, Freer<heif_image const, heif_image_release>>;

/// The main photo of a file (phones add thumbnails, depth maps and the frames of a film).
class Photo {
public:
    Photo(RareFile file, RareFailure& failure) : m_context(heif_context_alloc()) {
        if (auto const error = heif_context_read_from_memory_without_copy(m_context.get(), file.data, file.size, nullptr);
            error.code != heif_error_Ok) {
            fail(failure, error.message);
            return;
        }
        heif_image_handle* handle = nullptr;
        if (auto const error = heif_context_get_primary_image_handle(m_context.get(), &handle); error.code != heif_error_Ok) {
            fail(failure, error.message);
            return;
        }
        m_handle.reset(handle);
    }
    [[nodiscard]] heif_image_handle const* handle() const { return m_handle.get(); }

private:
    Context m_context;
    Handle m_handle;
};

std::uint64_t area(int width, int height) {
    return static_cast<std::uint64_t>(std::max(width, 0)) * static_cast<std::uint64_t>(std::max(height, 0));
}

int read_header(RareFile file, RareHeader* header, RareFailure* failure) {
    if (!can_be_put_together(file)) return fail(*failure, "its pictures are made of each other without end");
    Photo const photo{file, *failure};
    if (photo.handle() == nullptr) return 0;
    auto const* const handle = photo.handle();
    int const width = heif_image_handle_get_width(handle);
    int const height = heif_image_handle_get_height(handle);
    if (width < 1 || height < 1) return fail(*failure, "it has no size");
    auto const stored = area(heif_image_handle_get_ispe_width(handle), heif_image_handle_get_ispe_height(handle));
    // The container may lie about what its bitstreams hold.
    *header = {width, height, 1, std::max({stored, area(width, height), largest_heif_picture(file)})};
    return 1;
}

Image decode_handle(heif_image_handle const* handle, heif_chroma chroma, RareFailure& failure) {
    Options const options{heif_decoding_options_alloc()};
    options->convert_hdr_to_8bit = 1;
    options->strict_decoding = 1;
    heif_image* image = nullptr;
    auto const error = heif_decode_image(handle, &image, heif_colorspace_RGB, chroma, options.get());
    if (error.code != heif_error_Ok) fail(failure, error.message);
    return Image{image};
}

void copy_rgb(unsigned char const* from, unsigned char* to, int width) {
    for (int x = 0; x < width; ++x, from += 3, to += 3) {
        to[0] = from[2];
        to[1] = from[1];
        to[2] = from[0];
    }
}

void copy_rgba(unsigned char const* from, unsigned char* to, int width, unsigned char (*over_white)(unsigned, unsigned)) {
    for (int x = 0; x < width; ++x, from += 4, to += 3) {
        to[0] = over_white(from[2], from[3]);
        to[1] = over_white(from[1], from[3]);
        to[2] = over_white(from[0], from[3]);
    }
}

int decode(RareFile file, RareHeader const* header, unsigned char* bgr, std::size_t step, RareFailure* failure) {
    Photo const photo{file, *failure};
    if (photo.handle() == nullptr) return 0;
    bool const has_alpha = heif_image_handle_has_alpha_channel(photo.handle()) != 0;
    auto const over_white = heif_image_handle_is_premultiplied_alpha(photo.handle()) != 0 ? premultiplied_on_white : on_white;
    auto const image =
        decode_handle(photo.handle(), has_alpha ? heif_chroma_interleaved_RGBA : heif_chroma_interleaved_RGB, *failure);
    if (!image) return 0;
    int stride = 0;
    auto const* const plane = heif_image_get_plane_readonly(image.get(), heif_channel_interleaved, &stride);
    bool const is_as_announced = heif_image_get_width(image.get(), heif_channel_interleaved) == header->width &&
                                 heif_image_get_height(image.get(), heif_channel_interleaved) == header->height;
    if (plane == nullptr || !is_as_announced) return fail(*failure, "its picture has not the size of its header");
    for (std::int32_t y = 0; y < header->height; ++y) {
        auto const* const from = plane + static_cast<std::ptrdiff_t>(y) * stride;
        auto* const to = bgr + static_cast<std::size_t>(y) * step;
        if (has_alpha) {
            copy_rgba(from, to, header->width, over_white);
        } else {
            copy_rgb(from, to, header->width);
        }
    }
    return 1;
}

int decode_or_fail(RareFile file, RareHeader const* header, unsigned char* bgr, std::size_t step, RareFailure* failure) try {
    return decode(file, header, bgr, step, failure);
} catch (std::exception const& error) {
    return fail(*failure, error.what());
}

int read_header_or_fail(RareFile file, RareHeader* header, RareFailure* failure) try {
    return read_header(file, header, failure);
} catch (std::exception const& error) {
    return fail(*failure, error.what());
}

}  // namespace

RareCodec const k_heif_codec{read_header_or_fail, decode_or_fail};

}  // namespace bioctl::image
