#include "lib/http/entity_tag.hpp"

#include <fmt/format.h>

#include "lib/base/bytes.hpp"
#include "lib/base/text.hpp"

namespace bioctl::http {

std::string tag_of(std::string_view body) {
    constexpr std::size_t k_digits = 32;
    return fmt::format("W/\"{}\"", to_hex(sha256(as_bytes(body))).substr(0, k_digits));
}

bool has_already(Request const& request, std::string_view tag) {
    for (auto const& one : split(request.headers.get("if-none-match"), ',')) {
        auto const known = trim(one);
        if (known == "*" || known == tag || (tag.starts_with("W/") && known == tag.substr(2))) return true;
    }
    return false;
}

}  // namespace bioctl::http
