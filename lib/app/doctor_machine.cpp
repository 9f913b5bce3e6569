#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <thread>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "lib/app/doctor_parts.hpp"
#include "lib/base/text.hpp"
#include "lib/face/modules.hpp"

namespace bioctl::app {

namespace {

constexpr std::uint64_t k_little_space = 1'000'000'000;
constexpr std::uint64_t k_no_space = 50'000'000;

/// Older than this program: the clock was reset. Later than its certificates: it was set wrong.
constexpr Timestamp k_earliest = std::chrono::sys_days{std::chrono::year{2025} / 1 / 1};
constexpr Timestamp k_latest = std::chrono::sys_days{std::chrono::year{2100} / 1 / 1};

Check cpu_check() {
    auto const features = cpu_features();
    auto const cores = std::max(1U, std::thread::hardware_concurrency());
    auto detail = fmt::format("{} cores; {}", cores,
                              features.empty() ? "no vector extensions known" : fmt::format("{}", fmt::join(features, " ")));
    bool const fast =
        std::ranges::find(features, "avx2") != features.end() && std::ranges::find(features, "fma") != features.end();
    if (fast) return {"cpu", Health::ok, std::move(detail), ""};
    return {"cpu", Health::warn, std::move(detail), "works, but slowly: move to a processor with AVX2 and FMA"};
}

Check clock_check(Clock const& clock) {
    auto const now = clock.now();
    if (now >= k_earliest && now < k_latest) return {"clock", Health::ok, to_rfc3339(now), ""};
    return {"clock", Health::fail, to_rfc3339(now), "set the clock (`timedatectl set-ntp true`): the times of records are wrong"};
}

/// The folder itself or, where it is not there yet, the nearest one above it, in which it would be made.
fs::path nearest_existing(fs::path path) {
    std::error_code error;
    path = fs::absolute(path, error);
    while (!fs::exists(path, error) && path.has_relative_path())
        path = path.parent_path();
    return path;
}

Check folder_check(fs::path const& folder) {
    auto const name = printable(folder.string());
    std::error_code error;
    auto const existing = nearest_existing(folder);
    bool const present = existing == fs::absolute(folder, error) || fs::exists(folder, error);
    if (!fs::is_directory(existing, error)) {
        return {"data_dir", Health::fail, fmt::format("{} is not a folder", printable(existing.string())),
                "choose another place with --data-dir"};
    }
    if (access(existing.c_str(), R_OK | W_OK | X_OK) != 0) {
        return {"data_dir", Health::fail, fmt::format("{}: {}", printable(existing.string()), std::strerror(errno)),
                "run as its owner, or choose another place with --data-dir"};
    }
    if (!present) return {"data_dir", Health::ok, name + " is not there yet and can be made", ""};
    if (auto const why = why_too_open(folder, 0700); !why.empty()) {
        return {"data_dir", Health::warn, fmt::format("{}: {}", name, why), fmt::format("chmod 0700 {}", name)};
    }
    return {"data_dir", Health::ok, name, ""};
}

Check space_check(fs::path const& folder) {
    std::error_code error;
    auto const space = fs::space(nearest_existing(folder), error);
    if (error) return {"disk", Health::warn, "free space unknown: " + error.message(), "look with `df`"};
    auto detail = human_size(space.available) + " free";
    if (space.available < k_no_space) return {"disk", Health::fail, std::move(detail), "make room: enrolment will fail soon"};
    if (space.available < k_little_space) return {"disk", Health::warn, std::move(detail), "make room"};
    return {"disk", Health::ok, std::move(detail), ""};
}

Check config_check(fs::path const& file) {
    auto const name = printable(file.string());
    if (access(file.c_str(), R_OK) != 0) {
        return {"config", Health::warn, fmt::format("{}: {}", name, std::strerror(errno)),
                "restore it or run with another --config"};
    }
    std::error_code error;
    bool const is_file = fs::is_regular_file(file, error);  // /dev/null in its place means: no settings
    if (auto const why = why_too_open(file, 0755); is_file && !why.empty()) {
        return {"config", Health::fail, fmt::format("{}: {}", name, why), fmt::format("chmod go-w {}", name)};
    }
    return {"config", Health::ok, name, ""};
}

Check plugin_check(fs::path const& plugin) {
    std::error_code error;
    if (!plugin.empty() && fs::is_regular_file(plugin, error))
        return {"image_plugin", Health::ok, printable(plugin.string()), ""};
    return {"image_plugin", Health::warn,
            plugin.empty() ? std::string{"not installed"} : fmt::format("{} is missing", printable(plugin.string())),
            "TIFF, HEIC and AVIF photos cannot be read: install bioctl with its plugin folder"};
}

/// The built-in models run on the first; the others are for imported ones and for photos that the usual detector gives up.
Check modules_check() {
    std::vector<std::string> opened;
    std::vector<std::string> problems;
    auto worst = Health::ok;
    for (auto const& [name, problem] : face::open_modules()) {
        if (problem.empty()) {
            opened.push_back(name);
        } else {
            problems.push_back(problem);
            worst = name == "onednn" ? Health::fail : std::max(worst, Health::warn);
        }
    }
    if (problems.empty()) return {"face_modules", Health::ok, fmt::format("{}", fmt::join(opened, ", ")), ""};
    return {"face_modules", worst, fmt::format("{}", fmt::join(problems, "; ")), "install bioctl again, with what it depends on"};
}

Check libraries_check(std::vector<std::pair<std::string, std::string>> const& libraries) {
    std::vector<std::string> parts;
    for (auto const& [name, version] : libraries)
        parts.push_back(name + ' ' + version);
    return {"libraries", Health::ok, fmt::format("{}", fmt::join(parts, ", ")), ""};
}

}  // namespace

std::vector<std::string> cpu_features() {
    std::vector<std::string> features;
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) features.emplace_back("avx2");
    if (__builtin_cpu_supports("fma")) features.emplace_back("fma");
    if (__builtin_cpu_supports("avx512f")) features.emplace_back("avx512f");
    if (__builtin_cpu_supports("avx512vnni")) features.emplace_back("avx512_vnni");
#endif
    return features;
}

std::string why_too_open(fs::path const& path, unsigned allowed) {
    struct stat status {};
    if (stat(path.c_str(), &status) != 0) return {};
    auto const mode = static_cast<unsigned>(status.st_mode) & 0777U;
    if ((mode & ~allowed) == 0) return {};
    return fmt::format("mode {:04o} lets more people in than {:04o}", mode, allowed);
}

void check_machine(Patient const& patient, Report const& report) {
    report(cpu_check());
    report(clock_check(patient.clock));
    report(libraries_check(patient.libraries));
    report(plugin_check(patient.image_plugin));
    report(modules_check());
}

void check_files(Patient const& patient, Report const& report) {
    for (auto const& file : patient.config_files)
        report(config_check(file));
    report(folder_check(patient.data_dir));
    report(space_check(patient.data_dir));
}

}  // namespace bioctl::app
