#include "lib/app/search_each.hpp"

#include <algorithm>

#include "lib/app/ordered.hpp"

namespace bioctl::app {

void search_each(match::Gallery const& gallery, std::size_t count,
                 std::function<std::span<float const>(std::size_t index)> const& probe, std::size_t top, int jobs,
                 std::function<void(std::size_t index, std::vector<match::Candidate> const& found)> const& on_found) {
    using Found = std::vector<std::vector<match::Candidate>>;
    constexpr auto k_together = match::Gallery::k_together;
    ordered_for<Found>((count + k_together - 1) / k_together, jobs,
                       [&](int, std::size_t batch) {
                           std::vector<std::span<float const>> probes;
                           for (auto i = batch * k_together; i < std::min(count, (batch + 1) * k_together); ++i)
                               probes.push_back(probe(i));
                           return gallery.search(probes, top);
                       },
                       [&](std::size_t batch, Found&& found) {
                           for (std::size_t i = 0; i < found.size(); ++i)
                               on_found(batch * k_together + i, found[i]);
                           return true;
                       });
}

}  // namespace bioctl::app
