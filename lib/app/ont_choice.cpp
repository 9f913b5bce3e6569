#include "lib/app/ont_choice.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "lib/base/error.hpp"
#include "lib/base/text.hpp"

namespace bioctl::app {

namespace {

bool is_called(store::Ont const& ont, std::string const& word) {
    std::string_view const text = word;
    auto const is_named = [&](std::string_view prefix, std::string_view value) {
        return text.starts_with(prefix) && !value.empty() && text.substr(prefix.size()) == value;
    };
    auto const id = std::to_string(ont.id);
    return is_named("id:", id) || is_named("customer:", ont.config.customer_id) || is_named("name:", ont.config.name) ||
           is_named("", id) || is_named("", ont.config.customer_id) || is_named("", ont.config.name);
}

bool has_tag(store::Ont const& ont, std::string const& tag) {
    return std::ranges::find(ont.config.tags, tag) != ont.config.tags.end();
}

bool is_at(store::Ont const& ont, std::string const& location) {
    return ont.config.location == location;
}

using Fits = bool (*)(store::Ont const& ont, std::string const& word);

void require_some(std::vector<store::Ont> const& all, std::vector<std::string> const& words, Fits fits, std::string_view what) {
    for (auto const& word : words) {
        if (std::ranges::any_of(all, [&](auto const& ont) { return fits(ont, word); })) continue;
        throw Error{Kind::no_input, fmt::format("there is no ONT {} '{}'; see `bioctl onts list`", what, printable(word))};
    }
}

bool fits_one(store::Ont const& ont, std::vector<std::string> const& words, Fits fits) {
    return words.empty() || std::ranges::any_of(words, [&](auto const& word) { return fits(ont, word); });
}

}  // namespace

std::vector<store::Ont> choose_onts(std::vector<store::Ont> const& all, OntChoice const& choice) {
    require_some(all, choice.onts, is_called, "called");
    require_some(all, choice.groups, has_tag, "in the group");
    require_some(all, choice.locations, is_at, "at");
    std::vector<store::Ont> chosen;
    std::ranges::copy_if(all, std::back_inserter(chosen), [&](store::Ont const& ont) {
        return fits_one(ont, choice.onts, is_called) && fits_one(ont, choice.groups, has_tag) &&
               fits_one(ont, choice.locations, is_at);
    });
    return chosen;
}

}  // namespace bioctl::app
