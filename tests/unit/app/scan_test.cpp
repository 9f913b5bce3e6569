#include "lib/app/bulk_enrol.hpp"

#include <sys/stat.h>

#include <cmath>

#include <catch2/catch.hpp>

#include "tests/support/temp_dir.hpp"

using namespace bioctl;
using namespace bioctl::app;
using test::TempDir;
using test::write_text;

namespace {

std::vector<std::string> below(TempDir const& dir, std::vector<fs::path> const& paths) {
    std::vector<std::string> names;
    for (auto const& path : paths)
        names.push_back(path.string().substr(dir.path().string().size() + 1));
    return names;
}

Kind kind_thrown_by(fs::path const& folder) {
    try {
        static_cast<void>(scan_directory(folder));
    } catch (Error const& error) {
        return error.kind();
    }
    throw std::logic_error{"nothing was thrown"};
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("a folder that is not there, or no folder, is named", "[app]") {
    TempDir const dir;
    write_text(dir / "file.jpg", "x");
    CHECK(kind_thrown_by(dir / "nowhere") == Kind::no_input);
    CHECK(kind_thrown_by(dir / "file.jpg") == Kind::no_input);
    CHECK_THROWS_WITH(list_photos(dir / "nowhere"), Catch::Contains("nowhere"));
}

TEST_CASE("photos are listed by bytes, without hidden ones and other files", "[app]") {
    TempDir const dir;
    for (auto const* name : {"b/2.JPG", "a/z.png", "a-b/1.jpg", "a/sub/deep/1.webp", "a/.hidden.jpg", "a/.git/1.jpg",
                             "a/notes.txt", "a/x\ny.jpg", "Z/1.jpeg"}) {
        write_text(dir / name, "x");
    }
    REQUIRE(::mkfifo((dir / "a/pipe.jpg").c_str(), 0600) == 0);
    auto const found = list_photos(dir.path());
    CHECK(found.troubles.empty());
    CHECK(below(dir, found.photos) == Names{"Z/1.jpeg", "a-b/1.jpg", "a/sub/deep/1.webp", "a/x\ny.jpg", "a/z.png", "b/2.JPG"});
}

TEST_CASE("links to folders are followed, but not in circles", "[app]") {
    TempDir const dir;
    write_text(dir / "real/a/1.jpg", "x");
    write_text(dir / "pool/2.jpg", "x");
    fs::create_directory_symlink(dir / "pool", dir / "real/b");
    fs::create_directory_symlink(dir / "real", dir / "real/a/up");
    fs::create_directory_symlink("self", dir / "real/a/self");
    auto const found = list_photos(dir / "real");
    CHECK(below(dir, found.photos) == Names{"real/a/1.jpg", "real/b/2.jpg"});
}

TEST_CASE("nesting beyond all reason is reported", "[app]") {
    TempDir const dir;
    auto deep = dir.path();
    for (int i = 0; i < 70; ++i)
        deep /= "d";
    write_text(deep / "x.jpg", "x");
    auto const found = list_photos(dir.path());
    CHECK(found.photos.empty());
    REQUIRE(found.troubles.size() == 1);
    CHECK_THAT(found.troubles[0].detail, Catch::Contains("64"));
}

TEST_CASE("the first folder level is the id, deeper ones are the user's", "[app]") {
    TempDir const dir;
    for (auto const* name : {"bob/1.jpg", "alice/2019/a.jpg", "alice/2020/b.jpg", "loose.jpg", "-x/1.jpg"})
        write_text(dir / name, "x");
    auto const input = scan_directory(dir.path() / "");
    REQUIRE(input.items.size() == 5);
    CHECK(input.is_complete);
    CHECK(input.origin == fs::canonical(dir.path()).string());
    CHECK(input.items[0].rejected->reason == RejectReason::bad_id);
    CHECK(input.items[1].person_id == "alice");
    CHECK(input.items[1].photo.path == dir.path() / "alice/2019/a.jpg");
    CHECK(input.items[3].person_id == "bob");
    REQUIRE(input.items[4].rejected);
    CHECK(input.items[4].rejected->detail == "lies directly in the folder; photos belong into one folder for each id");
}

TEST_CASE("a folder that cannot be read is an item, and the scan is not complete", "[app]") {
    TempDir const dir;
    write_text(dir / "alice/1.jpg", "x");
    auto deep = dir / "bob";
    for (int i = 0; i < 70; ++i)
        deep /= "d";
    write_text(deep / "x.jpg", "x");
    auto const input = scan_directory(dir.path());
    REQUIRE(input.items.size() == 2);
    CHECK_FALSE(input.is_complete);
    CHECK(input.items[1].person_id == "bob");
    REQUIRE(input.items[1].rejected);
    CHECK(input.items[1].rejected->reason == RejectReason::unreadable);
}

TEST_CASE("boxes are rounded and end at the edge of the picture", "[app]") {
    CHECK(clipped({10.4F, 20.6F, 30, 40}, {100, 100}) == Box{.top = 21, .right = 40, .bottom = 61, .left = 10});
    CHECK(clipped({-5, -5, 200, 300}, {100, 90}) == Box{.top = 0, .right = 100, .bottom = 90, .left = 0});
    CHECK(clipped({std::nanf(""), 1e30F, 1, 1}, {100, 90}) == Box{.top = 90, .right = 0, .bottom = 90, .left = 0});
}
