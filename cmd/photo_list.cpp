#include "cmd/photo_list.hpp"

#include <unistd.h>

#include "lib/base/file.hpp"

namespace bioctl::cmd {

PhotoList read_photo_list(std::string const& file, std::string const& root, std::size_t most_bytes) {
    if (file == "-") {
        std::string const name = "standard input";
        return {name, read_descriptor(STDIN_FILENO, name, most_bytes).or_throw(), root};
    }
    return {file, read_file(file, most_bytes).or_throw(), root.empty() ? fs::path{file}.parent_path() : fs::path{root}};
}

}  // namespace bioctl::cmd
