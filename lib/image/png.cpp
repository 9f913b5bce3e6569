#include <array>
#include <csetjmp>
#include <cstdio>
#include <cstring>
#include <limits>

#include <png.h>

#include "lib/image/codecs.hpp"
#include "lib/image/colour.hpp"
#include "lib/image/exif.hpp"
#include "lib/image/fields.hpp"

namespace bioctl::image {

namespace {

constexpr std::size_t k_signature_size = 8;
constexpr std::size_t k_chunk_frame = 12;  // length, name, CRC

// eXIf may stand anywhere between IHDR and IEND, also behind the pixels.
int find_orientation(ByteView file) {
    Fields const fields{file, std::endian::big};
    std::size_t at = k_signature_size;
    while (auto const length = fields.u32(at)) {
        if (file.size() - at < k_chunk_frame || *length > file.size() - at - k_chunk_frame) break;
        auto const name = as_text(file.subspan(at + 4, 4));
        if (name == "eXIf") return exif_orientation(file.subspan(at + 8, *length));
        if (name == "IEND") break;
        at += k_chunk_frame + *length;
    }
    return 1;
}

}  // namespace

Outcome<Header> read_png_header(ByteView file) {
    Fields const fields{file, std::endian::big};
    auto const width = fields.u32(16);
    auto const height = fields.u32(20);
    if (!width || !height) return truncated(Format::png);
    constexpr std::uint32_t k_most = std::numeric_limits<std::int32_t>::max();
    bool const is_size = *width >= 1 && *width <= k_most && *height >= 1 && *height <= k_most;
    if (as_text(file.subspan(12, 4)) != "IHDR" || !is_size) return damaged(Format::png, "it has no size");
    return Header{Format::png, static_cast<int>(*width), static_cast<int>(*height), find_orientation(file)};
}

namespace {

class Reader {
public:
    explicit Reader(ByteView file) : m_rest(file) {
        m_png = png_create_read_struct(PNG_LIBPNG_VER_STRING, this, on_error, on_warning);
        if (m_png != nullptr) m_info = png_create_info_struct(m_png);
        if (m_info == nullptr) {
            png_destroy_read_struct(&m_png, nullptr, nullptr);
            throw std::bad_alloc{};
        }
        png_set_read_fn(m_png, this, on_read);
    }
    Reader(Reader const&) = delete;
    Reader& operator=(Reader const&) = delete;
    ~Reader() { png_destroy_read_struct(&m_png, &m_info, nullptr); }

    /// Reads up to the pixels and orders them as 8-bit BGR or BGRA.
    [[nodiscard]] bool open(Header const& header) {
        return run([&] {
            png_set_user_limits(m_png, static_cast<png_uint_32>(header.width), static_cast<png_uint_32>(header.height));
            png_set_keep_unknown_chunks(m_png, PNG_HANDLE_CHUNK_NEVER, nullptr, 0);
            png_read_info(m_png, m_info);
            png_set_expand(m_png);
            png_set_scale_16(m_png);
            png_set_gray_to_rgb(m_png);
            png_set_bgr(m_png);
            png_set_interlace_handling(m_png);
            png_read_update_info(m_png, m_info);
        });
    }
    [[nodiscard]] int channels() const { return png_get_channels(m_png, m_info); }
    [[nodiscard]] cv::Size size() const {
        return {static_cast<int>(png_get_image_width(m_png, m_info)), static_cast<int>(png_get_image_height(m_png, m_info))};
    }
    [[nodiscard]] bool read(cv::Mat& pixels) {
        std::vector<png_bytep> rows(static_cast<std::size_t>(pixels.rows));
        for (int y = 0; y < pixels.rows; ++y)
            rows[static_cast<std::size_t>(y)] = pixels.ptr(y);
        auto* const* const data = rows.data();
        return run([&] {
            png_read_image(m_png, const_cast<png_bytepp>(data));
            png_read_end(m_png, nullptr);
        });
    }
    [[nodiscard]] tl::unexpected<Failure> failure() const {
        return m_is_at_end ? truncated(Format::png) : damaged(Format::png, m_message.data());
    }

private:
    /// `step` is left by longjmp on an error: it may hold nothing with a destructor.
    template <class Step>
    bool run(Step step) {
        if (setjmp(png_jmpbuf(m_png)) != 0) return false;
        step();
        return true;
    }

    static void on_error(png_structp png, png_const_charp message) {
        auto* const self = static_cast<Reader*>(png_get_error_ptr(png));
        std::snprintf(self->m_message.data(), self->m_message.size(), "%s", message);
        png_longjmp(png, 1);
    }
    // libpng warns about remarks and colour profiles; what spoils pixels is an error.
    static void on_warning(png_structp, png_const_charp) {}
    static void on_read(png_structp png, png_bytep to, std::size_t count) {
        auto* const self = static_cast<Reader*>(png_get_io_ptr(png));
        if (count > self->m_rest.size()) {
            self->m_is_at_end = true;
            png_error(png, "end of file");
        }
        std::memcpy(to, self->m_rest.data(), count);
        self->m_rest = self->m_rest.subspan(count);
    }

    ByteView m_rest;
    png_structp m_png = nullptr;
    png_infop m_info = nullptr;
    std::array<char, 128> m_message{};
    bool m_is_at_end = false;
};

}  // namespace

Outcome<cv::Mat> decode_png(ByteView file, Header const& header) {
    Reader png{file};
    if (!png.open(header)) return png.failure();
    bool const has_alpha = png.channels() == 4;
    if (png.size() != cv::Size{header.width, header.height} || (!has_alpha && png.channels() != 3)) {
        return damaged(Format::png, "its header contradicts itself");
    }
    cv::Mat pixels{png.size(), has_alpha ? CV_8UC4 : CV_8UC3};
    if (!png.read(pixels)) return png.failure();
    return has_alpha ? blend_on_white(pixels) : pixels;
}

}  // namespace bioctl::image
