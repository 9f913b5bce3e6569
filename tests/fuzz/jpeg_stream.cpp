// The stream of a camera: pictures come out the same, whatever the pieces in which it arrived.

#include <vector>

#include "lib/image/jpeg_stream.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace bioctl;

namespace {

constexpr std::uint64_t k_most = 4000;

std::vector<Bytes> pictures_in(ByteView stream, std::size_t piece, std::uint64_t most = k_most) {
    image::JpegStream jpegs{most};
    std::vector<Bytes> pictures;
    while (!stream.empty()) {
        auto const size = std::min(piece, stream.size());
        jpegs.feed(stream.first(size));
        stream = stream.subspan(size);
        while (auto next = jpegs.next()) {
            fuzz::require(next->size() <= most, "a picture has a limit");
            fuzz::require((*next)[0] == std::byte{0xFF} && (*next)[1] == std::byte{0xD8} && next->back() == std::byte{0xD9} &&
                              (*next)[next->size() - 2] == std::byte{0xFF},
                          "a picture is whole");
            pictures.push_back(*std::move(next));
        }
    }
    return pictures;
}

}  // namespace

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const stream = fuzz::bytes_of(data, size);
    if (stream.empty()) return 0;
    // The limit is judged when a piece arrives: what is dropped for its length may depend on the pieces, nothing else may.
    static_cast<void>(pictures_in(stream, stream.size()));
    auto const without_limit = pictures_in(stream, stream.size(), stream.size());
    std::size_t const piece = 1 + std::to_integer<std::size_t>(stream.front()) % 64;
    fuzz::require(pictures_in(stream, piece, stream.size()) == without_limit, "pieces change nothing");
    return 0;
}
