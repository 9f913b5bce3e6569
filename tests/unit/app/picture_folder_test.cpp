#include "lib/app/picture_folder.hpp"

#include <catch2/catch.hpp>

#include "tests/support/temp_dir.hpp"

using namespace bioctl;
using namespace bioctl::app;
using test::read_text;
using test::TempDir;
using test::write_text;

namespace {

PhotoSource file(fs::path const& path) {
    return {path, std::nullopt};
}

}  // namespace

TEST_CASE("a file in the place of the folder is an error", "[app]") {
    TempDir const dir;
    write_text(dir / "file", "x");
    auto const name = GENERATE("file", "file/below");
    try {
        PictureFolder const pictures{dir / name, {}};
        FAIL("made in the place of a file");
    } catch (Error const& error) {
        CHECK(error.kind() == Kind::cannot_create);
    }
}

TEST_CASE("no picture takes the place of a photo it was made from", "[app]") {
    TempDir const dir;
    fs::create_directory_symlink(dir.path(), dir / "link");
    std::vector const sources{file(dir / "a.jpg"), file(dir / "a-2.jpg"), file(dir / "link/b.png")};
    for (auto const& source : sources)
        write_text(source.path, "photo");
    PictureFolder pictures{dir / "link", sources};
    CHECK(pictures.write(sources[0], as_bytes("picture")) == dir / "link/a-3.jpg");
    CHECK(pictures.write(sources[2], as_bytes("picture")) == dir / "link/b.jpg");
    CHECK(read_text(dir / "a.jpg") == "photo");
    CHECK(read_text(dir / "a-2.jpg") == "photo");
    CHECK(read_text(dir / "a-3.jpg") == "picture");
}

TEST_CASE("photos of one name get numbers, and the next run the same names again", "[app]") {
    TempDir const dir;
    std::vector const sources{file("/x/a.jpg"), file("/y/a.png"), PhotoSource{"-", Bytes{}}};
    for (int run = 0; run < 2; ++run) {
        PictureFolder pictures{dir / "new/out", sources};
        CHECK(pictures.write(sources[0], as_bytes("1")) == dir / "new/out/a.jpg");
        CHECK(pictures.write(sources[1], as_bytes("2")) == dir / "new/out/a-2.jpg");
        CHECK(pictures.write(sources[2], as_bytes("3")) == dir / "new/out/stdin.jpg");
    }
}
