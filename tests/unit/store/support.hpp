#pragma once
// What the tests of the store share.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/error.hpp"
#include "lib/store/people.hpp"
#include "lib/store/store.hpp"
#include "lib/store/templates.hpp"
#include "tests/support/temp_dir.hpp"

namespace bioctl::test {

inline constexpr std::string_view k_contract = "0123456789abcdef";

store::Store writer(fs::path const& file, std::chrono::milliseconds busy_timeout = std::chrono::seconds{10});
[[nodiscard]] store::Store reader(fs::path const& file);

[[nodiscard]] Timestamp at(std::int64_t ms);

/// 128 numbers that `seed` decides, no two seeds alike.
[[nodiscard]] std::vector<float> vector_of(int seed);

/// A template of photo number `photo`; imported, without a photo, if it is negative.
[[nodiscard]] store::Template sample(std::string person_id, int photo, int face_index = 0);

/// Adds the person and one template, in a transaction of its own.
store::TemplateId enrol(store::Store& store, std::string const& person_id, int photo);

/// The error that `work` throws; the test fails if it throws none.
[[nodiscard]] Error error_of(std::function<void()> const& work);
[[nodiscard]] inline Kind kind_of(std::function<void()> const& work) {
    return error_of(work).kind();
}

/// Runs SQL on a file past our own code; rows come back as their first columns, in text.
std::vector<std::string> sql(fs::path const& file, std::string const& statements);

/// Exit status of `work` run in a process of its own; 99 if it throws, 100 + signal if it is killed.
[[nodiscard]] int in_child(std::function<int()> const& work);

}  // namespace bioctl::test
