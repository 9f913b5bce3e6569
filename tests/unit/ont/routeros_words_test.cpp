#include <catch2/catch.hpp>

#include <random>

#include "lib/base/bytes.hpp"
#include "lib/ont/routeros_words.hpp"

using namespace bioctl;
using namespace bioctl::ont;
using namespace std::chrono_literals;

namespace {

std::string hex(std::string_view bytes) {
    return to_hex(as_bytes(bytes));
}

std::vector<Words> read_all(SentenceReader& reader) {
    std::vector<Words> sentences;
    while (auto sentence = reader.next())
        sentences.push_back(*std::move(sentence));
    return sentences;
}

Words const k_login{"/login", "=name=admin", "=password="};

}  // namespace

TEST_CASE("lengths are written as the manual's table has them", "[ont]") {
    std::pair<std::uint32_t, char const*> const vectors[]{{0, "00"},
                                                          {1, "01"},
                                                          {0x7F, "7f"},
                                                          {0x80, "8080"},
                                                          {0x82, "8082"},
                                                          {0x87, "8087"},
                                                          {0xFF, "80ff"},
                                                          {0x100, "8100"},
                                                          {0x3FFF, "bfff"},
                                                          {0x4000, "c04000"},
                                                          {0x4321, "c04321"},
                                                          {0x1FFFFF, "dfffff"},
                                                          {2097140, "dffff4"},
                                                          {0x200000, "e0200000"},
                                                          {0x2ACDEF, "e02acdef"},
                                                          {268435440, "effffff0"},
                                                          {0x0FFFFFFF, "efffffff"},
                                                          {0x10000000, "f010000000"},
                                                          {0x10000080, "f010000080"}};
    for (auto const& [length, bytes] : vectors)
        CHECK(hex(encoded_length(length)) == bytes);
    CHECK(hex(encoded_sentence(k_login)) == "062f6c6f67696e0b3d6e616d653d61646d696e0a3d70617373776f72643d00");
}

