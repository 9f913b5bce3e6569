#pragma once
// Photos of datasets that nobody took.

#include <random>
#include <string>

#include "lib/app/dataset_parts.hpp"

namespace bioctl::test {

/// A photo of a face at a place on a plane, distances are those of the plane. Every one is another picture.
inline app::DatasetPhoto photo(std::string const& id, std::string const& name, float x, float y = 0) {
    static std::mt19937_64 random{1};
    app::DatasetPhoto made{id, id + "/" + name, id + "/" + name};
    made.facts.digest = sha256(as_bytes(made.name));
    made.facts.format = image::Format::jpeg;
    made.facts.width = made.facts.height = 300;
    made.facts.faces = 1;
    made.facts.quality = {1, 1, 1, 1, 1};
    made.facts.vector = {x, y};
    for (auto& word : made.facts.hash)
        word = random();
    for (auto& word : made.facts.mirrored)
        word = random();
    return made;
}

}  // namespace bioctl::test
