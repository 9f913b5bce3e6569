#include "lib/base/seal.hpp"

#include <sys/wait.h>
#include <unistd.h>
#include <catch2/catch.hpp>

#include "lib/base/file.hpp"
#include "tests/support/temp_dir.hpp"

using namespace bioctl;
using bioctl::test::read_text;
using bioctl::test::TempDir;
using bioctl::test::write_text;

TEST_CASE("a key file that is damaged or open to others is refused, and left as it is", "[seal]") {
    TempDir const dir;
    auto const file = dir / "secret.key";
    for (auto const* const text : {"", "abc\n", "zz", "00112233445566778899aabbccddeeff00112233445566778899aabbccddee\n"}) {
        write_text(file, text);
        fs::permissions(file, fs::perms{0600});
        CHECK_THROWS_WITH(SealKey::load_or_create(file), Catch::Contains("is no key"));
        CHECK(read_text(file) == text);
    }
    fs::permissions(file, fs::perms{0640});
    CHECK_THROWS_WITH(SealKey::load_or_create(file), Catch::Contains("chmod 600"));
}

TEST_CASE("what is sealed opens with the key of the file, and with no other", "[seal]") {
    TempDir const dir;
    auto const key = SealKey::load_or_create(dir / "a/secret.key");
    CHECK(fs::status(dir / "a/secret.key").permissions() == fs::perms{0600});
    auto const sealed = key.seal("hik-Secret-1");
    CHECK(sealed != key.seal("hik-Secret-1"));
    CHECK(std::string{as_text(sealed)}.find("Secret") == std::string::npos);
    CHECK(SealKey::load_or_create(dir / "a/secret.key").open(sealed).or_throw() == "hik-Secret-1");
    CHECK(key.open(key.seal("")).or_throw().empty());
    auto const other = SealKey::load_or_create(dir / "b.key");
    CHECK(other.open(sealed).error().kind() == Kind::config);
    auto damaged = sealed;
    damaged.back() ^= std::byte{1};
    CHECK(key.open(damaged).error().kind() == Kind::config);
    CHECK(key.open(ByteView{sealed}.first(10)).error().kind() == Kind::data);
}

TEST_CASE("processes that make the key at the same moment get the same one", "[seal]") {
    TempDir const dir;
    auto const file = dir / "secret.key";
    std::vector<pid_t> children;
    for (int i = 0; i < 8; ++i) {
        auto const child = ::fork();
        if (child == 0) {
            auto const sealed = SealKey::load_or_create(file).seal("x");
            bool const is_same = SealKey::load_or_create(file).open(sealed).has_value();
            ::_exit(is_same ? 0 : 1);
        }
        children.push_back(child);
    }
    for (auto const child : children) {
        int status = -1;
        ::waitpid(child, &status, 0);
        CHECK(status == 0);
    }
    CHECK(std::distance(fs::directory_iterator{dir.path()}, {}) == 1);
}

TEST_CASE("HMAC-SHA256 is that of RFC 4231, test case 2", "[seal]") {
    CHECK(hmac_sha256_hex("Jefe", "what do ya want for nothing?") ==
          "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}
