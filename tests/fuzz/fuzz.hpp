#pragma once
// What the targets share. A target is one file with one function, which hands bytes to a parser and says what must hold of the
// answer. An Error is an answer. A crash, a sanitizer's report, any other exception, a claim that does not hold and an input that
// takes too long are findings.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "lib/base/bytes.hpp"
#include "lib/base/error.hpp"
#include "lib/base/result.hpp"

/// The bytes are valid during the call. Returns 0.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size);

namespace bioctl::fuzz {

[[nodiscard]] inline ByteView bytes_of(std::uint8_t const* data, std::size_t size) {
    return std::as_bytes(std::span{data, size});
}
[[nodiscard]] inline std::string_view text_of(std::uint8_t const* data, std::size_t size) {
    return as_text(bytes_of(data, size));
}

/// Ends the process, naming the claim, if it does not hold.
void require(bool holds, std::string_view claim);

/// Something is said, in one line of valid UTF-8: fit for a terminal.
void require_message(std::string_view message);

/// Runs a parser that throws.
template <class Parse>
void may_refuse(Parse const& parse) {
    try {
        parse();
    } catch (Error const& error) {
        require_message(error.message());
    }
}

/// The answer of a parser that returns a Result; whether it is a value.
template <class T>
bool is_taken(Result<T> const& result) {
    if (!result) require_message(result.error().message());
    return result.has_value();
}

}  // namespace bioctl::fuzz
