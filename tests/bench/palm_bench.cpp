#include "tests/bench/palm_bench.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "lib/base/file.hpp"
#include "lib/image/photo.hpp"

namespace bioctl::bench {

void Bench::capture_all() {
    if (!captures.empty()) return;
    for (auto const& photo : photos)
        captures.push_back(captured(pixels_of(photo.path), palm::Search::all_poses));
}

cv::Mat pixels_of(fs::path const& path) {
    auto photo = image::decode(read_file(path, 50'000'000).or_throw(), {});
    if (!photo) throw photo.error().as_error(path.string());
    return photo->pixels;
}

std::string percent(Interval const& i) {
    return fmt::format("{:7.3f} [{:.2f}, {:.2f}]", 100 * i.value, 100 * i.low, 100 * i.high);
}

std::string percent(Share const& s) {
    return fmt::format("{:.2f} [{:.2f}, {:.2f}]", 100 * s.value, std::max(0.0, 100 * s.interval.low), 100 * s.interval.high);
}

std::optional<palm::Capture> captured(cv::Mat const& picture, palm::Search search) {
    auto capture = palm::capture(picture, search);
    if (!capture) return std::nullopt;
    return std::move(*capture);
}

}  // namespace bioctl::bench
