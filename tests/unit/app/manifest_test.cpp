#include "lib/app/manifest.hpp"
#include "lib/app/bulk_enrol.hpp"

#include <string>

#include <fmt/format.h>
#include <catch2/catch.hpp>

using namespace bioctl;
using namespace bioctl::app;
using namespace std::string_literals;

namespace {

BulkItem only(std::string_view text, fs::path const& root = "/photos") {
    auto input = read_manifest(text, root);
    REQUIRE(input.items.size() == 1);
    return input.items.front();
}

std::string detail_of(BulkItem const& item) {
    REQUIRE(item.rejected);
    return item.rejected->detail;
}

}  // namespace

TEST_CASE("a manifest without the columns id and path is refused", "[app]") {
    auto const text = GENERATE("alice,Alice,a.jpg\n"s, "id,name\n1,x\n"s, "path\nx.jpg\n"s, "id|path\n"s,
                               "\xFF\xD8\xFF\xE0\0\x10"s, "id,id,path\n"s, "\"id,path\n"s);
    CAPTURE(text);
    CHECK_THROWS_AS(read_manifest(text, "/photos"), Error);
}

TEST_CASE("an empty manifest is refused, for it may be a mistake", "[app]") {
    CHECK_THROWS_WITH(read_manifest(" \r\n\n", "/"), Catch::Contains("empty"));
}

TEST_CASE("UTF-16 is named, not misread", "[app]") {
    CHECK_THROWS_WITH(read_manifest("\xFF\xFEi\0d\0"s, "/"), Catch::Contains("UTF-16"));
}

