#pragma once
// The words and sentences of the RouterOS API, to bytes and back. Source: MikroTik's manual, "API", as checked in the dossier,
// section A.1 and A.2.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/result.hpp"

namespace bioctl::ont {

using Words = std::vector<std::string>;

/// The length before a word: 1 to 5 bytes.
[[nodiscard]] std::string encoded_length(std::uint32_t length);
/// Words, each with its length, and the empty word that ends a sentence.
[[nodiscard]] std::string encoded_sentence(Words const& words);

struct SentenceLimits {
    std::uint32_t word = 16U << 20U;    ///< bytes
    std::size_t sentence = 32U << 20U;  ///< bytes of all its words
    std::size_t words = 10'000;
};

/// Takes bytes as they come, split anywhere.
class SentenceReader {
public:
    explicit SentenceReader(SentenceLimits const& limits = {}) : m_limits(limits) {}

    /// Kind::protocol for a length that no RouterOS sends (first byte F1..FF) or that is beyond the limits. After that the
    /// connection is of no use, and every further call fails the same way.
    [[nodiscard]] Result<void> feed(std::string_view bytes);
    /// The next whole sentence. Empty ones are left out.
    [[nodiscard]] std::optional<Words> next();

private:
    [[nodiscard]] Result<void> take_word();

    SentenceLimits m_limits;
    std::string m_buffer;  // of the length or the word in hand
    std::size_t m_wanted = 1;
    bool m_is_length = true;
    Words m_words;
    std::size_t m_sentence_bytes = 0;
    std::vector<Words> m_ready;  // oldest first
    std::size_t m_taken = 0;     // of m_ready
    std::optional<Error> m_failure;
};

/// A reply sentence: what kind it is, its tag, its attributes in the order of the router.
struct RouterReply {
    enum class Type { row, done, trap, fatal, empty, unknown };
    Type type = Type::unknown;
    std::string tag{};
    std::vector<std::pair<std::string, std::string>> attributes{};
    std::string text{};  ///< of !fatal: its reason is a bare word

    [[nodiscard]] std::string_view get(std::string_view name) const;  ///< "" if it is not there
    [[nodiscard]] bool has(std::string_view name) const;
};

[[nodiscard]] RouterReply reply_from(Words const& words);

/// "1w2d3h4m5s", "10ms", and the older "1w2d03:04:05".
[[nodiscard]] std::optional<std::chrono::milliseconds> router_duration(std::string_view text);

/// Values are bytes of whatever the router's people typed: valid UTF-8 stays, anything else is read as Windows-1252. At most so
/// many of the bytes are read, the rest is cut off between two characters.
[[nodiscard]] std::string router_text(std::string_view bytes, std::size_t most = std::string_view::npos);

}  // namespace bioctl::ont
