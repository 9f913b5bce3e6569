#include "tests/support/hik_sim/roster.hpp"

#include <algorithm>
#include <cstddef>

namespace bioctl::hik_sim {

namespace {

constexpr std::size_t k_max_face = 200 * 1024, k_min_face = 1024;
constexpr unsigned k_min_side = 80;
constexpr std::chrono::milliseconds k_deletion_time{300};

constexpr unsigned k_baseline = 0xc0, k_start_of_scan = 0xda;

/// A JPEG's bytes as unsigned numbers; 0 past the end.
class Bytes {
public:
    explicit Bytes(std::string_view text) : m_text(text) {}
    [[nodiscard]] unsigned at(std::size_t i) const { return i < m_text.size() ? static_cast<unsigned char>(m_text[i]) : 0; }
    [[nodiscard]] unsigned word(std::size_t i) const { return at(i) << 8U | at(i + 1); }
    [[nodiscard]] std::size_t size() const { return m_text.size(); }

private:
    std::string_view m_text;
};

bool is_frame_header(unsigned marker) {
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

/// `frame` is where the marker of a frame header stands.
FaceFault inspect_frame(Bytes const& jpeg, std::size_t frame) {
    if (jpeg.word(frame + 5) < k_min_side || jpeg.word(frame + 7) < k_min_side) return FaceFault::too_small;
    bool const is_grey = jpeg.at(frame + 9) == 1;
    bool const is_420 =
        jpeg.at(frame + 9) == 3 && jpeg.at(frame + 11) == 0x22 && jpeg.at(frame + 14) == 0x11 && jpeg.at(frame + 17) == 0x11;
    return jpeg.at(frame + 1) == k_baseline && (is_grey || is_420) ? FaceFault::none : FaceFault::not_baseline_420;
}

}  // namespace

FaceFault inspect_face(std::string_view text) {
    if (text.size() > k_max_face) return FaceFault::too_big;
    if (!text.starts_with("\xff\xd8\xff")) return FaceFault::not_a_jpeg;
    if (text.size() < k_min_face) return FaceFault::too_short;
    Bytes const jpeg{text};
    std::size_t at = 2;
    while (at + 4 < jpeg.size() && jpeg.at(at) == 0xff && jpeg.at(at + 1) != k_start_of_scan) {
        if (is_frame_header(jpeg.at(at + 1))) return inspect_frame(jpeg, at);
        at += 2 + jpeg.word(at + 2);
    }
    return FaceFault::not_a_jpeg;
}

std::size_t Roster::faces() const {
    return static_cast<std::size_t>(
        std::count_if(m_people.begin(), m_people.end(), [](auto const& entry) { return entry.second.face.has_value(); }));
}

void Roster::start_deletion(std::vector<std::string> employee_nos, Time now) {
    m_doomed = std::move(employee_nos);
    m_deletion_ends = now + k_deletion_time;
}

bool Roster::is_deleting(Time now) {
    if (m_doomed.empty()) return false;
    if (now < m_deletion_ends) return true;
    for (auto const& number : m_doomed)
        m_people.erase(number);
    m_doomed.clear();
    return false;
}

}  // namespace bioctl::hik_sim