TEST_CASE("a bad row is rejected in its place and the next one is read", "[app]") {
    struct Case {
        std::string row, complaint;
    };
    auto const [row, complaint] = GENERATE(
        Case{"a,b", "line 2: has 2 fields, the first line 3"}, Case{"a,b,c,d", "line 2: has 4 fields"},
        Case{"a,b,", "line 2: has no path"}, Case{",b,c.jpg", "line 2: the id '' is empty"},
        Case{"../x,b,c.jpg", "holds a slash"}, Case{"a,\"b,c.jpg", "quote"}, Case{"a,\"b\"x,c.jpg", "after a closing quote"},
        Case{"a,b,c\0.jpg"s, "NUL"}, Case{"a," + std::string(600, 'n') + ",c.jpg", "the name has 600 bytes"},
        Case{"a," + std::string(70'000, 'n'), "longer than"}, Case{std::string(100, ','), "more than 64 fields"});
    CAPTURE(row.substr(0, 40));
    auto const input = read_manifest("id,name,path\n" + row + "\nbob,Bob,bob.jpg\n", "/photos");
    REQUIRE(input.items.size() == 2);
    CHECK_THAT(detail_of(input.items[0]), Catch::Contains(complaint));
    CHECK(input.items[1].person_id == "bob");
    CHECK_FALSE(input.items[1].rejected);
    CHECK_FALSE(input.is_complete);
}

TEST_CASE("a quote that is never closed loses one row of many", "[app]") {
    std::string text = "id,path\na,\"x.jpg\n";
    for (int i = 0; i < 20'000; ++i)
        text += fmt::format("p{},p.jpg\n", i);
    auto const input = read_manifest(text, "/photos");
    REQUIRE(input.items.size() == 20'001);
    CHECK(detail_of(input.items[0]) == "line 2: has a quote that is not closed");
    CHECK(input.items[20'000].person_id == "p19999");
    CHECK_FALSE(input.items[1].rejected);
}

TEST_CASE("CSV is read as spreadsheets write it", "[app]") {
    auto const text =
        GENERATE("id,name,path\r\na1,\"Putu, S.Kom.\",x/1.jpg\r\n"s, "\xEF\xBB\xBFid;name;path\na1;Putu, S.Kom.;x/1.jpg"s,
                 " Path ,ID, Name\nx/1.jpg, a1 ,\"Putu, S.Kom.\""s, "\n\nid,name,path,shift\na1,\"Putu, S.Kom.\",x/1.jpg,\n\n"s);
    CAPTURE(text);
    auto const item = only(text);
    CHECK_FALSE(item.rejected);
    CHECK(item.person_id == "a1");
    CHECK(item.name == "Putu, S.Kom.");
    CHECK(item.photo.path == "/photos/x/1.jpg");
}

TEST_CASE("quoted fields keep quotes, separators, line ends and blanks of a path", "[app]") {
    auto const input = read_manifest("id,path\na,\"say \"\"x\"\",\n .jpg\"\nb,c.jpg\n,late.jpg\n", "/r");
    REQUIRE(input.items.size() == 3);
    CHECK(input.items[0].photo.path == "/r/say \"x\",\n .jpg");
    CHECK(input.items[1].person_id == "b");
    CHECK_THAT(detail_of(input.items[2]), Catch::StartsWith("line 5: "));
}

TEST_CASE("paths may hold bytes that are not UTF-8, names may not", "[app]") {
    auto const item = only("id,path\na,\xE9t\xE9.jpg\n");
    CHECK_FALSE(item.rejected);
    CHECK(item.photo.path.native() == "/photos/\xE9t\xE9.jpg");
    CHECK_THAT(detail_of(only("id,name,path\na,\xE9,a.jpg\n")), Catch::Contains("UTF-8"));
}

TEST_CASE("an absolute path is not moved below the root", "[app]") {
    CHECK(only("id,path\na,/srv/a.jpg\n").photo.path == "/srv/a.jpg");
}

TEST_CASE("a bad line of JSON is rejected in its place and the next one is read", "[app]") {
    struct Case {
        std::string line, complaint;
    };
    auto const [line, complaint] = GENERATE(
        Case{"{\"id\":\"a\"", "not a JSON object"}, Case{"{\"id\":\"a\"}", "no \"path\""}, Case{"{\"path\":\"x\"}", "no \"id\""},
        Case{"{\"id\":1.5,\"path\":\"x\"}", "no \"id\""}, Case{"{\"id\":\"a\",\"path\":7}", "no \"path\""},
        Case{"{\"id\":\"a\",\"path\":\"x\",\"name\":[]}", "no \"name\""}, Case{"{\"id\":\"a/b\",\"path\":\"x\"}", "slash"},
        Case{"{\"id\":\"a\",\"path\":\"\"}", "no path"}, Case{"{\"id\":\"a\",\"path\":\"x\\u0000y\"}", "NUL"},
        Case{"{\"id\":\"\xFF\",\"path\":\"x\"}", "not a JSON object"}, Case{"[1]", "not a JSON object"},
        Case{std::string(60'000, '['), "not a JSON object"},
        Case{"{\"id\":\"" + std::string(70'000, 'x') + "\"}", "longer than"});
    CAPTURE(line.substr(0, 40));
    auto const input = read_manifest("{\"id\":\"z\",\"path\":\"z.jpg\"}\n" + line + "\n{\"id\":\"b\",\"path\":\"b.jpg\"}", "/r");
    REQUIRE(input.items.size() == 3);
    CHECK_FALSE(input.items[0].rejected);
    CHECK_THAT(detail_of(input.items[1]), Catch::StartsWith("line 2: ") && Catch::Contains(complaint));
    CHECK(input.items[2].photo.path == "/r/b.jpg");
    CHECK_FALSE(input.is_complete);
}

TEST_CASE("employee numbers in JSON may be bare numbers", "[app]") {
    auto const item = only("{\"id\":3404012304560001,\"name\":\"Ayu\",\"path\":\"a.jpg\",\"shift\":2}\r\n");
    CHECK_FALSE(item.rejected);
    CHECK(item.person_id == "3404012304560001");
    CHECK(item.name == "Ayu");
}

TEST_CASE("a manifest has at most two million rows", "[app]") {
    CHECK_NOTHROW(require_room(k_max_rows - 1));
    CHECK_THROWS_AS(require_room(k_max_rows), Error);
}
