#include "cmd/version.hpp"

#include "cmd/verbs.hpp"
#include "lib/base/text.hpp"

namespace bioctl::cmd {

namespace {

struct VersionOptions {};

void add_version(CLI::App& /*verb*/, VersionOptions& /*options*/) {}

int run_version(VersionOptions const& /*options*/, Context& cx) {
    cx.out.columns({"name", "version"});
    cx.out.record("version", {{"name", "bioctl"}, {"version", version()}});
    for (auto const& [name, number] : library_versions())
        cx.out.record("library", {{"name", name}, {"version", number}});
    return k_exit_yes;
}

}  // namespace

std::string_view version() {
    return BIOCTL_VERSION;
}

std::vector<std::pair<std::string, std::string>> library_versions() {
    std::vector<std::pair<std::string, std::string>> libraries;
    for (auto const& entry : split(BIOCTL_LIBRARIES, ' ')) {
        auto const slash = entry.find('/');
        libraries.emplace_back(entry.substr(0, slash), entry.substr(slash + 1));
    }
    return libraries;
}

Verb version_verb() {
    return verb("version", "Print the versions of bioctl and its libraries", Group::help, add_version, run_version,
                Needs::nothing);
}

}  // namespace bioctl::cmd
