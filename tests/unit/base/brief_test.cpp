#include <catch2/catch.hpp>

#include <array>

#include "lib/base/brief.hpp"
#include "lib/base/text.hpp"

using namespace bioctl;

TEST_CASE("brief() cuts between characters and says that it has cut", "[base]") {
    CHECK(brief("siti") == "siti");
    CHECK(brief(std::string(64, 'a')) == std::string(64, 'a'));
    CHECK(brief(std::string(65, 'a')) == std::string(64, 'a') + "...");
    CHECK(brief("a\xc3\xa9z", 2) == "a...");
    CHECK(brief("a\nb") == "a\\nb");
    CHECK(brief(std::string(1'000'000, '\x80'), 4).size() < 50);
}

TEST_CASE("without_paths() leaves scheme and host of each address", "[base]") {
    CHECK(without_paths("") == "");
    CHECK(without_paths("HTTP 404") == "HTTP 404");
    CHECK(without_paths("https://hrd.example/hooks/T0P: timed out; look") == "https://hrd.example: timed out; look");
    CHECK(without_paths("http://u:pw@h:8080/a/b?x=1#y (http://i/c), HTTPS://J?k") == "http://h:8080 (http://i), HTTPS://J");
    CHECK(without_paths("http://[::1]:80/x: no") == "http://[::1]:80: no");
    CHECK(without_paths("'https://h/secret' and socks5h://proxy/x") == "'https://h' and socks5h://proxy/x");
    CHECK(without_paths("http://") == "http://");
    CHECK(without_paths("://http://a/b://c") == "://http://a");
}

TEST_CASE("nearest() does no work for words that nobody types", "[base]") {
    std::string const near(300, 'a');
    std::string_view const candidates[] = {near};
    CHECK(nearest(std::string(299, 'a'), candidates).empty());
    CHECK(nearest("recogniz", std::array<std::string_view, 2>{"recognize", std::string_view{near}}) == "recognize");
    // Fifty megabytes each: to compare them would take days.
    std::string const huge(50'000'000, 'a');
    std::string_view const huge_candidates[] = {huge};
    CHECK(nearest("aaaa", huge_candidates).empty());
    CHECK(nearest(huge, huge_candidates).empty());
}
