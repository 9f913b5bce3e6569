#include "lib/image/photo.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <catch2/catch.hpp>

#include "tests/support/temp_dir.hpp"

using namespace bioctl;
using namespace bioctl::image;
using bioctl::test::TempDir;
using bioctl::test::write_text;
using Reason = Failure::Reason;

namespace {

Reason why_unread(std::filesystem::path const& path, Limits const& limits = {}) {
    auto const bytes = image::read(path, limits);
    REQUIRE_FALSE(bytes.has_value());
    CHECK_THAT(bytes.error().detail, !Catch::Contains(path.string()));
    return bytes.error().reason;
}

}  // namespace

TEST_CASE("a photo that cannot be read says why", "[image]") {
    TempDir const dir;
    write_text(dir / "photo.jpg", "12345");
    CHECK(why_unread(dir / "absent.jpg") == Reason::missing);
    CHECK(why_unread(dir / "photo.jpg/below.jpg") == Reason::missing);
    CHECK(why_unread(dir.path()) == Reason::not_a_file);
    CHECK(why_unread(dir / "photo.jpg", {.max_bytes = 4}) == Reason::too_large);
    CHECK(as_text(*image::read(dir / "photo.jpg", {.max_bytes = 5})) == "12345");
}

TEST_CASE("a socket is not a photo", "[image]") {
    TempDir const dir;
    sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
    (dir / "socket").string().copy(address.sun_path, sizeof address.sun_path - 1);
    int const fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
    REQUIRE(::bind(fd, reinterpret_cast<sockaddr const*>(&address), sizeof address) == 0);
    CHECK(why_unread(dir / "socket") == Reason::not_a_file);
    ::close(fd);
}

TEST_CASE("a photo without permission says so", "[image]") {
    if (::geteuid() == 0) return;  // root reads everything
    TempDir const dir;
    write_text(dir / "photo.jpg", "12345");
    ::chmod((dir / "photo.jpg").c_str(), 0);
    CHECK(why_unread(dir / "photo.jpg") == Reason::permission);
}

TEST_CASE("a failure becomes an error with name, cause and kind", "[image]") {
    auto const kind = [](Reason reason) { return Failure{reason, "x"}.as_error("a.jpg").kind(); };
    CHECK(kind(Reason::missing) == Kind::no_input);
    CHECK(kind(Reason::not_a_file) == Kind::no_input);
    CHECK(kind(Reason::permission) == Kind::permission);
    CHECK(kind(Reason::io) == Kind::io);
    CHECK(kind(Reason::too_large) == Kind::data);
    CHECK(kind(Reason::unreadable) == Kind::data);
    CHECK(Failure{Reason::unreadable, "is empty"}.as_error("a\n.jpg").message() == "a\\n.jpg: is empty");
}

TEST_CASE("image files are known by their extension in any case", "[image]") {
    for (auto const* name : {"a.jpg", "a.JPEG", "x/a.jpe", "a.jfif", "a.Png", "a.webp", "a.bmp", "a.tif", "a.tiff", "a.heic",
                             "a.HEIF", "a.avif", "a.b.jpg"}) {
        CHECK(has_image_extension(name));
    }
    for (auto const* name : {"a", "jpg", ".jpg", "a.jpg.txt", "a.gif", "a.jpg/b", "a.jpg~", ""})
        CHECK_FALSE(has_image_extension(name));
}
