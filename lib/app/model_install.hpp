#pragma once
// Models that can be fetched by name.

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "lib/face/models.hpp"
#include "lib/net/http.hpp"

namespace bioctl::app {

namespace fs = std::filesystem;

/// A file somebody publishes.
struct OfferedModel {
    std::string_view name;  ///< also the id it is imported under
    std::string_view title;
    std::string_view url;
    /// Of the file at the URL. "" where neither the file nor a public source was at hand: then the user has to tell it.
    std::string_view sha256;
    std::uint64_t max_bytes;           ///< of the file at the URL, generously
    std::string_view packed_suffix{};  ///< the model is in an archive or compressed, and its name ends so; "" = as it is
    std::string_view licence{};
};

[[nodiscard]] std::span<OfferedModel const> offered_models();

/// Error{Kind::no_input} with the nearest name.
[[nodiscard]] OfferedModel const& find_offer(std::string_view name);

struct InstallRequest {
    std::string name;
    std::string sha256;  ///< instead of the pinned one; "" = the pinned one
    std::string url;     ///< of a mirror; "" = the published one
    fs::path downloads;  ///< where parts of files are kept between attempts
};

/// Downloads, checks, unpacks and imports a model; a file that an earlier attempt left whole is not fetched again. Errors are
/// those of net::download, net::unpack and ModelRegistry::import, and
///   data   the digest is another one; both are named, and the file is deleted
///   usage  no digest is pinned and none was given; the file's own is named, and the file is kept for the next call
face::ModelInfo const& install_model(face::ModelRegistry& registry, InstallRequest const& request, net::HttpOptions const& http,
                                     net::Progress const& progress);

}  // namespace bioctl::app
