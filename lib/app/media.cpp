#include "lib/app/media.hpp"

#include "lib/base/vault.hpp"

namespace bioctl::app {

void write_media(fs::path const& media_dir, std::string_view path, ByteView content) {
    write_private(media_dir.parent_path(), media_dir / path, content);
}

Result<Bytes> read_media(fs::path const& media_dir, std::string_view path, std::uint64_t max_bytes) {
    return read_private(media_dir.parent_path(), media_dir / path, max_bytes);
}

}  // namespace bioctl::app
