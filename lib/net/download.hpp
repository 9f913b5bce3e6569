#pragma once
// Large files over HTTP: resumed where an earlier attempt stopped.

#include <cstdint>
#include <filesystem>
#include <string>

#include "lib/base/result.hpp"
#include "lib/net/http.hpp"

namespace bioctl::net {

namespace fs = std::filesystem;

struct DownloadRequest {
    std::string url;  ///< https; http only to loopback
    fs::path to;      ///< missing folders are made
    std::uint64_t max_bytes = 1'000'000'000;
    Progress progress = nullptr;
};

/// Fetches the URL into `to`. What has arrived is kept in <to>.part, and which file of the server it belongs to in <to>.part.of;
/// the next call goes on from there if the server still has the same file, and starts anew if not. `to` appears only when it is
/// complete. <to>.lock keeps a second process out.
/// Failure: usage (URL not allowed, also in a redirect), no_host, unavailable, busy (time-out, 429, 503, a second process,
/// stopped by `progress`), permission, no_input (404), protocol, data (larger than max_bytes), cannot_create, io.
Result<void> download(DownloadRequest const& request, HttpOptions const& options);

}  // namespace bioctl::net
