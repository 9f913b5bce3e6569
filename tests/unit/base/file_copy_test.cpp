#include "lib/base/file_copy.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "lib/base/descriptor.hpp"
#include "lib/base/error.hpp"
#include "tests/support/temp_dir.hpp"

using namespace bioctl;
using bioctl::test::read_text;
using bioctl::test::TempDir;
using bioctl::test::write_text;

TEST_CASE("a copy has the content, the time and nobody's rights but the owner's", "[file_copy]") {
    TempDir const dir;
    CHECK_FALSE(copy_file_to(dir / "none", dir / "copy").has_value());
    CHECK_FALSE(fs::exists(dir / "copy"));
    write_text(dir / "a", "portrait");
    auto const stamp = copy_file_to(dir / "a", dir / "copy").value();
    CHECK(stamp == stamp_of(dir / "a").or_throw());
    CHECK(stamp == stamp_of(dir / "copy").or_throw());
    CHECK(stamp.bytes == 8);
    CHECK(fs::status(dir / "copy").permissions() == fs::perms{0600});
    CHECK_THROWS_AS(copy_file_to(dir / "a", dir / "copy"), Error);
    fs::create_symlink(dir / "a", dir / "link");
    CHECK_THROWS_WITH(copy_file_to(dir / "link", dir / "other"), Catch::Contains("is a link"));
    CHECK(stamp_of(dir / "link").error().kind() == Kind::no_input);
}

TEST_CASE("what is wiped is zeros for whoever has it open still", "[file_copy]") {
    TempDir const dir;
    wipe(dir / "none");
    std::string const text(200'000, 'x');
    write_text(dir / "a", text);
    Descriptor const old{::open((dir / "a").c_str(), O_RDONLY | O_CLOEXEC)};
    wipe(dir / "a");
    CHECK_FALSE(fs::exists(dir / "a"));
    std::string left(text.size() + 1, 'y');
    CHECK(::pread(old.get(), left.data(), left.size(), 0) == static_cast<ssize_t>(text.size()));
    CHECK(left == std::string(text.size(), '\0') + 'y');
    write_text(dir / "b", "precious");
    fs::create_symlink(dir / "b", dir / "link");
    CHECK_THROWS_AS(wipe(dir / "link"), Error);
    CHECK(read_text(dir / "b") == "precious");
}

TEST_CASE("a file is replaced, and what was there is wiped, also after a run that was killed in between", "[file_copy]") {
    TempDir const dir;
    write_text(dir / "f", "in clear");
    write_text(dir / ".f.old", "left over");
    write_text(dir / "draft", "sealed");
    Descriptor const old{::open((dir / "f").c_str(), O_RDONLY | O_CLOEXEC)};
    replace_and_wipe(dir / "draft", dir / "f");
    CHECK(read_text(dir / "f") == "sealed");
    CHECK(std::distance(fs::directory_iterator{dir.path()}, {}) == 1);
    std::string left(8, 'y');
    CHECK(::pread(old.get(), left.data(), left.size(), 0) == 8);
    CHECK(left == std::string(8, '\0'));
    // Killed between the link and the rename: the old name is the file itself.
    fs::create_hard_link(dir / "f", dir / ".f.old");
    write_text(dir / "draft", "sealed again");
    replace_and_wipe(dir / "draft", dir / "f");
    CHECK(read_text(dir / "f") == "sealed again");
    fs::create_hard_link(dir / "f", dir / ".f.old");
    wipe(dir / ".f.old");
    CHECK(read_text(dir / "f") == "sealed again");
    // Where there was none before.
    write_text(dir / "draft", "first");
    replace_and_wipe(dir / "draft", dir / "g");
    CHECK(read_text(dir / "g") == "first");
}
