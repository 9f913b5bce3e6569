#include "lib/config/settings.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "lib/base/file.hpp"
#include "lib/base/text.hpp"
#include "lib/config/numbers.hpp"
#include "lib/config/toml_file.hpp"

namespace bioctl::config {

namespace {

constexpr std::uint64_t k_max_file = 1'000'000;
constexpr unsigned k_owner_only = 0600;

using Environment = std::map<std::string, std::string>;

std::optional<std::string> variable(Environment const& environment, std::string const& name) {
    auto const found = environment.find(name);
    if (found == environment.end() || found->second.empty()) return std::nullopt;
    return found->second;
}

/// XDG says that a base folder that is not absolute is to be ignored.
std::optional<fs::path> base_dir(Environment const& environment, std::string const& name, char const* below_home) {
    if (auto const dir = variable(environment, name); dir && fs::path{*dir}.is_absolute()) return *dir;
    if (auto const home = variable(environment, "HOME")) return fs::path{*home} / below_home;
    return std::nullopt;
}

void check(Key const& key, std::string_view value, Kind kind, std::string_view where) {
    auto const problem = key.problem_of(value);
    if (problem.empty()) return;
    throw Error{kind, fmt::format("{}: {} {}, not '{}'", where, key.name, problem, printable(value))};
}

class Resolver {
public:
    explicit Resolver(Layers const& layers) : m_layers(layers) {
        for (auto const& key : keys())
            m_settings.push_back({&key, std::nullopt, "default"});
    }

    std::vector<Setting> resolve() && {
        add_defaults();
        add_old_variables();
        if (m_layers.system_file && !is_closed(*m_layers.system_file)) add_file(*m_layers.system_file);
        if (m_layers.user_file) add_file(*m_layers.user_file);
        if (m_layers.config_flag) add_named_file(*m_layers.config_flag);
        add_variables();
        add_flags();
        return std::move(m_settings);
    }

private:
    void add_defaults() {
        for (auto& setting : m_settings) {
            if (!setting.key->default_value.empty()) setting.value = setting.key->default_value;
        }
        if (auto const base = base_dir(m_layers.environment, "XDG_DATA_HOME", ".local/share"))
            of("data_dir").value = *base / "bioctl";
    }

    void add_old_variables() {
        for (auto& setting : m_settings) {
            auto const name = std::string{setting.key->old_variable};
            if (auto const value = variable(m_layers.environment, name)) set(setting, *value, Kind::config, "env " + name);
        }
    }

    void add_variables() {
        for (auto& setting : m_settings) {
            auto const name = variable_of(*setting.key);
            if (auto const value = variable(m_layers.environment, name)) set(setting, *value, Kind::config, "env " + name);
        }
    }

    void add_flags() {
        for (auto const& [name, value] : m_layers.flags) {
            auto flag = "flag --" + name;
            std::replace(flag.begin(), flag.end(), '_', '-');
            set(of(name), value, Kind::usage, flag);
        }
    }

    /// The package leaves the system's file to root and the group bioctl: the services' data are no business of other users, who
    /// have settings and data of their own. A file that is shown and cannot be read is a mistake, as anywhere else.
    static bool is_closed(fs::path const& file) {
        std::error_code error;
        static_cast<void>(fs::status(file, error));
        return error == std::errc::permission_denied;
    }

    void add_file(fs::path const& file) {
        std::error_code error;
        if (fs::exists(file, error)) add_named_file(file);
        // Not there is fine; not to be looked at (a folder without permission) must not pass for it.
        if (error) throw Error{Kind::config, fmt::format("{}: {}", printable(file.native()), error.message())};
    }

    void add_named_file(fs::path const& file) {
        auto const name = printable(file.native());
        auto const bytes = read_file(file, k_max_file);
        if (!bytes) throw Error{Kind::config, fmt::format("configuration file {}", bytes.error().message())};
        for (auto const& entry : parse_entries(as_text(*bytes), file.native()))
            add_entry(entry, fmt::format("{}:{}", name, entry.line));
    }

    void add_entry(Entry const& entry, std::string const& where) {
        try {
            auto& setting = of(entry.key);
            set(setting, entry.value, Kind::config, "file " + where);
            if (setting.key->type == "DIR") setting.value = absolute(*setting.key, entry.value, where);
        } catch (Error const& error) {
            if (error.kind() != Kind::usage) throw;
            throw Error{Kind::config, fmt::format("{}: {}", where, error.message())};
        }
    }

    /// A relative path in a file would mean another folder for every working directory.
    std::string absolute(Key const& key, std::string const& value, std::string_view where) const {
        auto const home = variable(m_layers.environment, "HOME");
        if (value.starts_with("~/") && home) return *home + value.substr(1);
        if (value.starts_with('/')) return value;
        throw Error{Kind::config,
                    fmt::format("{}: {} must be an absolute path or begin with ~/, not '{}'", where, key.name, printable(value))};
    }

    Setting& of(std::string_view name) {
        auto const& key = find_key(name);
        return *std::find_if(m_settings.begin(), m_settings.end(), [&](Setting const& s) { return s.key == &key; });
    }

    static void set(Setting& setting, std::string_view value, Kind kind, std::string_view origin) {
        check(*setting.key, value, kind, origin);
        setting.value = value;
        setting.origin = origin;
    }

