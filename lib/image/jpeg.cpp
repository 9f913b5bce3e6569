#include "lib/image/codecs.hpp"
#include "lib/image/colour.hpp"
#include "lib/image/jpeg_errors.hpp"

#include <jerror.h>  // wants jpeglib.h before it

namespace bioctl::image {

namespace {

// Encoders write some ten scans; thousands of empty ones over a large picture are a small file that keeps a core busy for hours.
constexpr int k_most_scans = 1000;

// UVC and surveillance cameras pad the data before the end marker by a few bytes, and phones write odd colour remarks: the
// picture is whole. All other warnings mean that libjpeg has begun to make pixels up.
bool is_harmless(jpeg_error_mgr const& error) {
    constexpr int k_most_padding = 16;
    switch (error.msg_code) {
        case JWRN_EXTRANEOUS_DATA: return error.msg_parm.i[1] == JPEG_EOI && error.msg_parm.i[0] <= k_most_padding;
        case JWRN_JFIF_MAJOR:
        case JWRN_ADOBE_XFORM:
        case JWRN_BOGUS_PROGRESSION:
        case JWRN_BOGUS_ICC: return true;
        default: return false;
    }
}

void on_message(j_common_ptr info, int level) {
    bool const is_warning = level < 0;
    if (is_warning && !is_harmless(*info->err)) JpegErrors::of(info).leave(info);
}

void on_progress(j_common_ptr info) {
    bool const is_sane = reinterpret_cast<j_decompress_ptr>(info)->input_scan_number <= k_most_scans;
    if (!is_sane) JpegErrors::of(info).refuse("it has more than 1000 scans");
}

class Decompressor {
public:
    Decompressor() {
        m_info.err = &m_errors.base();
        m_info.client_data = &m_errors;
        m_errors.base().emit_message = on_message;
        m_progress.progress_monitor = on_progress;
    }
    Decompressor(Decompressor const&) = delete;
    Decompressor& operator=(Decompressor const&) = delete;
    ~Decompressor() { jpeg_destroy_decompress(&m_info); }

    [[nodiscard]] bool open(ByteView file) {
        return m_errors.run([&] {
            jpeg_create_decompress(&m_info);
            m_info.progress = &m_progress;
            jpeg_mem_src(&m_info, reinterpret_cast<unsigned char const*>(file.data()), file.size());
            jpeg_read_header(&m_info, TRUE);
        });
    }
    [[nodiscard]] bool start(int reduction) {
        bool const is_cmyk = m_info.jpeg_color_space == JCS_CMYK || m_info.jpeg_color_space == JCS_YCCK;
        m_info.out_color_space = is_cmyk ? JCS_CMYK : JCS_EXT_BGR;
        m_info.scale_num = 1;
        m_info.scale_denom = static_cast<unsigned>(reduction);
        return m_errors.run([&] { jpeg_start_decompress(&m_info); });
    }
    [[nodiscard]] bool read(cv::Mat& pixels) {
        bool const is_read = m_info.out_color_space == JCS_CMYK ? read_cmyk(pixels) : read_bgr(pixels);
        return is_read && m_errors.run([&] { jpeg_finish_decompress(&m_info); });
    }

    [[nodiscard]] jpeg_decompress_struct const& info() const { return m_info; }
    [[nodiscard]] tl::unexpected<Failure> failure() const {
        switch (m_errors.code()) {
            case JWRN_JPEG_EOF:
            case JERR_INPUT_EOF:
            case JERR_INPUT_EMPTY: return truncated(Format::jpeg);
            default: return damaged(Format::jpeg, m_errors.message());
        }
    }

private:
    bool read_bgr(cv::Mat& pixels) {
        return m_errors.run([&] {
            while (m_info.output_scanline < m_info.output_height) {
                JSAMPROW row = pixels.ptr(static_cast<int>(m_info.output_scanline));
                jpeg_read_scanlines(&m_info, &row, 1);
            }
        });
    }
    bool read_cmyk(cv::Mat& pixels) {
        cv::Mat line{cv::Size{pixels.cols, 1}, CV_8UC4};
        return m_errors.run([&] {
            while (m_info.output_scanline < m_info.output_height) {
                auto* const bgr = pixels.ptr(static_cast<int>(m_info.output_scanline));
                JSAMPROW row = line.ptr();
                jpeg_read_scanlines(&m_info, &row, 1);
                // Adobe's programs store inverted ink and leave their mark; nobody else writes CMYK in numbers.
                if (m_info.saw_Adobe_marker == FALSE) invert(row, pixels.cols * 4);
                adobe_cmyk_to_bgr(row, bgr, pixels.cols);
            }
        });
    }
    static void invert(JSAMPROW row, int count) {
        for (int i = 0; i < count; ++i)
            row[i] = static_cast<JSAMPLE>(MAXJSAMPLE - row[i]);
    }

    jpeg_decompress_struct m_info{};
    JpegErrors m_errors;
    jpeg_progress_mgr m_progress{};
};

}  // namespace

Outcome<cv::Mat> decode_jpeg(ByteView file, Header const& header, int reduction) {
    Decompressor jpeg;
    if (!jpeg.open(file)) return jpeg.failure();
    auto const& info = jpeg.info();
    // The size that was judged is the size that is decoded, even if a hostile file made the two readers disagree.
    if (static_cast<int>(info.image_width) != header.width || static_cast<int>(info.image_height) != header.height) {
        return damaged(Format::jpeg, "it claims two sizes");
    }
    if (!jpeg.start(reduction)) return jpeg.failure();
    cv::Mat pixels{cv::Size{static_cast<int>(info.output_width), static_cast<int>(info.output_height)}, CV_8UC3};
    if (!jpeg.read(pixels)) return jpeg.failure();
    return pixels;
}

}  // namespace bioctl::image
