#include "lib/app/person_id.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "lib/base/text.hpp"

namespace bioctl::app {

namespace {

constexpr std::size_t k_max_bytes = 128;

bool is_control(unsigned char c) {
    return c < 0x20 || c == 0x7f;
}

/// U+0080..U+009F, which terminals obey and nobody sees: C2 80 .. C2 9F.
bool has_c1_control(std::string_view text) {
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
        auto const second = static_cast<unsigned char>(text[i + 1]);
        if (text[i] == '\xC2' && second >= 0x80 && second <= 0x9F) return true;
    }
    return false;
}

std::string_view fault_of(std::string_view id) {
    if (id.empty()) return "is empty";
    if (!is_utf8(id)) return "is not UTF-8";
    if (id == "." || id == "..") return "means a folder";
    if (id.front() == '-') return "begins with '-', as options do";
    if (id.front() == ' ' || id.back() == ' ') return "has a space at an end";
    if (id.find_first_of("/\\") != std::string_view::npos) return "holds a slash";
    if (std::ranges::any_of(id, is_control) || has_c1_control(id)) return "holds control characters";
    return {};
}

}  // namespace

Result<void> check_person_id(std::string_view id) {
    if (id.size() > k_max_bytes) {
        return failure(Kind::usage, fmt::format("the id has {} bytes; at most {} are allowed", id.size(), k_max_bytes));
    }
    auto const fault = fault_of(id);
    if (fault.empty()) return {};
    return failure(Kind::usage, fmt::format("the id '{}' {}; use letters, digits and signs such as . _ -", printable(id), fault));
}

}  // namespace bioctl::app
