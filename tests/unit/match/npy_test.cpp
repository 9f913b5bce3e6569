#include "lib/match/npy.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include <fmt/format.h>

using namespace bioctl;
using match::NpyMatrix;
using match::parse_npy;
using match::Precision;

namespace {

// Written out by hand from the format's description, not by the code under test.
std::string npy(std::string const& dictionary, std::string const& values, char major = 1) {
    std::string const padded = dictionary + "\n";
    std::string file = "\x93NUMPY";
    file += {major, '\0', static_cast<char>(padded.size() & 0xFFU), static_cast<char>(padded.size() >> 8U)};
    if (major > 1) file += {'\0', '\0'};
    return file + padded + values;
}

std::string dictionary(std::string const& type, std::string const& order, std::string const& shape) {
    return fmt::format("{{'descr': '{}', 'fortran_order': {}, 'shape': {}, }}", type, order, shape);
}

template <class Float>
std::string raw(std::vector<Float> const& values) {
    return {reinterpret_cast<char const*>(values.data()), values.size() * sizeof(Float)};
}

template <class Float>
std::string raw_big_endian(std::vector<Float> const& values) {
    std::string bytes;
    for (auto const value : values) {
        auto one = raw<Float>({value});
        bytes.append(one.rbegin(), one.rend());
    }
    return bytes;
}

std::string refusal(std::string const& file) {
    auto const matrix = parse_npy(as_bytes(file));
    if (matrix) return "accepted";
    CHECK(matrix.error().kind() == Kind::data);
    return matrix.error().message();
}

std::vector<double> values_of(std::string const& file) {
    return parse_npy(as_bytes(file)).or_throw().values;
}

std::string const k_eight_numbers = raw<double>({1, 2, 3, 4, 5, 6, 7, 8});

}  // namespace

TEST_CASE("what is not a .npy file is refused", "[match]") {
    CHECK_THAT(refusal(""), Catch::StartsWith("not a .npy file"));
    CHECK_THAT(refusal("PK\x03\x04"), Catch::StartsWith("not a .npy file"));
    CHECK_THAT(refusal("\x93NUMP"), Catch::StartsWith("not a .npy file"));
}

TEST_CASE("a .npy file cut off anywhere is refused", "[match]") {
    auto const whole = npy(dictionary("<f8", "False", "(2, 4)"), k_eight_numbers);
    REQUIRE(refusal(whole) == "accepted");
    for (std::size_t size = 0; size < whole.size(); ++size) {
        CAPTURE(size);
        CHECK(refusal(whole.substr(0, size)) != "accepted");
    }
}

TEST_CASE("bytes after the last value are refused", "[match]") {
    auto const whole = npy(dictionary("<f8", "False", "(2, 4)"), k_eight_numbers);
    CHECK_THAT(refusal(whole + "x"), Catch::Contains("65 bytes of values do not make 2 x 4 numbers"));
    CHECK_THAT(refusal(whole + "12345678"), Catch::Contains("72 bytes of values"));
}

