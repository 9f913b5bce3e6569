#include "lib/base/deflate.hpp"

#include <zlib.h>

namespace bioctl {

Bytes deflate(ByteView data) {
    auto size = ::compressBound(static_cast<uLong>(data.size()));
    Bytes packed(size);
    auto const code = ::compress2(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<Bytef const*>(data.data()),
                                  static_cast<uLong>(data.size()), Z_DEFAULT_COMPRESSION);
    if (code != Z_OK) throw Error{Kind::bug, "zlib cannot compress"};
    packed.resize(size);
    return packed;
}

Result<Bytes> inflate(ByteView data, std::size_t most) {
    Bytes plain(most);
    auto size = static_cast<uLongf>(most);
    auto const code = ::uncompress(reinterpret_cast<Bytef*>(plain.data()), &size, reinterpret_cast<Bytef const*>(data.data()),
                                   static_cast<uLong>(data.size()));
    if (code == Z_BUF_ERROR) return failure(Kind::data, "compressed data is cut short or too long");
    if (code != Z_OK) return failure(Kind::data, "compressed data is damaged");
    plain.resize(size);
    return plain;
}

constexpr int k_window_with_gzip_header = 15 + 16;

Bytes gzip(ByteView data) {
    constexpr int k_memory = 8;
    z_stream stream{};
    if (::deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, k_window_with_gzip_header, k_memory, Z_DEFAULT_STRATEGY) != Z_OK)
        throw Error{Kind::bug, "zlib cannot compress"};
    Bytes packed(::deflateBound(&stream, static_cast<uLong>(data.size())));
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(data.data()));  // zlib only reads it
    stream.avail_in = static_cast<uInt>(data.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    auto const code = ::deflate(&stream, Z_FINISH);
    packed.resize(stream.total_out);
    ::deflateEnd(&stream);
    if (code != Z_STREAM_END) throw Error{Kind::bug, "zlib cannot compress"};
    return packed;
}

Result<Bytes> gunzip(ByteView data, std::size_t most) {
    z_stream stream{};
    if (::inflateInit2(&stream, k_window_with_gzip_header) != Z_OK) throw Error{Kind::bug, "zlib cannot decompress"};
    Bytes plain(most + 1);  // one more, to tell what is too long from what just fits
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(data.data()));  // zlib only reads it
    stream.avail_in = static_cast<uInt>(data.size());
    stream.next_out = reinterpret_cast<Bytef*>(plain.data());
    stream.avail_out = static_cast<uInt>(plain.size());
    auto const code = ::inflate(&stream, Z_FINISH);
    auto const size = stream.total_out;
    ::inflateEnd(&stream);
    if (code == Z_BUF_ERROR || (code == Z_STREAM_END && size > most))
        return failure(Kind::data, "compressed data is cut short or too long");
    if (code != Z_STREAM_END) return failure(Kind::data, "compressed data is damaged");
    plain.resize(size);
    return plain;
}

}  // namespace bioctl
