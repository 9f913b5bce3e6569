#include "tests/support/film/avi.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace bioctl::film {

namespace {

void put(Bytes& out, std::string_view text) {
    auto const bytes = as_bytes(text);
    out.insert(out.end(), bytes.begin(), bytes.end());
}

void put(Bytes& out, std::uint64_t value, int bytes = 4) {
    for (int i = 0; i < bytes; ++i)
        out.push_back(static_cast<std::byte>(value >> (8U * static_cast<unsigned>(i)) & 0xFFU));
}

void put_chunk(Bytes& out, std::string_view name, Bytes const& content) {
    put(out, name);
    put(out, content.size());
    out.insert(out.end(), content.begin(), content.end());
    if (content.size() % 2 != 0) out.push_back(std::byte{0});
}

void put_list(Bytes& out, std::string_view kind, std::string_view name, Bytes const& content) {
    Bytes inner;
    put(inner, name);
    inner.insert(inner.end(), content.begin(), content.end());
    put_chunk(out, kind, inner);
}

struct Shape {
    std::uint64_t frames, width, height, rate, largest;
};

Bytes main_header(Shape const& shape) {
    constexpr std::uint64_t k_has_index = 0x10;
    Bytes out;
    put(out, 1'000'000 / shape.rate);
    put(out, shape.largest * shape.rate);
    put(out, 0);
    put(out, k_has_index);
    put(out, shape.frames);
    put(out, 0);
    put(out, 1);  // streams
    put(out, shape.largest);
    put(out, shape.width);
    put(out, shape.height);
    for (int i = 0; i < 4; ++i)
        put(out, 0);
    return out;
}

Bytes stream_header(Shape const& shape) {
    Bytes out;
    put(out, "vidsMJPG");
    put(out, 0);  // flags
    put(out, 0);  // priority, language
    put(out, 0);  // initial frames
    put(out, 1);  // scale
    put(out, shape.rate);
    put(out, 0);  // start
    put(out, shape.frames);
    put(out, shape.largest);
    put(out, 0xFFFFFFFF);  // quality: the default
    put(out, 0);           // sample size: each its own
    put(out, 0, 2);
    put(out, 0, 2);
    put(out, shape.width, 2);
    put(out, shape.height, 2);
    return out;
}

Bytes stream_format(Shape const& shape) {
    Bytes out;
    put(out, 40);  // BITMAPINFOHEADER
    put(out, shape.width);
    put(out, shape.height);
    put(out, 1, 2);
    put(out, 24, 2);
    put(out, "MJPG");
    put(out, shape.width * shape.height * 3);
    for (int i = 0; i < 4; ++i)
        put(out, 0);
    return out;
}

}  // namespace

Bytes make_avi(std::vector<Bytes> const& frames, int width, int height, int frames_per_second) {
    Shape shape{frames.size(), static_cast<std::uint64_t>(width), static_cast<std::uint64_t>(height),
                static_cast<std::uint64_t>(frames_per_second), 0};
    for (auto const& frame : frames)
        shape.largest = std::max<std::uint64_t>(shape.largest, frame.size());
    Bytes stream;
    put_chunk(stream, "strh", stream_header(shape));
    put_chunk(stream, "strf", stream_format(shape));
    Bytes headers;
    put_chunk(headers, "avih", main_header(shape));
    put_list(headers, "LIST", "strl", stream);
    Bytes movie;
    Bytes index;
    for (auto const& frame : frames) {
        constexpr std::uint64_t k_key_frame = 0x10;
        put(index, "00dc");
        put(index, k_key_frame);
        put(index, movie.size() + 4);  // from the name of the list
        put(index, frame.size());
        put_chunk(movie, "00dc", frame);
    }
    Bytes content;
    put_list(content, "LIST", "hdrl", headers);
    put_list(content, "LIST", "movi", movie);
    put_chunk(content, "idx1", index);
    Bytes file;
    put_list(file, "RIFF", "AVI ", content);
    return file;
}

}  // namespace bioctl::film
