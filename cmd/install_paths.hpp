#pragma once
// Where this program's own files lie: below the prefix it is installed in, or in the build tree it was made in. Nothing is
// compiled in but relative paths, so that an installation can be moved.

#include <filesystem>
#include <string_view>

namespace bioctl::cmd {

namespace fs = std::filesystem;

/// share/bioctl/models; Error{no_input} with the next step if there is none.
[[nodiscard]] fs::path installed_models();
/// The folder of the modules, "" if there is none.
[[nodiscard]] fs::path modules();
/// The module for rare image formats, "" if there is none.
[[nodiscard]] fs::path image_plugin();
/// The module for videos and cameras, "" if there is none.
[[nodiscard]] fs::path video_plugin();
/// The man page of this name ("bioctl-help"), "" if there is none.
[[nodiscard]] fs::path man_page(std::string_view name);

}  // namespace bioctl::cmd
