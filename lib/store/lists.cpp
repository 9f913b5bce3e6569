#include "lib/store/lists.hpp"

namespace bioctl::store {

std::string to_lines(std::vector<std::string> const& words) {
    std::string lines;
    for (auto const& word : words)
        lines += word + '\n';
    return lines;
}

std::vector<std::string> from_lines(std::string_view lines) {
    std::vector<std::string> words;
    for (auto end = lines.find('\n'); end != std::string_view::npos; end = lines.find('\n')) {
        words.emplace_back(lines.substr(0, end));
        lines.remove_prefix(end + 1);
    }
    return words;
}

}  // namespace bioctl::store
