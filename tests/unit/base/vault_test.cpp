#include "lib/base/vault.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include <catch2/catch.hpp>

#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "tests/support/temp_dir.hpp"

using namespace bioctl;
using bioctl::test::read_text;
using bioctl::test::TempDir;
using bioctl::test::write_text;

namespace {

Bytes page_of(std::size_t size) {
    Bytes page(size);
    std::generate(page.begin(), page.end() - Vault::k_page_extra, [n = 0]() mutable { return std::byte(n++ % 251); });
    return page;
}

Error error_of_opening(fs::path const& folder) {
    try {
        static_cast<void>(Vault::of(folder));
    } catch (Error const& error) {
        return error;
    }
    return Error{Kind::bug, "no error"};
}

/// Each folder is opened once in a process: to open it with another key, it has another name.
fs::path moved(fs::path const& folder) {
    static int count = 0;
    fs::path to = folder.native() + std::to_string(++count);
    fs::rename(folder, to);
    return to;
}

}  // namespace

TEST_CASE("a page opens where it was sealed, and nowhere else, and not with a bit turned", "[vault]") {
    TempDir const dir, keys;
    auto const vault = Vault::create(dir.path(), keys / "k");
    auto const page = page_of(4096);
    auto sealed = page;
    vault->seal_page(sealed, 8192);
    CHECK((std::search(sealed.begin(), sealed.end(), page.begin(), page.begin() + 16) == sealed.end()));
    auto again = page;
    vault->seal_page(again, 8192);
    CHECK((again != sealed));

    auto opened = sealed;
    REQUIRE(vault->open_page(opened, 8192));
    CHECK((opened == page));
    auto elsewhere = sealed;
    CHECK_FALSE(vault->open_page(elsewhere, 4096));
    for (std::size_t const i : {0U, 2000U, 4055U, 4056U, 4079U, 4080U, 4095U}) {
        auto damaged = sealed;
        damaged[i] ^= std::byte{1};
        CHECK_FALSE(vault->open_page(damaged, 8192));
    }
}

