#pragma once
// Flags that are settings: --threshold is the strongest layer of the key "threshold".

#include <string>
#include <string_view>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace bioctl::cmd {

/// Declares a flag whose value is read from Context::settings, where it beats variables and files. Type, values and summary come
/// from the table of keys; `summary` replaces the latter where a verb can be more exact. add_setting(app, "-t,--threshold",
/// "threshold") Error{bug} on an App that the frame did not make.
CLI::Option* add_setting(CLI::App& app, std::string const& names, std::string_view key, std::string_view summary = {});

}  // namespace bioctl::cmd
