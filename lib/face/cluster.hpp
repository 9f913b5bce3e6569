#pragma once
// Faces nobody has named, put into groups.

#include <cstddef>
#include <span>
#include <vector>

namespace bioctl::face {

/// Two of `count` faces that may be one person.
struct Edge {
    std::size_t a = 0, b = 0;
    float distance = 0;
};

/// The group of each face, 0 .. groups-1, the largest group first, of equally large ones that of the earliest face. Faces without
/// an edge are groups of their own. The same edges give the same groups.
///
/// source  Biemann, "Chinese whispers", 2006, as dlib has it; an edge weighs more the nearer its faces are. It needs no number of
///         groups, and a single wrong edge does not join two groups, as it would with connected components.
[[nodiscard]] std::vector<std::size_t> chinese_whispers(std::size_t count, std::span<Edge const> edges);

}  // namespace bioctl::face