TEST_CASE("unknown versions and huge headers are refused", "[match]") {
    auto whole = npy(dictionary("<f8", "False", "(2, 4)"), k_eight_numbers);
    whole[6] = 4;
    CHECK_THAT(refusal(whole), Catch::StartsWith(".npy format 4.0 is unknown"));
    whole[6] = 1;
    whole[7] = 1;
    CHECK_THAT(refusal(whole), Catch::StartsWith(".npy format 1.1 is unknown"));
    CHECK_THAT(refusal(npy(std::string(20'000, ' '), k_eight_numbers)), Catch::StartsWith("the .npy header has 20001 bytes"));
    std::string const four_gigabytes{"\x93NUMPY\x02\x00\xFF\xFF\xFF\xFF{}", 14};
    CHECK_THAT(refusal(four_gigabytes), Catch::StartsWith("the .npy header has 4294967295 bytes"));
}

TEST_CASE("object arrays are never unpickled", "[match]") {
    CHECK_THAT(refusal(npy(dictionary("|O", "False", "(2,)"), "\x80\x04.")), Catch::Contains("pickled objects"));
}

TEST_CASE("other types than float32 and float64 are refused by name", "[match]") {
    for (std::string const type : {"<f2", "<i8", "|u1", "<c16", "=f8", "f8", "<f", "<U3", "", "<"}) {
        CAPTURE(type);
        CHECK_THAT(refusal(npy(dictionary(type, "False", "(2, 4)"), k_eight_numbers)), Catch::Contains("not float32 or float64"));
    }
    std::string const records = "{'descr': [('x', '<f8')], 'fortran_order': False, 'shape': (8,), }";
    CHECK_THAT(refusal(npy(records, k_eight_numbers)), Catch::Contains("records"));
}

TEST_CASE("a header that numpy would not write is refused", "[match]") {
    std::vector<std::string> const headers{
        "",
        "[]",
        "{",
        "{}",
        "{'descr'",
        "{'descr': ",
        "{'descr: '<f8'}",
        "{descr: '<f8'}",
        "{'descr': '<f8', 'fortran_order': False, }",
        "{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (2, 4), }",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 4), 'extra': 1}",
        "{'descr': '<f8' 'fortran_order': False, 'shape': (2, 4), }",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 4), } + x",
        "{'descr': '<f8', 'fortran_order': 0, 'shape': (2, 4), }",
        "{'descr': '<f8', 'fortran_order': Falsehood, 'shape': (2, 4), }",
    };
    for (auto const& header : headers) {
        CAPTURE(header);
        CHECK_THAT(refusal(npy(header, k_eight_numbers)), Catch::StartsWith("the .npy header"));
    }
}

TEST_CASE("malformed shapes are refused", "[match]") {
    for (std::string const shape :
         {"(8)", "(2 4)", "(2,, 4)", "(,)", "(-2, 4)", "[2, 4]", "(2, 4", "(2.0, 4)", "8", "(99999999999999999999, 4)"}) {
        CAPTURE(shape);
        CHECK_THAT(refusal(npy(dictionary("<f8", "False", shape), k_eight_numbers)), Catch::StartsWith("the .npy header"));
    }
    std::string many = "(";
    for (int i = 0; i < 40; ++i)
        many += "1, ";
    CHECK_THAT(refusal(npy(dictionary("<f8", "False", many + ")"), k_eight_numbers)), Catch::Contains("malformed shape"));
}

TEST_CASE("only matrices and single vectors are embeddings", "[match]") {
    CHECK_THAT(refusal(npy(dictionary("<f8", "False", "()"), raw<double>({1}))), Catch::Contains("0 dimensions"));
    CHECK_THAT(refusal(npy(dictionary("<f8", "False", "(2, 2, 2)"), k_eight_numbers)), Catch::Contains("3 dimensions"));
    CHECK_THAT(refusal(npy(dictionary("<f8", "False", "(0, 128)"), "")), Catch::Contains("empty"));
    CHECK_THAT(refusal(npy(dictionary("<f8", "False", "(0,)"), "")), Catch::Contains("empty"));
    CHECK_THAT(refusal(npy(dictionary("<f8", "False", "(128, 0)"), "")), Catch::Contains("empty"));
}

TEST_CASE("a shape whose size overflows is refused before anything is allocated", "[match]") {
    for (std::string const shape : {"(18446744073709551615, 18446744073709551615)", "(2305843009213693953, 8)",
                                    "(4294967296, 4294967296)", "(1, 9223372036854775809)"}) {
        CAPTURE(shape);
        CHECK_THAT(refusal(npy(dictionary("<f8", "False", shape), k_eight_numbers)), Catch::Contains("do not make"));
    }
}

TEST_CASE("NaN, infinity and rows of zeros are refused with their row", "[match]") {
    auto const header = dictionary("<f8", "False", "(2, 2)");
    CHECK_THAT(refusal(npy(header, raw<double>({1, 2, 3, std::numeric_limits<double>::quiet_NaN()}))),
               Catch::StartsWith("row 1 holds NaN"));
    CHECK_THAT(refusal(npy(header, raw<double>({-std::numeric_limits<double>::infinity(), 2, 3, 4}))),
               Catch::StartsWith("row 0 holds NaN"));
    CHECK_THAT(refusal(npy(header, raw<double>({1, 2, 0, -0.0}))), Catch::StartsWith("row 1 is all zeros"));
}

