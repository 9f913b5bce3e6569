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

}  // namespace bioctl
