#include "tests/support/hand/hand.hpp"

#include <array>
#include <cmath>
#include <numbers>
#include <random>
#include <vector>

#include <opencv2/imgproc.hpp>

namespace bioctl::test {

namespace {

// The hand is drawn once, large: fingers up, index finger left, in distances of the outer valleys from the middle between them.
constexpr float k_unit = 300;
constexpr float k_left = 2.3F;
constexpr float k_up = 2.1F;
constexpr int k_width = 1230;
constexpr int k_height = 1440;

cv::Point on_canvas(float across, float down) {
    return {static_cast<int>(std::lround((across + k_left) * k_unit)), static_cast<int>(std::lround((down + k_up) * k_unit))};
}

void draw_finger(cv::Mat& mask, cv::Point2f from, cv::Point2f to, float width) {
    cv::line(mask, on_canvas(from.x, from.y), on_canvas(to.x, to.y), 255, static_cast<int>(std::lround(width * k_unit)));
}

cv::Mat outline(DrawnHand const& hand) {
    cv::Mat mask = cv::Mat::zeros(k_height, k_width, CV_8UC1);
    std::vector<cv::Point> const palm{on_canvas(-.88F, .02F), on_canvas(-.5F, 0),      on_canvas(.5F, 0),
                                      on_canvas(.88F, .12F),  on_canvas(.92F, .7F),    on_canvas(.8F, 1.45F),
                                      on_canvas(.55F, 1.8F),  on_canvas(.5F, 2.65F),   on_canvas(-.5F, 2.65F),
                                      on_canvas(-.55F, 1.8F), on_canvas(-.85F, 1.45F), on_canvas(-.92F, .9F)};
    cv::fillPoly(mask, std::vector<std::vector<cv::Point>>{palm}, 255);
    if (hand.has_fingers) {
        draw_finger(mask, {-.70F, .3F}, {-1.0F, -1.15F}, .36F);
        draw_finger(mask, {-.25F, .3F}, {-.32F, -1.4F}, .36F);
        draw_finger(mask, {.24F, .3F}, {.34F, -1.25F}, .36F);
        draw_finger(mask, {.70F, .3F}, {1.05F, -.8F}, .33F);
    }
    if (hand.has_thumb) draw_finger(mask, {-.6F, 1.2F}, {-1.75F, .15F}, .38F);
    return mask;
}

/// A crease from `a` to `b`, bent by `bend`.
void draw_crease(cv::Mat& shade, cv::Point2f a, cv::Point2f b, float bend, float depth, float width) {
    std::vector<cv::Point> points;
    cv::Point2f const aside{a.y - b.y, b.x - a.x};
    for (int i = 0; i <= 20; ++i) {
        float const t = static_cast<float>(i) / 20;
        auto const point = a * (1 - t) + b * t + aside * (bend * 4 * t * (1 - t));
        points.push_back(on_canvas(point.x, point.y));
    }
    cv::Mat crease = cv::Mat::zeros(shade.size(), CV_32F);
    cv::polylines(crease, std::vector<std::vector<cv::Point>>{points}, false, cv::Scalar{static_cast<double>(depth)},
                  static_cast<int>(std::lround(width * k_unit)));
    shade -= crease;
}

/// What the palm's lines add to its grey level.
cv::Mat lines_of(unsigned person) {
    std::mt19937 random{person * 7919 + 17};
    std::uniform_real_distribution<float> unit{-1, 1};
    auto const some = [&](float around, float spread) { return around + spread * unit(random); };
    cv::Mat shade = cv::Mat::zeros(k_height, k_width, CV_32F);
    draw_crease(shade, {some(.8F, .1F), some(.5F, .12F)}, {some(-.4F, .2F), some(.15F, .1F)}, some(.15F, .1F), 42, .04F);
    draw_crease(shade, {some(-.85F, .05F), some(.5F, .12F)}, {some(.6F, .2F), some(1.0F, .15F)}, some(-.08F, .1F), 42, .04F);
    draw_crease(shade, {some(-.85F, .05F), some(.55F, .12F)}, {some(-.2F, .2F), some(1.6F, .1F)}, some(-.25F, .1F), 42, .04F);
    constexpr int k_wrinkles = 60;
    for (int i = 0; i < k_wrinkles; ++i) {
        cv::Point2f const at{some(0, .8F), some(.75F, .8F)};
        float const angle = std::numbers::pi_v<float> * unit(random);
        float const length = some(.3F, .15F);
        draw_crease(shade, at, at + cv::Point2f{std::cos(angle), std::sin(angle)} * length, some(0, .2F), some(18, 10),
                    some(.03F, .012F));
    }
    cv::GaussianBlur(shade, shade, {0, 0}, 3);
    return shade;
}

/// Picture from canvas.
cv::Matx23f placement(DrawnHand const& hand) {
    float const angle = hand.turn_deg * std::numbers::pi_v<float> / 180;
    float const scale = hand.length / k_unit;
    // Seen from the palm, the index finger of a left hand is at the left.
    float const mirror = hand.is_left ? 1 : -1;
    cv::Matx23f m{scale * std::cos(angle) * mirror, -scale * std::sin(angle), 0,
                  scale * std::sin(angle) * mirror, scale * std::cos(angle),  0};
    float const x = k_left * k_unit;
    float const y = k_up * k_unit;
    m(0, 2) = hand.middle.x - m(0, 0) * x - m(0, 1) * y;
    m(1, 2) = hand.middle.y - m(1, 0) * x - m(1, 1) * y;
    return m;
}

}  // namespace

cv::Mat dark_cloth(int width, int height) {
    return cv::Mat{height, width, CV_8UC3, cv::Scalar{38, 34, 32}};
}

void draw_hand(cv::Mat& picture, DrawnHand const& hand) {
    std::mt19937 random{hand.shot * 104729 + 5};
    std::uniform_real_distribution<float> unit{-1, 1};
    cv::Mat colour{k_height, k_width, CV_32FC3, cv::Scalar{118, 138, 196}};
    if (hand.has_lines) {
        cv::Mat const shade = lines_of(hand.person);
        cv::Mat three;
        cv::merge(std::array{shade, shade, shade}, three);
        colour += three;
    }
    cv::Mat skin;
    colour.convertTo(skin, CV_8UC3);
    auto mask = outline(hand);

    // Two photos never hold the hand quite alike.
    auto lying = hand;
    if (hand.shot != 0) {
        lying.turn_deg += 2 * unit(random);
        lying.length *= 1 + .02F * unit(random);
    }
    auto const to_picture = placement(lying);
    cv::Mat placed;
    cv::Mat placed_mask;
    if (hand.length < k_unit / 2) {  // nothing of the lines may alias
        double const blur = .4 * static_cast<double>(k_unit / hand.length);
        cv::GaussianBlur(skin, skin, {0, 0}, blur);
        cv::GaussianBlur(mask, mask, {0, 0}, blur);
    }
    cv::warpAffine(skin, placed, to_picture, picture.size(), cv::INTER_LINEAR, cv::BORDER_REPLICATE);
    cv::warpAffine(mask, placed_mask, to_picture, picture.size());
    cv::RNG noise{hand.shot + 1};
    cv::Mat grain{picture.size(), CV_16SC3};
    noise.fill(grain, cv::RNG::NORMAL, 0, 3);
    cv::Mat rough;
    cv::add(placed, grain, rough, cv::noArray(), CV_8U);
    rough.copyTo(picture, placed_mask > 127);
}

std::pair<cv::Point2f, cv::Point2f> drawn_valleys(DrawnHand const& hand) {
    auto const m = placement(hand);
    auto const place = [&](float across) {
        float const x = (across + k_left) * k_unit;
        float const y = k_up * k_unit;
        return cv::Point2f{m(0, 0) * x + m(0, 1) * y + m(0, 2), m(1, 0) * x + m(1, 1) * y + m(1, 2)};
    };
    return {place(-.5F), place(.5F)};
}

cv::Mat hand_photo(unsigned person, unsigned shot, float turn_deg) {
    auto photo = dark_cloth(800, 600);
    draw_hand(photo, {.person = person, .shot = shot, .turn_deg = turn_deg, .length = 110, .middle = {400, 280}});
    return photo;
}

}  // namespace bioctl::test
