// Linked into whatever runs networks: the modules of the build tree.

#include "lib/face/modules.hpp"

namespace {

[[maybe_unused]] bool const is_set = (bioctl::face::set_module_dir(BIOCTL_MODULE_DIR), true);

}  // namespace
