#pragma once
// The real engine on real faces: the models and the demo photos of the npm package. All its photos show groups.

#include <cstdlib>
#include <map>
#include <optional>
#include <string_view>

#include <fmt/format.h>
#include <catch2/catch.hpp>

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

/// A folder of the developers' data, for a test that takes minutes; none, with a word, where it is not there or not wanted.
inline std::optional<fs::path> data_of_long_test(std::string_view name) {
    char const* const folder = std::getenv("BIOCTL_TEST_DATA");
    auto data = (folder != nullptr ? fs::path{folder} : fs::path{BIOCTL_SOURCE_DIR "/../shared/data"}) / name;
    if (std::getenv("BIOCTL_LONG_TESTS") != nullptr && fs::exists(data)) return data;
    WARN("skipped: no data, or BIOCTL_LONG_TESTS is not set");
    return std::nullopt;
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
