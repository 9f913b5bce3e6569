#pragma once
// The CLI11 App that verbs are wired to. Heavy: only for files that parse.

#include <map>
#include <string>

#include <CLI/CLI.hpp>

namespace bioctl::cmd {

struct Globals {
    bool json = false;
    bool quiet = false;
    bool verbose = false;
    bool no_progress = false;
    std::string colour = "auto";
    std::string config;  ///< "" = not given
};

class VerbApp final : public CLI::App {
public:
    VerbApp();

    std::map<std::string, std::string> settings;  ///< flags layer, see add_setting()
    Globals globals;
};

/// An option that may be given several times takes one value each time, so that it does not swallow what stands behind it:
/// "targets edit --device gate school".
void take_one_value_each(CLI::App& app);

}  // namespace bioctl::cmd