TEST_CASE("a file opens whole or not at all", "[vault]") {
    TempDir const dir, keys;
    auto const vault = Vault::create(dir.path(), keys / "k");
    for (std::string const& text : {std::string{}, std::string{"Siti"}, std::string(100'000, 'x')}) {
        auto const sealed = vault->seal_file(as_bytes(text));
        CHECK(Vault::is_sealed_file(sealed));
        CHECK(as_text(vault->open_file(sealed).or_throw()) == text);
        for (auto const size : {std::size_t{0}, std::size_t{20}, sealed.size() - 1})
            CHECK(vault->open_file(ByteView{sealed}.first(size)).error().kind() == Kind::data);
        auto damaged = sealed;
        damaged[damaged.size() / 2] ^= std::byte{4};
        CHECK_FALSE(vault->open_file(damaged).has_value());
    }
    CHECK_FALSE(Vault::is_sealed_file(as_bytes("\xff\xd8jpeg")));
}

TEST_CASE("what is written in a sealed folder is sealed, in another it is not; both are read the same way", "[vault]") {
    TempDir const dir, open, keys;
    Vault::create(dir.path(), keys / "k");
    for (auto const* const folder : {&dir, &open}) {
        auto const root = folder->path();
        write_private(root, root / "a/b.jpg", as_bytes("portrait of Siti"));
        CHECK(as_text(read_private(root, root / "a/b.jpg", 100).or_throw()) == "portrait of Siti");
        CHECK(read_private(root, root / "a/b.jpg", 15).error().kind() == Kind::data);
        CHECK(read_private(root, root / "a/c.jpg", 15).error().kind() == Kind::no_input);
        CHECK(fs::status(root / "a/b.jpg").permissions() == fs::perms{0600});
    }
    CHECK(read_text(open / "a/b.jpg") == "portrait of Siti");
    CHECK(read_text(dir / "a/b.jpg").find("Siti") == std::string::npos);
    // As it was before the folder was sealed; and a sealed one where there is no envelope.
    write_text(dir / "old.jpg", "in clear");
    CHECK(as_text(read_private(dir.path(), dir / "old.jpg", 100).or_throw()) == "in clear");
    fs::copy_file(dir / "a/b.jpg", open / "b.jpg");
    CHECK_THROWS_WITH(read_private(open.path(), open / "b.jpg", 100).or_throw(), Catch::Contains("has no sealed.key"));
}

TEST_CASE("without the key, with another, with a damaged envelope: it says which", "[vault]") {
    TempDir const dir, keys;
    auto folder = dir / "data";
    fs::create_directory(folder);
    CHECK(Vault::of(folder) == nullptr);
    auto const id = Vault::create(folder, keys / "right")->id();
    CHECK(fs::status(keys / "right").permissions() == fs::perms{0600});
    CHECK(fs::status(folder / k_envelope).permissions() == fs::perms{0600});
    CHECK_THROWS_WITH(Vault::create(folder, keys / "right"), Catch::Contains("sealed already"));

    folder = moved(folder);
    set_vault_key({});
    CHECK(error_of_opening(folder).kind() == Kind::permission);
    CHECK_THAT(error_of_opening(folder).message(), Catch::Contains("no key was named"));
    set_vault_key({.file = keys / "none"});
    CHECK(error_of_opening(folder).kind() == Kind::permission);
    TempDir const other;
    Vault::create(other.path(), keys / "wrong");  // which names it as the key, too
    CHECK(error_of_opening(folder).kind() == Kind::permission);
    CHECK_THAT(error_of_opening(folder).message(), Catch::Contains("is another key"));
    set_vault_key({.file = keys / "right"});
    auto const envelope = read_text(folder / k_envelope);
    write_text(folder / k_envelope, envelope.substr(0, 40));
    CHECK(error_of_opening(folder).kind() == Kind::data);
    write_text(folder / k_envelope, envelope);
    CHECK(Vault::of(folder)->id() == id);
}

TEST_CASE("another key file for the same data key; the old one opens nothing any more", "[vault]") {
    TempDir const dir, keys;
    auto folder = dir / "data";
    fs::create_directory(folder);
    auto const vault = Vault::create(folder, keys / "old");
    auto const sealed = vault->seal_file(as_bytes("x"));
    CHECK_THROWS_WITH(Vault::change_key(folder, folder / "inside.key"), Catch::Contains("lies in the folder"));
    Vault::change_key(folder, keys / "new");
    CHECK(Vault::of(folder)->open_file(sealed).has_value());
    folder = moved(folder);
    CHECK(error_of_opening(folder).kind() == Kind::permission);
    set_vault_key({.file = keys / "new"});
    CHECK(Vault::of(folder)->open_file(sealed).has_value());
    // By whatever path, and no longer than the envelope is there.
    CHECK(Vault::of(folder / "." / "") == Vault::of(folder));
    Vault::retire(folder);
    CHECK(Vault::of(folder) == nullptr);
    CHECK(fs::exists(folder / k_retired_envelope));
}

TEST_CASE("a credential may be readable by its group, a key file may not", "[vault]") {
    TempDir const dir, keys;
    auto folder = dir / "data";
    fs::create_directory(folder);
    Vault::create(folder, keys / "k");
    fs::permissions(keys / "k", fs::perms{0440});
    folder = moved(folder);
    set_vault_key({.file = keys / "k"});
    CHECK(error_of_opening(folder).kind() == Kind::config);
    set_vault_key({.file = keys / "k", .is_readable_by_group = true});
    CHECK(Vault::of(folder) != nullptr);
}

TEST_CASE("a file without a name is enciphered at any offset", "[vault]") {
    EphemeralCipher const cipher, other;
    Bytes plain(1000);
    std::generate(plain.begin(), plain.end(), [n = 0]() mutable { return std::byte(n++); });
    auto file = plain;
    cipher.apply(file, 0);
    CHECK((file != plain));
    auto foreign = file;
    other.apply(foreign, 0);
    CHECK((foreign != plain));
    for (auto const& [offset, size] : {std::pair{0U, 1000U}, std::pair{63U, 2U}, std::pair{64U, 64U}, std::pair{777U, 100U}}) {
        Bytes part(file.begin() + offset, file.begin() + offset + size);
        cipher.apply(part, offset);
        CHECK(std::equal(part.begin(), part.end(), plain.begin() + offset));
    }
}
