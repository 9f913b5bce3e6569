#include "lib/http/multipart.hpp"

#include <fmt/format.h>
#include <catch2/catch.hpp>

using namespace bioctl;
using http::Form;

namespace {

constexpr auto k_type = "multipart/form-data; boundary=xyz";

Result<Form> parse(std::string const& body, std::string const& type = k_type) {
    static std::string kept;  // the parts point into it
    kept = body;
    return Form::parse(type, kept);
}

}  // namespace

TEST_CASE("Fields and files are told apart, and their bytes are exact", "[http]") {
    std::string const bytes{"\xff\xd8\r\n--xy\0\r\n\r\n", 13};
    auto const form = parse(
        "--xyz\r\nContent-Disposition: form-data; name=\"student_id\"\r\n\r\n2021-07\r\n"
        "--xyz\r\ncontent-disposition: form-data; name=image; filename=\"a \\\"b\\\".jpg\"\r\nContent-Type: image/jpeg\r\n\r\n" +
        bytes + "\r\n--xyz--\r\n");
    REQUIRE(form);
    CHECK(form->field("student_id") == "2021-07");
    auto const* image = form->find("image");
    REQUIRE(image);
    CHECK(image->content == bytes);
    CHECK(image->file_name == "a \"b\".jpg");
    CHECK(image->content_type == "image/jpeg");
    CHECK_FALSE(form->field("image"));  // a file is no field
}

TEST_CASE("A file input that nobody filled has an empty name", "[http]") {
    auto const form = parse("--xyz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\"\r\n\r\n\r\n--xyz--");
    REQUIRE(form);
    CHECK(form->find("file")->file_name == "");
    CHECK(form->find("file")->content.empty());
}

TEST_CASE("A preamble, bare newlines and a part without header are taken", "[http]") {
    auto const form = parse("hello\n--xyz\nContent-Disposition: form-data; name=a\n\n1\n--xyz\r\n\r\nnameless\r\n--xyz--\n");
    REQUIRE(form);
    REQUIRE(form->parts().size() == 2);
    CHECK(form->field("a") == "1");
    CHECK(form->parts()[1].content == "nameless");
}

TEST_CASE("What is no whole form is refused", "[http]") {
    CHECK_FALSE(parse("", k_type));
    CHECK_FALSE(parse("--xyz--", "application/json"));
    CHECK_FALSE(parse("--xyz\r\n\r\na\r\n--xyz--", "multipart/form-data"));
    CHECK_FALSE(parse("--xyz\r\n\r\na\r\n--xyz--", "multipart/form-data; boundary=\"\""));
    CHECK_FALSE(parse("--xyz\r\n\r\na\r\n--xyz--", "multipart/form-data; boundary=" + std::string(71, 'x')));
    CHECK_FALSE(parse("--xyz\r\nContent-Disposition: form-data; name=a\r\n\r\ncut"));
    CHECK_FALSE(parse("--xyz"));
    CHECK_FALSE(parse("--xyz\r\nno colon\r\n\r\na\r\n--xyz--"));
    CHECK_FALSE(parse("--xyz\r\nX: " + std::string(9000, 'h') + "\r\n\r\na\r\n--xyz--"));
    CHECK_FALSE(parse("a--xyz\r\n\r\na\r\n--xyz--"));
}

TEST_CASE("Ten thousand parts are refused after a hundred", "[http]") {
    std::string body;
    for (int i = 0; i < 10'000; ++i)
        body += fmt::format("--xyz\r\nContent-Disposition: form-data; name=f{}\r\n\r\n{}\r\n", i, i);
    auto const form = parse(body + "--xyz--");
    REQUIRE_FALSE(form);
    CHECK(form.error().message() == "the form has more than 100 parts");
}

TEST_CASE("A form cut at any byte is refused, never misread", "[http]") {
    std::string const whole = "--xyz\r\nContent-Disposition: form-data; name=a\r\n\r\nvalue\r\n--xyz--";
    REQUIRE(parse(whole));
    for (std::size_t size = 0; size < whole.size(); ++size) {
        CAPTURE(size);
        CHECK_FALSE(parse(whole.substr(0, size)));
    }
}

TEST_CASE("An urlencoded form has the same fields", "[http]") {
    auto const form = parse("student_id=a+b%2Bc&empty=&x=%C3%A9", "application/x-www-form-urlencoded; charset=utf-8");
    REQUIRE(form);
    CHECK(form->field("student_id") == "a b+c");
    CHECK(form->field("empty") == "");
    CHECK(form->field("x") == "\xc3\xa9");
    CHECK_FALSE(parse("a=%zz", "application/x-www-form-urlencoded"));
}
