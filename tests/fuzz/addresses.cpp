// IP addresses, networks and ranges.

#include "lib/ont/address.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace bioctl;

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    constexpr std::size_t k_most = 1000;
    auto const text = fuzz::text_of(data, size);
    auto const address = ont::parse_address(text);
    if (fuzz::is_taken(address)) {
        auto const back = ont::parse_address(ont::to_text(*address));
        fuzz::require(back && *back == *address, "an address keeps its value as text");
    }
    auto const network = ont::hosts_of_network(text, k_most);
    if (fuzz::is_taken(network)) fuzz::require(!network->empty() && network->size() <= k_most, "a network is not too large");
    auto const dash = text.find('-');
    if (dash == std::string_view::npos) return 0;
    auto const range = ont::hosts_between(text.substr(0, dash), text.substr(dash + 1), k_most);
    if (fuzz::is_taken(range)) fuzz::require(!range->empty() && range->size() <= k_most, "a range is not too large");
    return 0;
}
