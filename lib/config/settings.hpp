#pragma once
// The settings: one table of keys, resolved flags > BIOCTL_* > --config > user > system > old services' variables > default.
// Each value remembers where it came from.

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
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
    std::string_view type;  ///< "NUMBER", "DIR", ..., or the only values there are: "warn|reject|allow"
    std::string_view summary;
    std::string_view default_value;  ///< "" = unset
    std::string_view old_variable;   ///< of the replaced services ("FACE_TOLERANCE"), or ""
    /// Returns what is wrong ("must be a number from 0 to 4") or "".
    std::string (*check)(Key const& key, std::string_view value);

    [[nodiscard]] std::string problem_of(std::string_view value) const { return check(*this, value); }
};

/// All keys, by name.
[[nodiscard]] std::span<Key const> keys();

/// Error{usage} with the nearest key if there is none of this name.
[[nodiscard]] Key const& find_key(std::string_view name);

/// "BIOCTL_DATA_DIR" for "data_dir".
[[nodiscard]] std::string variable_of(Key const& key);

struct Setting {
    Key const* key = nullptr;
    std::optional<std::string> value;
    std::string origin;  ///< "default", "flag --threshold", "env BIOCTL_THRESHOLD", "file /etc/bioctl/bioctl.toml:3"
};

/// The layers as data, so that tests need neither environment nor home.
struct Layers {
    std::map<std::string, std::string> flags;        ///< key name -> value
    std::map<std::string, std::string> environment;  ///< all variables; an empty one counts as unset
    std::optional<fs::path> config_flag;             ///< --config, or BIOCTL_CONFIG; must exist
    std::optional<fs::path> user_file;               ///< used if it exists
    std::optional<fs::path> system_file;             ///< used if it exists, in a folder that this process may enter
};

/// The layers without flags. User file: bioctl/bioctl.toml below XDG_CONFIG_HOME or ~/.config, none without a home. System file:
/// BIOCTL_CONFIG_SYSTEM, else /etc/bioctl/bioctl.toml.
[[nodiscard]] Layers layers_from(std::map<std::string, std::string> environment);

/// The files of the layers that exist, strongest first.
[[nodiscard]] std::vector<fs::path> files_read(Layers const& layers);

/// Resolved settings. Typed access to the known keys; unset optional ones give std::nullopt.
class Settings {
public:
    [[nodiscard]] std::vector<Setting> const& all() const { return m_settings; }
    [[nodiscard]] Setting const& get(std::string_view name) const;  ///< Error{usage} with the nearest key if unknown

    /// Error{config} with the next step if nothing says where: no flag, variable or file, and no home.
    [[nodiscard]] fs::path data_dir() const;
    [[nodiscard]] fs::path models_dir() const;                  ///< built-in models; "" = search the usual places
    [[nodiscard]] std::optional<float> threshold() const;       ///< distance for 1:N and 1:1; unset = the contract's own
    [[nodiscard]] std::optional<float> palm_threshold() const;  ///< the same for palms
    [[nodiscard]] float margin() const;
    [[nodiscard]] std::string metric() const;  ///< "unit" or "l2"
    [[nodiscard]] float min_quality() const;
    [[nodiscard]] std::uint64_t max_bytes() const;
    [[nodiscard]] std::uint64_t max_pixels() const;
    [[nodiscard]] int jobs() const;  ///< 0 = number of cores
    [[nodiscard]] int busy_timeout_ms() const;
    [[nodiscard]] std::string on_duplicate() const;  ///< "warn", "reject" or "allow"
    [[nodiscard]] std::string timezone() const;      ///< "Asia/Jakarta"
    [[nodiscard]] int device_warning_after() const;  ///< failures in a row
    [[nodiscard]] int device_offline_after() const;
    [[nodiscard]] int event_cooldown() const;  ///< seconds
    [[nodiscard]] std::set<int> recognized_minors() const;
    [[nodiscard]] std::string ping_down() const;  ///< "3/4"
    [[nodiscard]] std::string ping_up() const;
    [[nodiscard]] std::string ping_group_rules() const;  ///< "core=2/3:2/2,..."
    [[nodiscard]] std::vector<std::string> ping_guards() const;
    [[nodiscard]] std::vector<std::string> cors_origins() const;
    [[nodiscard]] std::string map_tiles() const;  ///< "" = none
    [[nodiscard]] std::string map_attribution() const;
    [[nodiscard]] std::optional<std::string> store_key_file() const;
    [[nodiscard]] std::optional<std::string> webhook_url() const;
    [[nodiscard]] std::optional<std::string> webhook_key_file() const;
    [[nodiscard]] std::string log_level() const;  ///< "error", "warn", "info" or "debug"

private:
    friend Settings resolve(Layers const& layers);
    [[nodiscard]] std::string text(std::string_view name) const;
    std::vector<Setting> m_settings;
};

/// Throws Error{Kind::config} naming file, line, key and what is wrong: unknown key (with the nearest), bad value, bad TOML,
/// unreadable file. A bad flag is Error{Kind::usage}.
[[nodiscard]] Settings resolve(Layers const& layers);

/// Sets (or with nullopt removes) a key in a TOML file, keeping its other lines and comments; a new file is for its owner only.
/// Readers see the old file or the new one. Throws Error{Kind::usage} for an unknown key or a bad value, Error{Kind::config} for
/// a file that is not TOML; the file is then untouched. Returns false if there was nothing to change.
bool set_in_file(fs::path const& file, std::string_view key, std::optional<std::string_view> value);

}  // namespace bioctl::config
