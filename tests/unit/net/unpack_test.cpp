#include <catch2/catch.hpp>

#include <memory>
#include <string>

#include <archive.h>
#include <archive_entry.h>

#include "lib/base/error.hpp"
#include "lib/net/unpack.hpp"
#include "tests/support/temp_dir.hpp"

using namespace bioctl;
using namespace bioctl::test;
using net::unpack;

namespace {

enum class Packing { bzip2, seven_zip };

/// Packs one file under the given name.
void pack(fs::path const& to, Packing packing, std::string const& name, std::string const& content) {
    std::unique_ptr<archive, int (*)(archive*)> const out{archive_write_new(), &archive_write_free};
    if (packing == Packing::bzip2) {
        archive_write_add_filter_bzip2(out.get());
        archive_write_set_format_raw(out.get());
    } else {
        archive_write_set_format_7zip(out.get());
    }
    REQUIRE(archive_write_open_filename(out.get(), to.c_str()) == ARCHIVE_OK);
    std::unique_ptr<archive_entry, void (*)(archive_entry*)> const entry{archive_entry_new(), &archive_entry_free};
    archive_entry_set_pathname(entry.get(), name.c_str());
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(content.size()));
    REQUIRE(archive_write_header(out.get(), entry.get()) == ARCHIVE_OK);
    REQUIRE(archive_write_data(out.get(), content.data(), content.size()) == static_cast<la_ssize_t>(content.size()));
    REQUIRE(archive_write_close(out.get()) == ARCHIVE_OK);
}

struct Fixture {
    TempDir dir;
    fs::path from = dir / "packed", to = dir / "model.dat";
    std::string content = std::string(100'000, 'a') + "end";

    Kind failure(std::uint64_t max_bytes = 1'000'000) {
        auto const done = unpack(from, ".dat", to, max_bytes);
        REQUIRE_FALSE(done);
        CHECK_FALSE(fs::exists(to));
        return done.error().kind();
    }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "what cannot be unpacked leaves nothing behind", "[net]") {
    CHECK(failure() == Kind::no_input);
    write_text(from, "");
    CHECK(failure() == Kind::data);
    write_text(from, "not compressed at all");
    CHECK(failure() == Kind::data);
    write_text(from, "BZh9 but not really bzip2");
    CHECK(failure() == Kind::data);
}

TEST_CASE_METHOD(Fixture, "a packed file cut anywhere is refused", "[net]") {
    auto const packing = GENERATE(Packing::bzip2, Packing::seven_zip);
    pack(from, packing, "model.dat", content);
    auto const whole = read_text(from);
    for (std::size_t length = 1; length < whole.size(); length += 7) {
        INFO(length);
        write_text(from, whole.substr(0, length));
        CHECK(failure() == Kind::data);
    }
}

TEST_CASE_METHOD(Fixture, "a file that unpacks to more than allowed is refused", "[net]") {
    pack(from, GENERATE(Packing::bzip2, Packing::seven_zip), "model.dat", content);
    CHECK(failure(content.size() - 1) == Kind::data);
}

TEST_CASE_METHOD(Fixture, "an archive without the wanted file is refused", "[net]") {
    pack(from, Packing::seven_zip, "readme.txt", content);
    CHECK(failure() == Kind::data);
}

TEST_CASE_METHOD(Fixture, "a bzip2 file and a 7-Zip archive are unpacked", "[net]") {
    pack(from, GENERATE(Packing::bzip2, Packing::seven_zip), "folder/model.dat", content);
    REQUIRE(unpack(from, ".dat", to, content.size()));
    CHECK(read_text(to) == content);
}
