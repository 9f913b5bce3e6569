#include <algorithm>
#include <cstdarg>
#include <cstring>
#include <limits>
#include <memory>
#include <new>
#include <optional>

#include <tiffio.h>

#include "lib/image/rare_codecs.hpp"

namespace bioctl::image {

namespace {

/// A TIFF in memory, and libtiff's view of it.
class Tiff {
public:
    /// No single allocation of libtiff goes beyond `max_memory` bytes, whatever sizes the file claims.
    Tiff(RareFile file, std::uint64_t max_memory, RareFailure& failure) : m_file(file), m_failure(failure) {
        auto const options = Options{TIFFOpenOptionsAlloc(), TIFFOpenOptionsFree};
        if (!options) throw std::bad_alloc{};
        TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(), static_cast<tmsize_t>(max_memory));
        TIFFOpenOptionsSetErrorHandlerExtR(options.get(), on_error, this);
        TIFFOpenOptionsSetWarningHandlerExtR(options.get(), on_warning, nullptr);
        // Mapped: libtiff 4.5 refuses sound uncompressed tiles when it has to read them into buffers of its own.
        m_tiff = TIFFClientOpenExt("photo", "r", this, read, write, seek, close, size, map, unmap, options.get());
    }
    Tiff(Tiff const&) = delete;
    Tiff& operator=(Tiff const&) = delete;
    ~Tiff() {
        if (m_tiff != nullptr) TIFFClose(m_tiff);
    }

    [[nodiscard]] TIFF* get() const { return m_tiff; }

private:
    using Options = std::unique_ptr<TIFFOpenOptions, void (*)(TIFFOpenOptions*)>;

    // The first error is the cause; the later ones are its consequences.
    static int on_error(TIFF*, void* user, char const*, char const* format, std::va_list arguments) {
        auto& failure = static_cast<Tiff*>(user)->m_failure;
        if (failure.text[0] == '\0') std::vsnprintf(failure.text, sizeof failure.text, format, arguments);
        return 1;  // handled: not to be printed by the global handler
    }
    static int on_warning(TIFF*, void*, char const*, char const*, std::va_list) { return 1; }

    static tmsize_t read(thandle_t handle, void* to, tmsize_t count) {
        auto& self = *static_cast<Tiff*>(handle);
        auto const left = self.m_at < self.m_file.size ? self.m_file.size - self.m_at : 0;
        auto const taken = std::min(left, static_cast<std::size_t>(std::max<tmsize_t>(count, 0)));
        if (taken > 0) std::memcpy(to, self.m_file.data + self.m_at, taken);
        self.m_at += taken;
        return static_cast<tmsize_t>(taken);
    }
    static tmsize_t write(thandle_t, void*, tmsize_t) { return -1; }
    static toff_t seek(thandle_t handle, toff_t offset, int origin) {
        auto& self = *static_cast<Tiff*>(handle);
        auto const base = origin == SEEK_CUR ? self.m_at : origin == SEEK_END ? self.m_file.size : 0;
        self.m_at = base + offset;
        return self.m_at;
    }
    static int close(thandle_t) { return 0; }
    // libtiff copies what it has to swap or to turn: mapped bytes are only read.
    static int map(thandle_t handle, void** base, toff_t* size) {
        auto const& file = static_cast<Tiff*>(handle)->m_file;
        *base = const_cast<unsigned char*>(file.data);
        *size = file.size;
        return 1;
    }
    static void unmap(thandle_t, void*, toff_t) {}
    static toff_t size(thandle_t handle) { return static_cast<Tiff*>(handle)->m_file.size; }

    RareFile m_file;
    RareFailure& m_failure;
    std::size_t m_at = 0;
    TIFF* m_tiff = nullptr;
};

// Directories of sane photos are some kilobytes.
constexpr std::uint64_t k_header_memory = 16'000'000;
// Rows of four 16-bit channels, the widest that is read, and as much again for planes and odd strip sizes.
constexpr std::uint64_t k_bytes_per_pixel = 16;

/// What has to be unpacked. Tiles may be far larger than the picture that they cover, and all of them the same few bytes.
std::optional<std::uint64_t> stored_pixels(TIFF* tiff, std::uint32_t width, std::uint32_t height) {
    if (TIFFIsTiled(tiff) == 0) return std::uint64_t{width} * height;
    std::uint32_t tile_width = 0;
    std::uint32_t tile_height = 0;
    TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &tile_width);
    TIFFGetField(tiff, TIFFTAG_TILELENGTH, &tile_height);
    std::uint64_t pixels = std::uint64_t{tile_width} * tile_height;  // of 32 bits each, so it fits
    if (pixels == 0 || __builtin_mul_overflow(pixels, std::uint64_t{TIFFNumberOfTiles(tiff)}, &pixels)) return std::nullopt;
    return pixels;
}

