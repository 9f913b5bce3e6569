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

}  // namespace bioctl::cmd
