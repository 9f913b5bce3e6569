#include "lib/image/shrink.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include <opencv2/imgproc.hpp>

#include "lib/base/error.hpp"
#include "lib/image/shrink_kernels.hpp"

namespace bioctl::image {

namespace {

/// Weights and their rounding are OpenCV's; parts below a thousandth are left out.
Spans spans_of(int from, int to) {
    constexpr double k_least_part = 1e-3;
    double const scale = 1 / (static_cast<double>(to) / from);
    auto const room = static_cast<std::size_t>(std::ceil(scale)) + 1;  // whole ones and a part on either side
    std::vector<float> weights(room * static_cast<std::size_t>(to));
    std::size_t most = 1;
    Spans result{.count = 1, .first = {}, .weights = {}};
    for (int i = 0; i < to; ++i) {
        double const begin = i * scale;
        double const end = begin + scale;
        double const width = std::min(scale, from - begin);
        int const last_whole = std::min(static_cast<int>(std::floor(end)), from - 1);
        int const first_whole = std::min(static_cast<int>(std::ceil(begin)), last_whole);
        auto const here = weights.begin() + static_cast<std::ptrdiff_t>(room * static_cast<std::size_t>(i));
        auto next = here;
        bool const has_left = first_whole - begin > k_least_part;
        if (has_left) *next++ = static_cast<float>((first_whole - begin) / width);
        next = std::fill_n(next, last_whole - first_whole, static_cast<float>(1 / width));
        if (end - last_whole > k_least_part) *next++ = static_cast<float>(std::min({end - last_whole, 1.0, width}) / width);
        result.first.push_back(has_left ? first_whole - 1 : first_whole);
        most = std::max(most, static_cast<std::size_t>(next - here));
    }
    result.count = static_cast<int>(most);
    for (std::size_t i = 0; i < weights.size(); i += room)
        result.weights.insert(result.weights.end(), &weights[i], &weights[i] + most);
    return result;
}

/// The rows of a picture, each shrunk to its pixels' sums across.
class Lines {
public:
    Lines(cv::Mat const& picture, Spans const& columns, ShrinkKernels const& kernels)
        : m_kernels(kernels),
          m_picture(picture),
          m_columns(columns),
          m_width(columns.first.size() * k_shrink_lanes),
          m_sums(m_width * k_shrink_rows) {
        for (std::size_t i = 0; i < k_shrink_rows; ++i)
            m_lines[i] = m_sums.data() + i * m_width;
        // Rows behind which a kernel would read what is not the picture's.
        auto const row_bytes = static_cast<std::size_t>(picture.cols) * k_shrink_channels;
        auto const last = static_cast<int>((k_shrink_slack + row_bytes - 1) / row_bytes);
        m_first_copied = std::max(0, picture.rows - last);
        m_copied_row = row_bytes + k_shrink_slack;
        m_copied.resize(m_copied_row * static_cast<std::size_t>(picture.rows - m_first_copied));
        for (int row = m_first_copied; row < picture.rows; ++row)
            std::copy_n(picture.ptr(row), row_bytes, copied(row));
    }

    /// Rows are asked for from above to below, one perhaps twice. Valid until the next call.
    std::span<float const> of(int row) {
        constexpr int k_count = k_shrink_rows;
        if (row >= m_first + k_count) {
            m_first = row;
            ShrinkKernels::Rows rows{};
            for (int i = 0; i < k_count; ++i) {
                int const here = std::min(row + i, m_picture.rows - 1);
                rows[static_cast<std::size_t>(i)] = here < m_first_copied ? m_picture.ptr(here) : copied(here);
            }
            m_kernels.across(m_columns, rows, m_lines);
        }
        return {m_lines[static_cast<std::size_t>(row - m_first)], m_width};
    }

private:
    unsigned char* copied(int row) { return m_copied.data() + static_cast<std::size_t>(row - m_first_copied) * m_copied_row; }

    ShrinkKernels m_kernels;
    cv::Mat const& m_picture;
    Spans const& m_columns;
    std::size_t m_width;
    std::vector<float> m_sums;
    ShrinkKernels::Lines m_lines{};
    std::vector<unsigned char> m_copied;  // the last rows, with room behind them
    std::size_t m_copied_row = 0;
    int m_first_copied = 0;
    int m_first = -static_cast<int>(k_shrink_rows);  // the row that the lines begin with
};

}  // namespace

cv::Mat shrunk(cv::Mat const& picture, cv::Size size) {
    static VectorPath const best = vector_paths().back();
    return shrunk(picture, size, best);
}

cv::Mat shrunk(cv::Mat const& picture, cv::Size size, VectorPath path) {
    bool const fits = picture.type() == CV_8UC3 && size.width >= 1 && size.height >= 1 && size.width <= picture.cols &&
                      size.height <= picture.rows;
    if (!fits) throw Error{Kind::bug, "only BGR pictures can be shrunk, and only to smaller ones"};
    cv::Mat result{size, CV_8UC3};
    if (picture.cols % size.width == 0 && picture.rows % size.height == 0) {  // it has loops of integers for this
        cv::resize(picture, result, size, 0, 0, cv::INTER_AREA);
        return result;
    }
    auto const columns = spans_of(picture.cols, size.width);
    auto const rows = spans_of(picture.rows, size.height);
    auto const kernels = shrink_kernels(path, columns.count);
    Lines lines{picture, columns, kernels};
    std::vector<float> sums(columns.first.size() * k_shrink_lanes);
    auto const* weight = rows.weights.data();
    for (int y = 0; y < size.height; ++y, weight += rows.count) {
        int const first = rows.first[static_cast<std::size_t>(y)];
        kernels.begin(lines.of(first), *weight, sums.data());
        for (int i = 1; i < rows.count && weight[i] > 0; ++i)
            kernels.add(lines.of(first + i), weight[i], sums.data());
        kernels.write(sums, result.ptr(y));
    }
    return result;
}

}  // namespace bioctl::image
