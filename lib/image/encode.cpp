#include <cstdlib>
#include <memory>

#include <fmt/format.h>
#include <png.h>
#include <opencv2/core/mat.hpp>

#include "lib/image/jpeg_errors.hpp"
#include "lib/image/photo.hpp"

namespace bioctl::image {

namespace {

bool is_grey(cv::Mat const& pixels) {
    if (pixels.empty() || (pixels.type() != CV_8UC1 && pixels.type() != CV_8UC3)) {
        throw Error{Kind::bug, "only 8-bit grey and BGR pictures with pixels can be encoded"};
    }
    return pixels.type() == CV_8UC1;
}

class Compressor {
public:
    Compressor() {
        m_info.err = &m_errors.base();
        m_info.client_data = &m_errors;
    }
    Compressor(Compressor const&) = delete;
    Compressor& operator=(Compressor const&) = delete;
    ~Compressor() {
        jpeg_destroy_compress(&m_info);
        std::free(m_data);
    }

    Bytes compress(cv::Mat const& pixels, int quality) {
        bool const is_done = m_errors.run([&] {
            jpeg_create_compress(&m_info);
            jpeg_mem_dest(&m_info, &m_data, &m_size);
            m_info.image_width = static_cast<JDIMENSION>(pixels.cols);
            m_info.image_height = static_cast<JDIMENSION>(pixels.rows);
            m_info.input_components = pixels.channels();
            m_info.in_color_space = pixels.channels() == 1 ? JCS_GRAYSCALE : JCS_EXT_BGR;
            jpeg_set_defaults(&m_info);
            jpeg_set_quality(&m_info, quality, TRUE);
            jpeg_start_compress(&m_info, TRUE);
            while (m_info.next_scanline < m_info.image_height) {
                auto* row = const_cast<JSAMPROW>(pixels.ptr(static_cast<int>(m_info.next_scanline)));
                jpeg_write_scanlines(&m_info, &row, 1);
            }
            jpeg_finish_compress(&m_info);
        });
        if (!is_done) throw Error{Kind::data, fmt::format("the picture cannot be written as JPEG: {}", m_errors.message())};
        auto const* const begin = reinterpret_cast<std::byte const*>(m_data);
        return {begin, begin + m_size};
    }

private:
    jpeg_compress_struct m_info{};
    JpegErrors m_errors;
    unsigned char* m_data = nullptr;  // malloc'ed by jpeg_mem_dest
    unsigned long m_size = 0;
};

}  // namespace

Bytes encode_jpeg(cv::Mat const& pixels, int quality) {
    is_grey(pixels);
    return Compressor{}.compress(pixels, quality);
}

Bytes encode_png(cv::Mat const& pixels) {
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    image.width = static_cast<png_uint_32>(pixels.cols);
    image.height = static_cast<png_uint_32>(pixels.rows);
    image.format = is_grey(pixels) ? PNG_FORMAT_GRAY : PNG_FORMAT_BGR;
    png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
    Bytes bytes(size);
    auto const stride = static_cast<png_int_32>(pixels.step);
    if (png_image_write_to_memory(&image, bytes.data(), &size, 0, pixels.data, stride, nullptr) == 0) {
        throw Error{Kind::data, fmt::format("the picture cannot be written as PNG: {}", static_cast<char const*>(image.message))};
    }
    bytes.resize(size);
    bytes.shrink_to_fit();
    return bytes;
}

}  // namespace bioctl::image
