#include "lib/match/npy_header.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "lib/base/text.hpp"

namespace bioctl::match {

namespace {

constexpr std::string_view k_magic = "\x93NUMPY";
constexpr std::size_t k_alignment = 64;
constexpr std::size_t k_max_dictionary = 10'000;  // NumPy's own limit for files it does not trust
constexpr std::size_t k_max_dimensions = 32;      // likewise

tl::unexpected<Error> bad(std::string_view cause) {
    return failure(Kind::data, fmt::format("{}; save it again with numpy.save(file, array, allow_pickle=False)", cause));
}

// The part of Python's literals that numpy.save writes, and nothing else.
class Dictionary {
public:
    explicit Dictionary(std::string_view text) : m_rest(text) {}

    Result<NpyHeader> parse() {
        NpyHeader header;
        std::set<std::string, std::less<>> seen;
        if (!accept('{')) return bad("the .npy header is not a dictionary");
        while (!accept('}')) {
            auto const key = quoted();
            if (!key || !accept(':') || !seen.emplace(*key).second) return bad("the .npy header is malformed");
            if (auto value = parse_value(*key, header); !value) return failure(value.error());
            if (!accept(',') && peek() != '}') return bad("the .npy header is malformed");
        }
        if (peek() != '\0' || !m_rest.empty()) return bad("the .npy header goes on after its dictionary");
        if (seen.size() != 3) return bad("the .npy header lacks descr, fortran_order or shape");
        return header;
    }

private:
    Result<void> parse_value(std::string_view key, NpyHeader& header) {
        if (key == "descr") return parse_type(header);
        if (key == "fortran_order") return parse_order(header);
        if (key == "shape") return parse_shape(header);
        return bad(fmt::format("the .npy header has an unknown key '{}'", printable(key)));
    }

    Result<void> parse_type(NpyHeader& header) {
        if (peek() == '[') return bad("the .npy file holds records, not a matrix of numbers");
        auto const type = quoted();
        if (!type) return bad("the .npy header has a malformed descr");
        if (type->ends_with('O')) return bad("the .npy file holds pickled objects, which are never loaded");
        auto const size = type->substr(std::min<std::size_t>(1, type->size()));
        bool const is_ours = (type->starts_with('<') || type->starts_with('>')) && (size == "f4" || size == "f8");
        if (!is_ours) return bad(fmt::format("the .npy file holds '{}', not float32 or float64", printable(*type)));
        header.endian = type->starts_with('<') ? std::endian::little : std::endian::big;
        header.precision = size == "f4" ? Precision::float32 : Precision::float64;
        return {};
    }

    Result<void> parse_order(NpyHeader& header) {
        if (accept_word("False")) {
            header.order = Order::rows_first;
        } else if (accept_word("True")) {
            header.order = Order::columns_first;
        } else {
            return bad("the .npy header has a fortran_order that is neither True nor False");
        }
        return {};
    }

    Result<void> parse_shape(NpyHeader& header) {
        if (!accept('(')) return bad("the .npy header has a malformed shape");
        bool after_comma = true;
        while (!accept(')')) {
            auto const size = after_comma ? number() : std::nullopt;
            if (!size || header.shape.size() == k_max_dimensions) return bad("the .npy header has a malformed shape");
            header.shape.push_back(*size);
            after_comma = accept(',');
        }
        // In Python (3) is a number, (3,) a tuple.
        if (header.shape.size() == 1 && !after_comma) return bad("the .npy header has a malformed shape");
        return {};
    }

    // What comes after blanks; '\0' at the end.
    char peek() {
        m_rest.remove_prefix(std::min(m_rest.find_first_not_of(" \t\n"), m_rest.size()));
        return m_rest.empty() ? '\0' : m_rest.front();
    }

    bool accept(char c) {
        if (peek() != c || m_rest.empty()) return false;
        m_rest.remove_prefix(1);
        return true;
    }

    bool accept_word(std::string_view word) {
        peek();
        if (!m_rest.starts_with(word)) return false;
        m_rest.remove_prefix(word.size());
        return true;
    }

    // No escapes: none of the names needs one.
    std::optional<std::string_view> quoted() {
        char const quote = peek();
        if (quote != '\'' && quote != '"') return std::nullopt;
        auto const end = m_rest.find(quote, 1);
        if (end == std::string_view::npos) return std::nullopt;
        auto const text = m_rest.substr(1, end - 1);
        m_rest.remove_prefix(end + 1);
        return text;
    }

    std::optional<std::uint64_t> number() {
        peek();
        std::uint64_t value = 0;
        auto const [end, problem] = std::from_chars(m_rest.data(), m_rest.data() + m_rest.size(), value);
        if (problem != std::errc{}) return std::nullopt;
        m_rest.remove_prefix(static_cast<std::size_t>(end - m_rest.data()));
        return value;
    }

    std::string_view m_rest;
};

// The length of the dictionary: 2 bytes in format 1.0, 4 bytes after it, little-endian.
std::size_t dictionary_size(std::string_view bytes) {
    std::size_t size = 0;
    for (std::size_t i = bytes.size(); i-- > 0;)
        size = size << 8U | static_cast<unsigned char>(bytes[i]);
    return size;
}

}  // namespace

Result<NpyHeader> parse_npy_header(ByteView file) {
    auto text = as_text(file);
    if (!text.starts_with(k_magic)) return bad("not a .npy file");
    text.remove_prefix(k_magic.size());
    if (text.size() < 2) return bad("the .npy file is truncated");
    char const major = text[0];
    if (major < 1 || major > 3 || text[1] != 0) {
        return bad(fmt::format(".npy format {}.{} is unknown", static_cast<unsigned char>(text[0]),
                               static_cast<unsigned char>(text[1])));
    }
    std::size_t const length_bytes = major == 1 ? 2 : 4;
    if (text.size() < 2 + length_bytes) return bad("the .npy file is truncated");
    auto const size = dictionary_size(text.substr(2, length_bytes));
    text.remove_prefix(2 + length_bytes);
    if (size > k_max_dictionary) return bad(fmt::format("the .npy header has {} bytes", size));
    if (size > text.size()) return bad("the .npy file is truncated");
    auto header = Dictionary{text.substr(0, size)}.parse();
    if (header) header->size = k_magic.size() + 2 + length_bytes + size;
    return header;
}

std::string npy_header(Precision precision, std::size_t rows, std::size_t columns) {
    auto dictionary = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({}, {}), }}",
                                  precision == Precision::float32 ? "<f4" : "<f8", rows, columns);
    constexpr std::size_t k_before = k_magic.size() + 4;
    auto const used = k_before + dictionary.size() + 1;
    dictionary.append((k_alignment - used % k_alignment) % k_alignment, ' ').push_back('\n');
    std::string header{k_magic};
    header.append({1, 0, static_cast<char>(dictionary.size() & 0xFFU), static_cast<char>(dictionary.size() >> 8U)});
    return header + dictionary;
}

}  // namespace bioctl::match