    Layers const& m_layers;
    std::vector<Setting> m_settings;
};

}  // namespace

Layers layers_from(std::map<std::string, std::string> environment) {
    Layers layers;
    if (auto const file = variable(environment, "BIOCTL_CONFIG")) layers.config_flag = *file;
    if (auto const base = base_dir(environment, "XDG_CONFIG_HOME", ".config")) layers.user_file = *base / "bioctl/bioctl.toml";
    layers.system_file = variable(environment, "BIOCTL_CONFIG_SYSTEM").value_or("/etc/bioctl/bioctl.toml");
    layers.environment = std::move(environment);
    return layers;
}

std::vector<fs::path> files_read(Layers const& layers) {
    std::vector<fs::path> files;
    for (auto const& file : {layers.config_flag, layers.user_file, layers.system_file}) {
        std::error_code error;
        if (file && fs::exists(*file, error)) files.push_back(*file);
    }
    return files;
}

Settings resolve(Layers const& layers) {
    Settings settings;
    settings.m_settings = Resolver{layers}.resolve();
    return settings;
}

Setting const& Settings::get(std::string_view name) const {
    auto const& key = find_key(name);
    auto const found = std::find_if(m_settings.begin(), m_settings.end(), [&](Setting const& s) { return s.key == &key; });
    if (found == m_settings.end()) throw Error{Kind::bug, fmt::format("setting '{}' was read before the settings were", name)};
    return *found;
}

std::string Settings::text(std::string_view name) const {
    return get(name).value.value_or("");
}

fs::path Settings::data_dir() const {
    auto const& setting = get("data_dir");
    if (setting.value) return *setting.value;
    throw Error{Kind::config, "no data folder: neither HOME nor XDG_DATA_HOME is set; say --data-dir DIR or set BIOCTL_DATA_DIR"};
}

fs::path Settings::models_dir() const {
    return text("models_dir");
}

// The values were checked when they were resolved, so the parsers below cannot fail.

std::optional<float> Settings::threshold() const {
    auto const& setting = get("threshold");
    return setting.value ? parse_number<float>(*setting.value) : std::nullopt;
}

std::optional<float> Settings::palm_threshold() const {
    auto const& setting = get("palm_threshold");
    return setting.value ? parse_number<float>(*setting.value) : std::nullopt;
}

float Settings::margin() const {
    return parse_number<float>(text("margin")).value();
}

std::string Settings::metric() const {
    return text("metric");
}

float Settings::min_quality() const {
    return parse_number<float>(text("min_quality")).value();
}

std::uint64_t Settings::max_bytes() const {
    return parse_size(text("max_bytes"));
}

std::uint64_t Settings::max_pixels() const {
    return parse_size(text("max_pixels"));
}

int Settings::jobs() const {
    return parse_number<int>(text("jobs")).value();
}

int Settings::busy_timeout_ms() const {
    return static_cast<int>(parse_duration(text("busy_timeout")).value().count());
}

std::string Settings::on_duplicate() const {
    return text("on_duplicate");
}

std::string Settings::timezone() const {
    return text("timezone");
}

int Settings::device_warning_after() const {
    return parse_number<int>(text("device_warning_after")).value();
}

int Settings::device_offline_after() const {
    return parse_number<int>(text("device_offline_after")).value();
}

int Settings::event_cooldown() const {
    return parse_number<int>(text("event_cooldown")).value();
}

std::optional<std::string> Settings::store_key_file() const {
    return get("store_key_file").value;
}

std::optional<std::string> Settings::webhook_url() const {
    return get("webhook_url").value;
}

std::optional<std::string> Settings::webhook_key_file() const {
    return get("webhook_key_file").value;
}

std::string Settings::ping_down() const {
    return text("ping_down");
}

std::string Settings::ping_up() const {
    return text("ping_up");
}

std::string Settings::ping_group_rules() const {
    return text("ping_group_rules");
}

namespace {

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    for (auto const& part : split(text, ',')) {
        if (auto const word = trim(part); !word.empty()) words.emplace_back(word);
    }
    return words;
}

}  // namespace

std::vector<std::string> Settings::ping_guards() const {
    return words_of(text("ping_guards"));
}

std::vector<std::string> Settings::cors_origins() const {
    return words_of(text("cors_origins"));
}

std::string Settings::map_tiles() const {
    return text("map_tiles");
}

std::string Settings::map_attribution() const {
    return text("map_attribution");
}

std::set<int> Settings::recognized_minors() const {
    std::set<int> minors;
    for (auto const& code : split(text("recognized_minors"), ','))
        minors.insert(parse_number<int>(trim(code)).value());
    return minors;
}

std::string Settings::log_level() const {
    return text("log_level");
}

bool set_in_file(fs::path const& file, std::string_view key, std::optional<std::string_view> value) {
    auto const& row = find_key(key);
    if (value) check(row, *value, Kind::usage, "config");
    // A link, as dotfile managers make them, stays one.
    std::error_code error;
    auto const target = fs::is_symlink(file, error) ? fs::canonical(file, error) : file;
    if (target.empty())
        throw Error{Kind::config, fmt::format("{} is a link to a file that is not there; remove it or make that file",
                                              printable(file.native()))};
    if (error && error != std::errc::no_such_file_or_directory)
        throw errno_error(printable(file.native()), error.value(), Kind::config);
    auto const before = read_file(target, k_max_file);
    if (!before && !is_absent(target)) throw before.error();
    auto const text = before ? std::string{as_text(*before)} : std::string{};
    auto const after = edited(text, file.native(), key, value);
    if (after == text) return false;
    if (before) {
        rewrite_file(target, as_bytes(after), Durability::synced);
    } else {
        write_file(target, as_bytes(after), Durability::synced, k_owner_only);
    }
    return true;
}

}  // namespace bioctl::config
