#pragma once
// The settings: one table of keys, resolved flags > BIOCTL_* > --config > user > system > old services' variables > default.
// Each value remembers where it came from.

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.hpp"

namespace bioctl::config {

namespace fs = std::filesystem;

/// A row of the table of keys.
struct Key {
    std::string_view name;  ///< as in the file: "threshold"; environment: BIOCTL_THRESHOLD; flag: --threshold where there is one
    std::string_view summary;
    std::string_view default_value;  ///< "" = unset
    std::string_view old_variable;   ///< of the replaced services ("FACE_TOLERANCE"), or ""
    /// Checks and normalises; returns what is wrong ("must be a number from 0 to 4") or "".
    std::string (*check)(std::string_view value);
};

/// All keys, by name.
[[nodiscard]] std::span<Key const> keys();

struct Setting {
    Key const* key = nullptr;
    std::optional<std::string> value;
    std::string origin;  ///< "default", "flag --threshold", "env BIOCTL_THRESHOLD", "file /etc/bioctl/bioctl.toml:3"
};

/// The layers as data, so that tests need neither environment nor home.
struct Layers {
    std::map<std::string, std::string> flags;        ///< key name -> value
    std::map<std::string, std::string> environment;  ///< all variables
    std::optional<fs::path> config_flag;             ///< --config, or BIOCTL_CONFIG; must exist
    std::optional<fs::path> user_file;               ///< used if it exists
    std::optional<fs::path> system_file;             ///< used if it exists
};

/// Resolved settings. Typed access to the known keys; unset optional ones give std::nullopt.
class Settings {
public:
    [[nodiscard]] std::vector<Setting> const& all() const { return m_settings; }
    [[nodiscard]] Setting const& get(std::string_view name) const;  ///< Error{usage} with the nearest key if unknown

    [[nodiscard]] fs::path data_dir() const;
    [[nodiscard]] fs::path models_dir() const;             ///< built-in models; "" = search the usual places
    [[nodiscard]] std::optional<float> threshold() const;  ///< distance for 1:N and 1:1; unset = the contract's own
    [[nodiscard]] float margin() const;
    [[nodiscard]] std::string metric() const;  ///< "unit" or "l2"
    [[nodiscard]] float min_quality() const;
    [[nodiscard]] std::uint64_t max_bytes() const;
    [[nodiscard]] std::uint64_t max_pixels() const;
    [[nodiscard]] int jobs() const;  ///< 0 = number of cores
    [[nodiscard]] int busy_timeout_ms() const;
    [[nodiscard]] std::string on_duplicate() const;  ///< "warn", "reject" or "allow"

private:
    friend Settings resolve(Layers const& layers);
    std::vector<Setting> m_settings;
};

/// Throws Error{Kind::config} naming file, line, key and what is wrong: unknown key (with the nearest), bad value, bad TOML,
/// unreadable file.
[[nodiscard]] Settings resolve(Layers const& layers);

/// Sets (or with nullopt removes) a key in a TOML file, keeping its other lines and comments. Checks the value first.
void set_in_file(fs::path const& file, std::string_view key, std::optional<std::string_view> value);

}  // namespace bioctl::config
