#include "lib/notify/retry.hpp"

#include <algorithm>
#include <charconv>
#include <ctime>
#include <string>

#include "lib/base/text.hpp"

namespace bioctl::notify {

std::chrono::milliseconds wait_before(int attempts, std::optional<std::chrono::seconds> retry_after, RetryRules const& rules,
                                      double random) {
    constexpr int k_most_doublings = 20;
    auto const doubled = rules.first * (std::int64_t{1} << std::clamp(attempts - 1, 0, k_most_doublings));
    std::chrono::milliseconds const wait = std::min(doubled, rules.longest);
    std::chrono::milliseconds const spread{
        static_cast<std::int64_t>(static_cast<double>(wait.count()) * rules.jitter * (2 * random - 1))};
    return std::max<std::chrono::milliseconds>(wait + spread, retry_after.value_or(std::chrono::seconds{0}));
}

std::chrono::seconds bounded_wait(std::int64_t seconds) {
    constexpr std::int64_t k_longest = 24 * 60 * 60;
    return std::chrono::seconds{std::clamp<std::int64_t>(seconds, 0, k_longest)};
}

std::optional<std::chrono::seconds> parse_retry_after(std::string_view text, Timestamp now) {
    text = trim(text);
    std::int64_t seconds = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc{} || end != text.data() + text.size()) {
        std::tm date{};
        if (::strptime(std::string{text}.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &date) == nullptr) return std::nullopt;
        seconds = ::timegm(&date) - to_ms(now) / 1000;
    }
    return bounded_wait(seconds);
}

}  // namespace bioctl::notify
