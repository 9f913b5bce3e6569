#include "lib/app/device_photo.hpp"

#include <algorithm>

#include <opencv2/imgproc.hpp>

#include "lib/app/media.hpp"
#include "lib/base/text.hpp"
#include "lib/hikvision/roster.hpp"
#include "lib/image/photo.hpp"

namespace bioctl::app {

namespace {

// Dossier, section 7: 80 x 80 at least, a longest side of about 400 advisable.
constexpr int k_advisable_side = 400, k_largest_side = 1280;
constexpr int k_best_quality = 92, k_worst_quality = 40, k_quality_step = 8;

cv::Mat with_advisable_size(cv::Mat pixels) {
    auto const longest = std::max(pixels.cols, pixels.rows);
    auto const wanted = std::clamp(longest, k_advisable_side, k_largest_side);
    if (wanted == longest) return pixels;
    cv::Mat sized;
    double const scale = static_cast<double>(wanted) / longest;
    cv::resize(pixels, sized, {}, scale, scale, scale > 1 ? cv::INTER_CUBIC : cv::INTER_AREA);
    return sized;
}

}  // namespace

Result<Bytes> photo_for_device(std::filesystem::path const& media_dir, std::string_view portrait) {
    image::Limits const limits;
    auto const file = read_media(media_dir, portrait, limits.max_bytes);
    if (!file) return failure(file.error());
    auto photo = image::decode(*file, {.limits = limits});
    if (!photo) return failure(photo.error().as_error(printable((media_dir / portrait).native())));
    auto const pixels = with_advisable_size(std::move(photo->pixels));
    auto jpeg = image::encode_jpeg(pixels, k_best_quality);
    for (int quality = k_best_quality; jpeg.size() > hikvision::k_largest_face_jpeg && quality > k_worst_quality;) {
        quality -= k_quality_step;
        jpeg = image::encode_jpeg(pixels, quality);
    }
    return jpeg;
}

}  // namespace bioctl::app
