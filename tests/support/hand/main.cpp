// hand: a photo of hands on dark cloth, drawn.
//
//   hand OUTPUT WIDTHxHEIGHT [WORD...]      OUTPUT: *.jpg or *.png
//   WORD: person=N shot=N turn=DEGREES length=PIXELS at=X:Y left no-thumb no-lines no-fingers, for one hand; and: the next hand
//
// A hand without at= lies in the middle; length= is the distance of the outer finger valleys, a fifth of the height if not given.

#include <charconv>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "lib/base/file.hpp"
#include "lib/base/text.hpp"
#include "lib/image/photo.hpp"
#include "tests/support/hand/hand.hpp"

namespace {

using namespace bioctl;

int number(std::string_view text) {
    int value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size())
        throw Error{Kind::usage, fmt::format("'{}' is no number", printable(text))};
    return value;
}

std::pair<int, int> two_numbers(std::string_view text, char separator) {
    auto const at = text.find(separator);
    if (at == std::string_view::npos) throw Error{Kind::usage, fmt::format("'{}' are not two numbers", printable(text))};
    return {number(text.substr(0, at)), number(text.substr(at + 1))};
}

test::DrawnHand usual_hand(cv::Mat const& picture) {
    auto const width = static_cast<float>(picture.cols);
    auto const height = static_cast<float>(picture.rows);
    return {.length = height / 5, .middle = {width / 2, height * .47F}};
}

void change_by(test::DrawnHand& hand, std::string_view word) {
    auto const name = word.substr(0, word.find('='));
    auto const value = word.substr(std::min(word.size(), name.size() + 1));
    if (name == "person") {
        hand.person = static_cast<unsigned>(number(value));
    } else if (name == "shot") {
        hand.shot = static_cast<unsigned>(number(value));
    } else if (name == "turn") {
        hand.turn_deg = static_cast<float>(number(value));
    } else if (name == "length") {
        hand.length = static_cast<float>(number(value));
    } else if (name == "at") {
        auto const [x, y] = two_numbers(value, ':');
        hand.middle = {static_cast<float>(x), static_cast<float>(y)};
    } else if (word == "left") {
        hand.is_left = true;
    } else if (word == "no-thumb") {
        hand.has_thumb = false;
    } else if (word == "no-lines") {
        hand.has_lines = false;
    } else if (word == "no-fingers") {
        hand.has_fingers = false;
    } else {
        throw Error{Kind::usage, fmt::format("unknown word '{}'", printable(word))};
    }
}

void run(std::vector<std::string> const& arguments) {
    auto const [width, height] = two_numbers(arguments[1], 'x');
    auto picture = test::dark_cloth(width, height);
    auto hand = usual_hand(picture);
    for (std::size_t i = 2; i < arguments.size(); ++i) {
        if (arguments[i] == "and:") {
            test::draw_hand(picture, hand);
            hand = usual_hand(picture);
        } else {
            change_by(hand, arguments[i]);
        }
    }
    test::draw_hand(picture, hand);
    bool const is_png = arguments[0].ends_with(".png");
    write_file(arguments[0], is_png ? image::encode_png(picture) : image::encode_jpeg(picture, 92));
}

}  // namespace

int main(int argc, char** argv) {
    std::vector<std::string> const arguments(argv + 1, argv + argc);
    if (arguments.size() < 2) {
        std::fputs("usage: hand OUTPUT WIDTHxHEIGHT [WORD...]\n", stderr);
        return 64;
    }
    try {
        run(arguments);
        return 0;
    } catch (std::exception const& error) {
        std::fprintf(stderr, "hand: %s\n", error.what());
        return 1;
    }
}
