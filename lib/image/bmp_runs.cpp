#include "lib/image/bmp_runs.hpp"

#include "lib/image/fields.hpp"

namespace bioctl::image {

namespace {

class Unpacker {
public:
    Unpacker(ByteView packed, cv::Size size, Runs runs)
        : m_in(packed, std::endian::little), m_pixels(cv::Mat::zeros(size, CV_8UC1)), m_runs(runs) {}

    std::optional<cv::Mat> unpack() {
        bool goes_on = true;
        while (goes_on && m_y < m_pixels.rows) {
            auto const count = m_in.u8(m_at);
            auto const value = m_in.u8(m_at + 1);
            if (!count || !value) return is_complete() ? std::optional{m_pixels} : std::nullopt;
            m_at += 2;
            if (*count > 0) {
                put_run(*count, *value);
            } else {
                goes_on = obey(*value);
            }
        }
        return m_pixels;
    }

private:
    enum Escape : std::uint32_t { end_of_line = 0, end_of_picture = 1, skip = 2 };

    /// False at the end of the picture.
    bool obey(std::uint32_t escape) {
        switch (escape) {
            case end_of_line:
                m_x = 0;
                ++m_y;
                return true;
            case end_of_picture: return false;
            case skip:
                m_x += m_in.u8(m_at).value_or(0);
                m_y += m_in.u8(m_at + 1).value_or(0);
                m_at += 2;
                return true;
            default: put_literal(escape); return true;
        }
    }

    void put_run(std::uint32_t count, std::uint32_t value) {
        for (std::uint32_t i = 0; i < count; ++i)
            put(m_runs == Runs::of_bytes ? value : nibble(value, i));
    }
    // Literals end on an even byte. What is beyond the end of the file is noticed with the next code.
    void put_literal(std::uint32_t count) {
        auto const bytes = m_runs == Runs::of_bytes ? count : (count + 1) / 2;
        for (std::uint32_t i = 0; i < count; ++i) {
            auto const at = m_at + (m_runs == Runs::of_bytes ? i : i / 2);
            auto const value = m_in.u8(at);
            if (!value) break;
            put(m_runs == Runs::of_bytes ? *value : nibble(*value, i));
        }
        m_at += bytes + bytes % 2;
    }
    static std::uint32_t nibble(std::uint32_t byte, std::uint32_t index) { return index % 2 == 0 ? byte >> 4 : byte & 0xF; }

    void put(std::uint32_t value) {
        if (m_x < m_pixels.cols)
            m_pixels.at<std::uint8_t>(static_cast<int>(m_y), static_cast<int>(m_x)) = static_cast<std::uint8_t>(value);
        ++m_x;
    }
    [[nodiscard]] bool is_complete() const { return m_y == m_pixels.rows - 1 && m_x >= m_pixels.cols; }

    Fields m_in;
    cv::Mat m_pixels;
    Runs m_runs;
    std::size_t m_at = 0;
    std::int64_t m_x = 0;
    std::int64_t m_y = 0;
};

}  // namespace

std::optional<cv::Mat> unpack_runs(ByteView packed, cv::Size size, Runs runs) {
    return Unpacker{packed, size, runs}.unpack();
}

}  // namespace bioctl::image
