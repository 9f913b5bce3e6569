#include "lib/app/picture_folder.hpp"

#include <cerrno>

#include <fmt/format.h>

#include "lib/base/file.hpp"
#include "lib/base/text.hpp"

namespace bioctl::app {

namespace {

fs::path resolved(fs::path const& path) {
    std::error_code error;
    auto known = fs::weakly_canonical(path, error);
    return error ? fs::absolute(path).lexically_normal() : known;
}

}  // namespace

PictureFolder::PictureFolder(fs::path folder, std::span<PhotoSource const> sources) : m_folder(std::move(folder)) {
    std::error_code error;
    fs::create_directories(m_folder, error);
    if (error || !fs::is_directory(m_folder)) {
        auto const cause = errno_error(fmt::format("cannot make the folder {}", printable(m_folder.string())),
                                       error ? error.value() : ENOTDIR, Kind::cannot_create);
        throw Error{cause.kind() == Kind::no_input ? Kind::cannot_create : cause.kind(), cause.message()};
    }
    for (auto const& source : sources) {
        if (!source.bytes) m_taken.insert(resolved(source.path));
    }
}

fs::path PictureFolder::write(PhotoSource const& source, ByteView jpeg) {
    auto const stem = source.bytes ? std::string{"stdin"} : source.path.stem().string();
    auto target = m_folder / (stem + ".jpg");
    for (int number = 2; !m_taken.insert(resolved(target)).second; ++number)
        target = m_folder / fmt::format("{}-{}.jpg", stem, number);
    write_file(target, jpeg);
    return target;
}

}  // namespace bioctl::app
