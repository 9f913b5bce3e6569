#include "lib/image/shrink.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include <opencv2/imgproc.hpp>

#include "lib/base/error.hpp"

namespace bioctl::image {

namespace {

constexpr int k_channels = 3;

/// The pixels of one line that a pixel of the result covers.
struct Span {
    int first;
    std::size_t weight;  // index of the first one's; they add up to 1
    int count;
};

struct Spans {
    std::vector<Span> spans;
    std::vector<float> weights;
};

/// Pixels covered by less than a thousandth are left out, as in OpenCV.
Spans spans_of(int from, int to) {
    constexpr double k_least_part = 1e-3;
    Spans result;
    double const scale = static_cast<double>(from) / to;
    for (int i = 0; i < to; ++i) {
        double const begin = i * scale;
        double const end = begin + scale;
        double const width = std::min(scale, from - begin);
        int const last_whole = std::min(static_cast<int>(std::floor(end)), from - 1);
        int const first_whole = std::min(static_cast<int>(std::ceil(begin)), last_whole);
        bool const has_left = first_whole - begin > k_least_part;
        bool const has_right = end - last_whole > k_least_part;
        Span span{has_left ? first_whole - 1 : first_whole, result.weights.size(), 0};
        if (has_left) result.weights.push_back(static_cast<float>((first_whole - begin) / width));
        for (int whole = first_whole; whole < last_whole; ++whole)
            result.weights.push_back(static_cast<float>(1 / width));
        if (has_right) result.weights.push_back(static_cast<float>(std::min({end - last_whole, 1.0, width}) / width));
        span.count = static_cast<int>(result.weights.size() - span.weight);
        result.spans.push_back(span);
    }
    return result;
}

// AVX-512 would be no faster: half of the time is across()'s. Nor is FMA asked for: rounded once or twice, results would depend
// on the processor.
#if defined(__x86_64__)
[[gnu::target_clones("avx2", "default")]]
#endif
void add_row(unsigned char const* from, float weight, std::size_t count, float* sums) {
    for (std::size_t i = 0; i < count; ++i)
        sums[i] += weight * static_cast<float>(from[i]);
}

#if defined(__x86_64__)
[[gnu::target_clones("avx2", "default")]]
#endif
void set_row(unsigned char const* from, float weight, std::size_t count, float* sums) {
    for (std::size_t i = 0; i < count; ++i)
        sums[i] = weight * static_cast<float>(from[i]);
}

/// The three channels of a pixel; the fourth is the next one's first and does not matter.
using Pixel [[gnu::vector_size(16)]] = float;

void across(Spans const& columns, float const* sums, unsigned char* to) {
    // Adding 1.5 * 2^23 leaves the integer that is nearest in the lowest bits.
    constexpr float k_rounder = 12582912.0F;
    for (auto const& span : columns.spans) {
        Pixel sum{};
        auto const* from = sums + static_cast<std::size_t>(span.first) * k_channels;
        for (int i = 0; i < span.count; ++i, from += k_channels) {
            Pixel pixel;
            std::memcpy(&pixel, from, sizeof pixel);
            sum += pixel * columns.weights[span.weight + static_cast<std::size_t>(i)];
        }
        sum += k_rounder;
        std::array<std::uint32_t, 4> bits{};
        std::memcpy(bits.data(), &sum, sizeof bits);
        for (std::size_t channel = 0; channel < k_channels; ++channel)
            *to++ = static_cast<unsigned char>(bits[channel]);
    }
}

}  // namespace

cv::Mat shrunk(cv::Mat const& picture, cv::Size size) {
    bool const fits = picture.type() == CV_8UC3 && size.width >= 1 && size.height >= 1 && size.width <= picture.cols &&
                      size.height <= picture.rows;
    if (!fits) throw Error{Kind::bug, "only BGR pictures can be shrunk, and only to smaller ones"};
    cv::Mat result{size, CV_8UC3};
    if (picture.size() == size * 2) {  // its own loops for this are faster still
        cv::resize(picture, result, size, 0, 0, cv::INTER_AREA);
        return result;
    }
    auto const columns = spans_of(picture.cols, size.width);
    auto const rows = spans_of(picture.rows, size.height);
    auto const count = static_cast<std::size_t>(picture.cols) * k_channels;
    std::vector<float> sums(count + 1);
    for (int y = 0; y < size.height; ++y) {
        auto const& span = rows.spans[static_cast<std::size_t>(y)];
        auto const* const weights = rows.weights.data() + span.weight;
        set_row(picture.ptr(span.first), weights[0], count, sums.data());
        for (int i = 1; i < span.count; ++i)
            add_row(picture.ptr(span.first + i), weights[i], count, sums.data());
        across(columns, sums.data(), result.ptr(y));
    }
    return result;
}

}  // namespace bioctl::image
