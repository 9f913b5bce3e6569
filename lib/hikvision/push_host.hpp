#pragma once
// Where a terminal pushes its events: its slots for HTTP listeners. Source: dossier, section 6b.

#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.hpp"

namespace bioctl::hikvision {

struct PushHost {
    int id = 1;
    std::string protocol = "HTTP";  ///< HTTP, HTTPS, EHome: the vendor's cloud
    std::string host{};             ///< name or address, "" = nobody
    int port = 0;
    std::string path{};           ///< from '/', at most 128 bytes
    std::string format = "JSON";  ///< JSON, XML: of what is pushed
    std::string authentication = "none";

    /// Nobody listens: 0.0.0.0, no host, or no port.
    [[nodiscard]] bool is_empty() const;
    /// "http://192.0.2.5:8080/hik/gate", "EHome 192.0.2.77:7660", "nobody"
    [[nodiscard]] std::string shown() const;
    /// The same place, whatever else is set.
    [[nodiscard]] bool is_same_place(PushHost const& other) const;
};

/// From "http://host:port/path". Kind::usage for what a terminal cannot keep: no http or https, a login, a query, a path of more
/// than 128 bytes.
[[nodiscard]] Result<PushHost> push_host_from(std::string_view url);

/// The slots of a terminal; at least one.
[[nodiscard]] Result<std::vector<PushHost>> parse_push_hosts(std::string_view body);
[[nodiscard]] std::string to_xml(PushHost const& host);

}  // namespace bioctl::hikvision
