#pragma once
// What of the pages is not a file: the one HTML document around them, and what a browser may load for it. Private to http/.

#include <string>
#include <string_view>

#include "lib/http/message.hpp"

namespace bioctl::http {

/// What the document tells its scripts.
struct ShellFacts {
    std::string_view base_path;  ///< "/bioctl", "" = none
    std::string_view timezone;   ///< "Asia/Jakarta"
    std::string_view map_tiles, map_attribution;
    bool is_readonly = false;
};

/// The document with its headers; status 200.
[[nodiscard]] Reply shell_reply(ShellFacts const& facts);

/// Where scripts, styles and pictures may come from: this server; map tiles from theirs, too.
[[nodiscard]] std::string content_security_policy(std::string_view map_tiles);

/// "https://{s}.tiles.example/{z}/{x}/{y}.png" -> "https://*.tiles.example"; "" for none.
[[nodiscard]] std::string origin_of_tiles(std::string_view map_tiles);

/// Whether there is a page of this name, "" being the first one.
[[nodiscard]] bool is_page(std::string_view name);

}  // namespace bioctl::http
