#pragma once
// The real engine on real faces: the models and the demo photos of the npm package. All its photos show groups.

#include <map>

#include <fmt/format.h>

#include "lib/app/enrol.hpp"
#include "lib/base/file.hpp"
#include "people_support.hpp"

namespace bioctl::test {

inline fs::path demo_photo(int number) {
    return fs::path{BIOCTL_MODELS} / fmt::format("../demo/sample{}.jpg", number);
}

inline face::ModelSet const& demo_models() {
    static face::ModelSet const models = face::ModelRegistry{BIOCTL_MODELS, "/nonexistent"}.active();
    return models;
}

inline Bytes bytes_of(fs::path const& file) {
    return read_file(file, 50'000'000).or_throw();
}

/// Portraits of all faces of a demo photo, largest first: photos of one face each.
inline std::vector<Bytes> const& portraits(int number) {
    static std::map<int, std::vector<Bytes>> made;
    auto& crops = made[number];
    if (!crops.empty()) return crops;
    face::Engine engine{demo_models()};
    app::EnrolRules rules;
    rules.faces = app::FacePolicy::all;
    auto photo = app::prepare(engine, bytes_of(demo_photo(number)), {}, rules, {});
    for (auto& face : photo.samples)
        crops.push_back(std::move(face.crop));
    return crops;
}

/// A photo with the same face but another digest: what follows the end of a JPEG is not looked at.
inline std::string variant(Bytes const& photo, int number) {
    return std::string{as_text(photo)} + fmt::format("variant {}", number);
}

struct DemoStore : PeopleStore {
    app::Workspace workspace{store, demo_models(), clock, dir / "media", {}, match::Metric::unit, 2};
};

}  // namespace bioctl::test
