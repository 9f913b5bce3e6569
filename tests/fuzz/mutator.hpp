#pragma once
// Makes broken inputs out of good ones.

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace bioctl::fuzz {

/// The inputs outlive it.
class Mutator {
public:
    Mutator(std::vector<std::string> const& inputs, std::size_t max_len) : m_inputs(inputs), m_max_len(max_len) {}

    /// One of the inputs with one to eight changes, at most max_len bytes. The same for the same seed and number.
    [[nodiscard]] std::string make(std::uint64_t seed, std::uint64_t number);

private:
    void change(std::string& text);
    void change_number(std::string& text);
    /// From 0 to `end` - 1; 0 if there is nothing to choose.
    [[nodiscard]] std::size_t below(std::size_t end) { return end == 0 ? 0 : static_cast<std::size_t>(m_random() % end); }
    /// A part of at most `most` bytes, anywhere in the text.
    [[nodiscard]] std::string_view part_of(std::string_view text, std::size_t most);

    std::vector<std::string> const& m_inputs;
    std::size_t m_max_len;
    std::mt19937_64 m_random{};
};

}  // namespace bioctl::fuzz
