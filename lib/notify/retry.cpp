#include "lib/notify/retry.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <ctime>

#include "lib/base/text.hpp"

namespace bioctl::notify {

namespace {

constexpr std::size_t k_longest_reply = 4096;

}  // namespace

std::string start_of_reply(std::string_view body) {
    auto text = to_valid_utf8(body.substr(0, k_longest_reply));
    while (text.size() > k_longest_reply)  // repaired bytes are longer
        text = to_valid_utf8(std::string_view{text}.substr(0, k_longest_reply - 3));
    return text;
}

std::chrono::seconds within_a_day(std::chrono::seconds wait) {
    return std::clamp(wait, std::chrono::seconds{0}, std::chrono::seconds{std::chrono::hours{24}});
}

std::optional<std::chrono::seconds> retry_after_of(std::string_view text, Timestamp now) {
    text = trim(text);
    std::int64_t seconds = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc{} || end != text.data() + text.size()) {
        std::tm date{};
        if (::strptime(std::string{text}.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &date) == nullptr) return std::nullopt;
        seconds = ::timegm(&date) - to_ms(now) / 1000;
    }
    return within_a_day(std::chrono::seconds{seconds});
}

std::chrono::milliseconds wait_before(int attempts, std::optional<std::chrono::seconds> retry_after, RetryRules const& rules,
                                      double random) {
    constexpr int k_most_doublings = 20;
    auto const doubled = rules.first * (std::int64_t{1} << std::clamp(attempts - 1, 0, k_most_doublings));
    std::chrono::milliseconds const wait = std::min(doubled, rules.longest);
    std::chrono::milliseconds const spread{
        static_cast<std::int64_t>(static_cast<double>(wait.count()) * rules.jitter * (2 * random - 1))};
    return std::max<std::chrono::milliseconds>(wait + spread, retry_after.value_or(std::chrono::seconds{0}));
}

Verdict settled(Verdict verdict, int attempts, RetryRules const& rules) {
    if (verdict != Verdict::doubtful) return verdict;
    return attempts < rules.most_doubtful ? Verdict::later : Verdict::refused;
}

}  // namespace bioctl::notify