TEST_CASE("sentences are found, whatever the network has split and joined", "[ont]") {
    std::vector<Words> const wanted{
        k_login, {"!re", "=name=" + std::string(300, 'x'), std::string("=raw=\0\xff", 7)}, {"!done"}, {std::string(20'000, 'y')}};
    std::string bytes;
    for (auto const& sentence : wanted)
        bytes += encoded_sentence(sentence) + '\0';  // an empty sentence behind each
    SentenceReader whole;
    REQUIRE(whole.feed(bytes));
    CHECK(read_all(whole) == wanted);
    SentenceReader slow;
    std::vector<Words> found;
    for (char const byte : bytes) {
        REQUIRE(slow.feed({&byte, 1}));
        while (auto sentence = slow.next())
            found.push_back(*std::move(sentence));
    }
    CHECK(found == wanted);
    for (std::size_t split = 0; split < 400; ++split) {
        SentenceReader reader;
        REQUIRE(reader.feed(bytes.substr(0, split)));
        REQUIRE(reader.feed(bytes.substr(split)));
        CHECK(read_all(reader) == wanted);
    }
}

TEST_CASE("every form of length is read, and what no RouterOS sends is refused for good", "[ont]") {
    for (std::uint32_t const length : {0x7FU, 0x80U, 0x3FFFU, 0x4000U, 0x1FFFFFU, 0x200000U}) {
        SentenceReader reader;
        REQUIRE(reader.feed(encoded_sentence({std::string(length, 'z')})));
        CHECK(reader.next().value().at(0).size() == length);
    }
    SentenceReader long_form;
    REQUIRE(long_form.feed(std::string("\xF0\0\0\0\2hi\0", 8)));
    CHECK(long_form.next() == Words{"hi"});
    for (int first = 0xF1; first <= 0xFF; ++first) {
        SentenceReader reader;
        CHECK(reader.feed(std::string(1, static_cast<char>(first))).error().kind() == Kind::protocol);
        CHECK(reader.feed(std::string("\0", 1)).error().kind() == Kind::protocol);
    }
    SentenceReader huge;
    CHECK(huge.feed(std::string("\xF0\x40\0\0\0", 5)).error().kind() == Kind::protocol);  // 1 GiB: nothing is allocated for it
    SentenceReader many{SentenceLimits{.word = 10, .sentence = 100, .words = 5}};
    CHECK(many.feed(encoded_sentence(Words(6, "a"))).error().kind() == Kind::protocol);
    SentenceReader wide{SentenceLimits{.word = 10, .sentence = 20, .words = 50}};
    CHECK(wide.feed(encoded_sentence(Words(3, "1234567890"))).error().kind() == Kind::protocol);
}

TEST_CASE("random bytes neither crash nor hang", "[ont]") {
    std::mt19937 random{11};
    for (int i = 0; i < 2000; ++i) {
        std::string noise(random() % 1024, '\0');
        for (auto& c : noise)
            c = static_cast<char>(random());
        SentenceReader reader;
        static_cast<void>(reader.feed(noise));
        for (auto const& sentence : read_all(reader))
            static_cast<void>(reply_from(sentence));
    }
}

TEST_CASE("replies are told apart; values keep their signs, zeros and bytes", "[ont]") {
    auto const row = reply_from({"!re", ".tag=7", "=.id=*1A", "=user=007", "=comment=a=b", "=name=", "=odd"});
    CHECK(row.type == RouterReply::Type::row);
    CHECK(row.tag == "7");
    CHECK(row.get(".id") == "*1A");
    CHECK(row.get("user") == "007");
    CHECK(row.get("comment") == "a=b");
    CHECK(row.has("name"));
    CHECK(row.get("name").empty());
    CHECK(row.has("odd"));
    CHECK_FALSE(row.has("session-time-left"));
    CHECK(reply_from({"!done", "=ret=5"}).get("ret") == "5");
    CHECK(reply_from({"!trap", "=category=4", "=message=no"}).type == RouterReply::Type::trap);
    CHECK(reply_from({"!fatal", "session terminated on request"}).text == "session terminated on request");
    CHECK(reply_from({"!empty"}).type == RouterReply::Type::empty);
    CHECK(reply_from({"!later"}).type == RouterReply::Type::unknown);
    CHECK(reply_from({}).type == RouterReply::Type::unknown);
}

TEST_CASE("durations in the new and the old writing", "[ont]") {
    CHECK(router_duration("1w2d3h4m5s") == 788'645s);
    CHECK(router_duration("1w2d03:04:05") == 788'645s);
    CHECK(router_duration("00:00:07") == 7s);
    CHECK(router_duration("2m10ms") == 120'010ms);
    CHECK(router_duration("0s") == 0s);
    for (auto const* text : {"", "never", "5", "1h2x", "00:60:00", "1d00:00", "-5s", "99999999999s"})
        CHECK_FALSE(router_duration(text));
}

TEST_CASE("text is UTF-8 if it is, else Windows-1252", "[ont]") {
    CHECK(router_text("Kantor Désa") == "Kantor Désa");
    CHECK(router_text("Caf\xe9 \x80") == "Café €");
    CHECK(router_text("\x81") == "\uFFFD");
}

TEST_CASE("a text that is cut keeps its characters whole, and what it was written in", "[ont]") {
    CHECK(router_text("Désa", 4) == "Dés");
    CHECK(router_text("Désa", 2) == "D");
    CHECK(router_text("D\u20ACsa", 3) == "D");
    CHECK(router_text("\U0001F4F6", 3).empty());
    CHECK(router_text("Caf\xe9 \x80", 4) == "Café");
    CHECK(router_text("\x80\x80\x80\x80\x80\x80", 2) == "€€");
    CHECK(router_text("D\xC3", 4) == "DÃ");
    CHECK(router_text("abc", 0).empty());
}
