#pragma once
// Terminals as users manage them: add, change, look at. Nothing here talks to a device, see device_check.hpp.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/app/workspace.hpp"
#include "lib/base/seal.hpp"
#include "lib/store/devices.hpp"

namespace bioctl::app {

/// What is to be set; the rest stays, or has its default.
struct DeviceChange {
    std::optional<std::string> name{}, url{}, user{}, password{}, location{}, tls{}, pin{}, window{};
    std::optional<std::vector<std::string>> tags{};
    std::optional<bool> reuse_nonce{}, enabled{};
    /// Another terminal has taken this one's place: forget its serial number and begin a new epoch.
    bool is_replaced = false;
};

/// Throws Error{usage} naming the field and what it may be: name (1..64 bytes, letters, digits and . _ - and spaces inside), url
/// (http or https, host, perhaps a port, no path, no login), tls, pin (sha256//...), window, tags; {data} if the name is taken.
store::Device add_device(store::Store& store, Clock const& clock, SealKey const& key, DeviceChange const& wanted,
                         Mode mode = Mode::write);

/// Also makes a device whose logins are stopped try again when url, user or password change. Throws as add_device, and
/// Error{no_input} if there is no such device.
store::Device edit_device(store::Store& store, Clock const& clock, SealKey const& key, std::string_view name,
                          DeviceChange const& change, Mode mode);

/// The terminal, or Error{no_input} with the nearest name as a hint; Error{data} for a source, which cannot be talked to.
[[nodiscard]] store::Device require_device(store::Store& store, std::string_view name);
/// The same, but a source will do.
[[nodiscard]] store::Device require_device_or_source(store::Store& store, std::string_view name);

/// Error{usage} if no device can be called so.
void check_device_name(std::string_view name);

/// Those named, or without names all that are enabled; Error{no_input} for a name that nobody has.
[[nodiscard]] std::vector<store::Device> choose_devices(store::Store& store, std::vector<std::string> const& names);

/// "http://host[:port]" or "https://...", without a slash at the end. Kind::usage says what is wrong.
[[nodiscard]] Result<std::string> check_device_url(std::string_view url);

/// One line of JSON, without the password; and back. The form of `devices export` and `import`.
[[nodiscard]] std::string to_json_line(store::Device const& device);
/// Kind::data for what is not such a line. "password" may be given.
[[nodiscard]] Result<DeviceChange> device_from_json(std::string_view line);

}  // namespace bioctl::app
