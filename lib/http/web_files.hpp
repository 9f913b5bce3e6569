#pragma once
// The files of the pages, which are part of the binary: those of web/ and of npm packages, packed by lib/cmake/PackWeb.cmake.
// Private to http/.

#include <cstddef>
#include <span>
#include <string_view>

namespace bioctl::http {

struct WebFile {
    std::string_view path;          ///< "app.js", "pages/events.js", "vendor/pico.css"
    std::string_view content_type;  ///< with charset
    std::string_view digest;        ///< SHA-256 of the file, hex
    std::string_view gzipped;
    std::size_t size;  ///< bytes when it is unpacked
};

[[nodiscard]] std::span<WebFile const> web_files();
/// 12 hex digits that change with any of them: part of their addresses, so that browsers may keep them for ever.
[[nodiscard]] std::string_view web_version();

}  // namespace bioctl::http