int read_header(RareFile file, RareHeader* header, RareFailure* failure) {
    Tiff const tiff{file, k_header_memory, *failure};
    if (tiff.get() == nullptr) return failure->text[0] != '\0' ? 0 : fail(*failure, "it has no directory");
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    TIFFGetField(tiff.get(), TIFFTAG_IMAGEWIDTH, &width);
    TIFFGetField(tiff.get(), TIFFTAG_IMAGELENGTH, &height);
    std::uint16_t orientation = ORIENTATION_TOPLEFT;
    TIFFGetFieldDefaulted(tiff.get(), TIFFTAG_ORIENTATION, &orientation);
    constexpr std::uint32_t k_most = std::numeric_limits<std::int32_t>::max();
    if (width < 1 || height < 1 || width > k_most || height > k_most) return fail(*failure, "it has no size");
    auto const stored = stored_pixels(tiff.get(), width, height);
    if (!stored) return fail(*failure, "its tiles have impossible sizes");
    bool const is_orientation = orientation >= ORIENTATION_TOPLEFT && orientation <= ORIENTATION_LEFTBOT;
    *header = {static_cast<std::int32_t>(width), static_cast<std::int32_t>(height),
               is_orientation ? orientation : ORIENTATION_TOPLEFT, std::max(*stored, std::uint64_t{width} * height)};
    return 1;
}

/// libtiff's converter from all its pixel layouts to RGBA.
class RgbaImage {
public:
    explicit RgbaImage(Tiff const& tiff, RareFailure& failure) {
        char reason[1024] = "";
        constexpr int k_stop_on_error = 1;
        m_is_open =
            TIFFRGBAImageOK(tiff.get(), reason) != 0 && TIFFRGBAImageBegin(&m_image, tiff.get(), k_stop_on_error, reason) != 0;
        if (!m_is_open && failure.text[0] == '\0') fail(failure, reason);
        // As stored: the caller applies the orientation, as with all formats; libtiff would do only half of it.
        m_image.orientation = ORIENTATION_TOPLEFT;
        m_image.req_orientation = ORIENTATION_TOPLEFT;
    }
    RgbaImage(RgbaImage const&) = delete;
    RgbaImage& operator=(RgbaImage const&) = delete;
    ~RgbaImage() {
        if (m_is_open) TIFFRGBAImageEnd(&m_image);
    }
    [[nodiscard]] bool is_open() const { return m_is_open; }
    [[nodiscard]] bool read(std::uint32_t* raster, RareHeader const& header) {
        auto const width = static_cast<std::uint32_t>(header.width);
        auto const height = static_cast<std::uint32_t>(header.height);
        return m_image.width == width && m_image.height == height && TIFFRGBAImageGet(&m_image, raster, width, height) != 0;
    }

private:
    TIFFRGBAImage m_image{};
    bool m_is_open = false;
};

void copy_row(std::uint32_t const* rgba, unsigned char* bgr, std::int32_t width) {
    for (std::int32_t x = 0; x < width; ++x, bgr += 3) {
        auto const pixel = rgba[x];
        unsigned const alpha = TIFFGetA(pixel);
        bgr[0] = premultiplied_on_white(TIFFGetB(pixel), alpha);
        bgr[1] = premultiplied_on_white(TIFFGetG(pixel), alpha);
        bgr[2] = premultiplied_on_white(TIFFGetR(pixel), alpha);
    }
}

int decode(RareFile file, RareHeader const* header, unsigned char* bgr, std::size_t step, RareFailure* failure) {
    Tiff const tiff{file, k_header_memory + header->stored_pixels * k_bytes_per_pixel, *failure};
    if (tiff.get() == nullptr) return failure->text[0] != '\0' ? 0 : fail(*failure, "it has no directory");
    RgbaImage image{tiff, *failure};
    if (!image.is_open()) return 0;
    auto const width = static_cast<std::size_t>(header->width);
    auto const height = static_cast<std::size_t>(header->height);
    auto const raster = std::make_unique_for_overwrite<std::uint32_t[]>(width * height);
    if (!image.read(raster.get(), *header)) return failure->text[0] != '\0' ? 0 : fail(*failure, "its data make no picture");
    for (std::size_t y = 0; y < height; ++y)
        copy_row(raster.get() + y * width, bgr + y * step, header->width);
    return 1;
}

int decode_or_fail(RareFile file, RareHeader const* header, unsigned char* bgr, std::size_t step, RareFailure* failure) try {
    return decode(file, header, bgr, step, failure);
} catch (std::bad_alloc const&) {
    return fail(*failure, "not enough memory");
}

int read_header_or_fail(RareFile file, RareHeader* header, RareFailure* failure) try {
    return read_header(file, header, failure);
} catch (std::bad_alloc const&) {
    return fail(*failure, "not enough memory");
}

}  // namespace

RareCodec const k_tiff_codec{read_header_or_fail, decode_or_fail};

}  // namespace bioctl::image
