#pragma once
// A row of the table of verbs. See verbs.cpp.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cmd/context.hpp"

namespace CLI {
class App;
}

namespace bioctl::cmd {

enum class Group { face, people, devices, network, store, setup, help };

/// What has to be sound before a verb runs. With `nothing` a broken configuration file does not stop it; Context::settings is
/// then empty and asking it is a bug.
enum class Needs { settings, nothing };

/// The most that a --limit takes. (The checks of CLI11 without an upper end name 1.8e308 in their message.)
constexpr std::int64_t k_most_records = 1'000'000'000;

struct Verb {
    std::string_view name;     ///< one word
    std::string_view summary;  ///< one line, imperative, no full stop
    Group group{};
    /// Declares the options on the App and returns the function that runs the verb with the parsed values.
    std::function<std::function<int(Context&)>(CLI::App&)> wire;
    std::vector<Verb> children;  ///< "people" -> "list", ...; a verb with children has no wire
    Needs needs = Needs::settings;
};

/// A verb from its options struct, the function that declares them and the function that runs it.
template <class Options>
Verb verb(std::string_view name, std::string_view summary, Group group, void (*add)(CLI::App&, Options&),
          int (*run)(Options const&, Context&), Needs needs = Needs::settings) {
    return {name,
            summary,
            group,
            [add, run](CLI::App& app) {
                auto options = std::make_shared<Options>();
                add(app, *options);
                return [options, run](Context& cx) { return run(*options, cx); };
            },
            {},
            needs};
}

inline Verb noun(std::string_view name, std::string_view summary, Group group, std::vector<Verb> children) {
    return {name, summary, group, {}, std::move(children)};
}

/// The whole table, in the order of help. Each verb's file declares a function that returns its row (verbs.hpp).
std::vector<Verb> const& verbs();

/// The row of this name, or nullptr.
[[nodiscard]] Verb const* find_verb(std::vector<Verb> const& table, std::string_view name);

}  // namespace bioctl::cmd
