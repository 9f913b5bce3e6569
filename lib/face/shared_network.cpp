#include "lib/face/shared_network.hpp"

#include <mutex>
#include <unordered_map>

namespace bioctl::face {

std::shared_ptr<Network> shared_network(std::string const& key, std::function<Graph()> const& make) {
    static std::mutex mutex;
    static std::unordered_map<std::string, std::weak_ptr<Network>> known;
    std::lock_guard const lock{mutex};
    if (auto const found = known.find(key); found != known.end()) {
        if (auto network = found->second.lock()) return network;
    }
    std::erase_if(known, [](auto const& entry) { return entry.second.expired(); });
    auto network = make_network(make());
    known[key] = network;
    return network;
}

}  // namespace bioctl::face
