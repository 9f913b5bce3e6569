#pragma once
// Everybody looked for among everybody.

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "lib/match/gallery.hpp"

namespace bioctl::app {

/// Searches for probe(0) .. probe(count - 1), Gallery::k_together at a time on each of `jobs` threads, and hands over what was
/// found in that order on the calling thread. probe() is called on any thread; what it returns must stay.
void search_each(match::Gallery const& gallery, std::size_t count,
                 std::function<std::span<float const>(std::size_t index)> const& probe, std::size_t top, int jobs,
                 std::function<void(std::size_t index, std::vector<match::Candidate> const& found)> const& on_found);

}  // namespace bioctl::app
