// Forms that clients of the service send: multipart and urlencoded. The first line of the input is the Content-Type.

#include <algorithm>

#include "lib/http/multipart.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace bioctl;

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    constexpr std::size_t k_most_parts = 100;
    auto const text = fuzz::text_of(data, size);
    auto const line_end = std::min(text.find('\n'), text.size());
    auto const body = text.substr(std::min(line_end + 1, text.size()));
    auto const form = http::Form::parse(text.substr(0, line_end), body);
    if (!fuzz::is_taken(form)) return 0;
    fuzz::require(form->parts().size() <= k_most_parts, "the number of parts has a limit");
    std::size_t bytes = 0;
    for (auto const& part : form->parts()) {
        bytes += part.content.size();
        fuzz::require(form->find(part.name) != nullptr, "a part is found by its name");
        auto const field = form->field(part.name);
        fuzz::require(form->find(part.name)->file_name.has_value() != field.has_value(), "a part is a field or a file");
    }
    fuzz::require(bytes <= body.size(), "parts do not overlap, and nothing decoded is longer than it was");
    return 0;
}