TEST_CASE("all four number formats and both orders give the same matrix", "[match]") {
    std::vector<double> const rows{1.5, -2, 3, 4, 5, 6};
    std::vector<double> const columns{1.5, 4, -2, 5, 3, 6};
    std::vector<float> const rows32(rows.begin(), rows.end()), columns32(columns.begin(), columns.end());
    CHECK(values_of(npy(dictionary("<f8", "False", "(2, 3)"), raw(rows))) == rows);
    CHECK(values_of(npy(dictionary(">f8", "False", "(2, 3)"), raw_big_endian(rows))) == rows);
    CHECK(values_of(npy(dictionary("<f4", "False", "(2, 3)"), raw(rows32))) == rows);
    CHECK(values_of(npy(dictionary(">f4", "False", "(2, 3)"), raw_big_endian(rows32))) == rows);
    CHECK(values_of(npy(dictionary("<f8", "True", "(2, 3)"), raw(columns))) == rows);
    CHECK(values_of(npy(dictionary(">f4", "True", "(2, 3)"), raw_big_endian(columns32))) == rows);
}

TEST_CASE("a vector alone is a matrix of one row", "[match]") {
    auto const matrix = parse_npy(as_bytes(npy(dictionary("<f8", "False", "(8,)"), k_eight_numbers))).or_throw();
    CHECK(matrix.rows == 1);
    CHECK(matrix.columns == 8);
    CHECK(matrix.precision == Precision::float64);
    CHECK(values_of(npy(dictionary("<f8", "True", "(8,)"), k_eight_numbers)) == matrix.values);
}

TEST_CASE("headers of version 2 and 3 and other spellings of the dictionary are read", "[match]") {
    for (char const major : {'\1', '\2', '\3'}) {
        CHECK(values_of(npy(dictionary("<f8", "False", "(2, 4)"), k_eight_numbers, major)).size() == 8);
    }
    CHECK(values_of(npy("{\"shape\":(2,4,),\"fortran_order\":False,\"descr\":\"<f8\"}      ", k_eight_numbers)).size() == 8);
}

TEST_CASE("what numpy 1.24 saved is read", "[match]") {
    // numpy.save(f, numpy.array([[0.25, -1.5]], dtype='float32'))
    std::string file = "\x93NUMPY";
    file += {1, 0, 0x76, 0};
    std::string text = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }";
    text.resize(0x75, ' ');
    file += text + "\n" + std::string{"\x00\x00\x80\x3e\x00\x00\xc0\xbf", 8};
    auto const matrix = parse_npy(as_bytes(file)).or_throw();
    CHECK(matrix.precision == Precision::float32);
    CHECK(matrix.values == std::vector<double>{0.25, -1.5});
}

TEST_CASE("a matrix that does not fill its size is not written", "[match]") {
    CHECK_THROWS_AS(match::write_npy({2, 2, Precision::float64, {1, 2, 3}}), Error);
}

TEST_CASE("writing and reading gives back every bit", "[match]") {
    using Limits = std::numeric_limits<double>;
    NpyMatrix const doubles{2, 3, Precision::float64, {0.1, -0.0, Limits::denorm_min(), Limits::max(), 1.0 / 3, -1e-300}};
    auto const back = parse_npy(match::write_npy(doubles)).or_throw();
    CHECK(back.rows == 2);
    CHECK(back.columns == 3);
    CHECK(back.precision == Precision::float64);
    CHECK(raw(back.values) == raw(doubles.values));

    std::vector<float> const floats{0.1F, -0.0F, std::numeric_limits<float>::denorm_min(), std::numeric_limits<float>::max()};
    NpyMatrix const singles{1, 4, Precision::float32, {floats.begin(), floats.end()}};
    auto const file = match::write_npy(singles);
    CHECK(as_text(file).substr(file.size() - 16) == raw(floats));
    CHECK(raw(parse_npy(file).or_throw().values) == raw(singles.values));
}

TEST_CASE("written files have the layout that numpy writes", "[match]") {
    auto const file = match::write_npy({1, 1, Precision::float64, {1}});
    auto const text = std::string{as_text(file)};
    CHECK(text.size() == 128 + 8);
    CHECK_THAT(text.substr(10), Catch::StartsWith("{'descr': '<f8', 'fortran_order': False, 'shape': (1, 1), } "));
    CHECK(text[127] == '\n');
    CHECK(static_cast<unsigned char>(text[8]) == 128 - 10);
}
