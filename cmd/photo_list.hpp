#pragma once
// Lists that name photos: manifests, pairs.

#include <filesystem>
#include <string>

#include "lib/base/bytes.hpp"
#include "lib/base/error.hpp"

namespace bioctl::cmd {

namespace fs = std::filesystem;

struct PhotoList {
    std::string name;  ///< for messages
    Bytes content;
    fs::path root;  ///< where relative paths in it begin

    /// What `parse(text, root)` makes of it; an Error of that names the list.
    template <class Parse>
    [[nodiscard]] auto parsed(Parse const& parse) const {
        try {
            return parse(as_text(content), root);
        } catch (Error const& error) {
            throw error.within(name);
        }
    }
};

/// Of a file, or of standard input for "-". Without a `root` relative paths begin in the list's own folder, those of standard
/// input where we are. Error{no_input} if it cannot be read, Error{data} if it is larger than `most_bytes`.
[[nodiscard]] PhotoList read_photo_list(std::string const& file, std::string const& root, std::size_t most_bytes);

}  // namespace bioctl::cmd
