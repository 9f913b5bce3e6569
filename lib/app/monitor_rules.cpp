#include "lib/app/monitor_rules.hpp"

#include <charconv>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "lib/base/error.hpp"
#include "lib/base/text.hpp"

namespace bioctl::app {

namespace {

std::optional<int> number_from(std::string_view text) {
    int number = 0;
    auto const* const end = text.data() + text.size();
    auto const result = std::from_chars(text.data(), end, number);
    if (text.empty() || result.ec != std::errc{} || result.ptr != end) return std::nullopt;
    return number;
}

std::pair<int, int> share_from(std::string_view text, std::string_view what) {
    auto const slash = text.find('/');
    if (slash != std::string_view::npos) {
        auto const some = number_from(trim(text.substr(0, slash))), all = number_from(trim(text.substr(slash + 1)));
        if (some && all && *some >= 1 && *some <= *all && *all <= ont::k_most_window) return {*some, *all};
    }
    throw Error{Kind::usage, fmt::format("{} is '{}', but must be two numbers such as 3/4, the first not above the second, the "
                                         "second at most {}",
                                         what, printable(text), ont::k_most_window)};
}

}  // namespace

ont::OutageRules outage_rules_from(std::string_view down, std::string_view up) {
    ont::OutageRules rules;
    std::tie(rules.down_lost, rules.down_of) = share_from(down, "the rule for down");
    std::tie(rules.up_answered, rules.up_of) = share_from(up, "the rule for up");
    return rules;
}

std::map<std::string, ont::OutageRules> group_rules_from(std::string_view text) {
    std::map<std::string, ont::OutageRules> rules;
    for (auto const& part : split(text, ',')) {
        if (trim(part).empty()) continue;
        auto const equals = part.find('='), colon = part.find(':', equals);
        if (equals == std::string::npos || colon == std::string::npos || trim(part.substr(0, equals)).empty())
            throw Error{Kind::usage, fmt::format("'{}' is no rule of a group; write core=2/3:2/2", printable(part))};
        auto const view = std::string_view{part};
        rules[std::string{trim(view.substr(0, equals))}] =
            outage_rules_from(view.substr(equals + 1, colon - equals - 1), view.substr(colon + 1));
    }
    return rules;
}

}  // namespace bioctl::app
