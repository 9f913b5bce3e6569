#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <span>

#include <opencv2/imgproc.hpp>

#include "lib/face/detector.hpp"
#include "lib/face/pixels.hpp"
#include "lib/face/tiny_net.hpp"

namespace bioctl::face {

namespace {

constexpr float k_suppression_iou = 0.4F;

// Where a pass may only propose, and a second look decides.
constexpr float k_propose_score = 0.30F;
constexpr std::size_t k_max_proposals = 200;

/// A pass and the pictures it is meant for.
struct Step {
    TinyPass pass;
    int min_longer_side;  // of the picture: enlarging a small one finds nothing new
};

// The network was trained on faces with room around them and sees one from about 40 to 200 pixels of its input. So: one pass for
// faces that fill the frame, two for the rest. Recall on View 1 of LFW, best single pass: 160 with margin .25, 99.5 %; all: see
// the bench.
constexpr std::array<Step, 4> k_usual{{{{160, 0.25F, k_propose_score}, 0},
                                       {{320, 0, k_propose_score}, 0},
                                       {{448, 0, k_propose_score}, 400},
                                       {{640, 0, k_propose_score}, 900}}};
// When the usual ones find nothing.
constexpr std::array<Step, 5> k_thorough{{{{224, 0.4F, k_propose_score}, 0},
                                          {{128, 0, k_propose_score}, 0},
                                          {{416, 0, k_propose_score}, 0},
                                          {{832, 0, k_propose_score}, 600},
                                          {{1024, 0, k_propose_score}, 600}}};

// The second look: the proposal cut out with room around it, so that every face is seen at the size the network likes best. 97.5
// % of true proposals (agreeing with YuNet) pass, and 1 of 27 false ones on palms and faces' surroundings.
constexpr float k_look_factor = 2.5F;  // side of the cut-out in widths of the proposal
constexpr int k_look_side = 160;
constexpr float k_look_score = 0.45F;
constexpr float k_look_shift = 0.35F;  // the centre may move by this part of the proposal's width

// The widths at which the network sees a face, in pixels of its input.
constexpr float k_least_seen = 36;
constexpr float k_most_seen = 220;

constexpr int k_hog_longer_side = 1280;
constexpr int k_yunet_longer_side = 1280;

class LadderDetector final : public Detector {
public:
    explicit LadderDetector(ModelInfo const& tiny) : m_net(tiny) {}

    // Upright, 95 % of View 1 score above .73; upside down, 95 % below .77. Of the rest the higher of both scores is right for 99
    // %.
    [[nodiscard]] Orientation orientation() const override { return {.sure_score = 0.75F, .gain = 0.10F}; }

    std::vector<Detection> detect(cv::Mat const& picture, Effort effort) override {
        if (effort == Effort::usual) m_shrunk = Shrunk{picture};  // of the picture that best_score() may be asked for next
        switch (effort) {
            case Effort::usual: return scan(Turned{picture, 0}.with(m_shrunk), k_usual);
            case Effort::thorough: return scan({picture, 0}, k_thorough);
            case Effort::last_resort: return by_hog(picture);
        }
        return {};
    }

    float best_score(Turned const& picture, std::span<Detection const> known) override {
        auto const longer = static_cast<float>(longer_side(picture));
        std::vector<Step> steps;
        for (auto const& detection : known) {
            auto const fits = [&](Step const& step) {
                auto const width =
                    detection.box.width * static_cast<float>(step.pass.longer_side) / (longer * (1 + 2 * step.pass.margin));
                return longer >= static_cast<float>(step.min_longer_side) && width >= k_least_seen && width <= k_most_seen;
            };
            auto const step = std::ranges::find_if(k_usual, fits);  // cheapest first
            if (step == k_usual.end()) continue;
            bool const is_new =
                std::ranges::none_of(steps, [&](Step const& one) { return one.pass.longer_side == step->pass.longer_side; });
            if (is_new) steps.push_back(*step);
        }
        return face::best_score(scan(picture.with(m_shrunk), steps));
    }

private:
    static int longer_side(Turned const& picture) { return std::max(picture.size().width, picture.size().height); }

    std::vector<Detection> scan(Turned const& picture, std::span<Step const> steps) {
        std::vector<Detection> proposals;
        for (auto const& [pass, min_longer_side] : steps) {
            if (longer_side(picture) < min_longer_side) continue;
            auto const more = m_net.scan(picture, pass);
            proposals.insert(proposals.end(), more.begin(), more.end());
        }
        proposals = suppressed(std::move(proposals), k_suppression_iou);
        if (proposals.size() > k_max_proposals) proposals.resize(k_max_proposals);
        std::vector<Detection> confirmed;
        for (auto const& proposal : proposals) {
            if (auto const face = second_look(picture, proposal)) confirmed.push_back(*face);
        }
        return suppressed(std::move(confirmed), k_suppression_iou);
    }

    /// The proposal, cut out with room around it.
    struct Look {
        cv::Mat pixels;  // k_look_side square
        cv::Point2f corner;
        float scale;  // picture -> pixels
    };

    static std::optional<Look> look_at(Turned const& picture, Detection const& proposal) {
        auto const centre = (proposal.box.tl() + proposal.box.br()) / 2;
        float const side = k_look_factor * proposal.box.width;
        cv::Rect const window{cvFloor(centre.x - side / 2), cvFloor(centre.y - side / 2), cvCeil(side), cvCeil(side)};
        auto const visible = window & cv::Rect{{0, 0}, picture.size()};
        if (visible.empty()) return std::nullopt;
        auto const scale = static_cast<float>(k_look_side) / static_cast<float>(window.width);
        auto const at = [&](int pixels) { return cvFloor(static_cast<float>(pixels) * scale); };
        auto const target = cv::Rect{at(visible.x - window.x), at(visible.y - window.y), std::max(1, at(visible.width)),
                                     std::max(1, at(visible.height))} &
                            cv::Rect{0, 0, k_look_side, k_look_side};
        if (target.empty()) return std::nullopt;
        cv::Mat pixels = cv::Mat::zeros(k_look_side, k_look_side, CV_8UC3);
        picture.resized(visible, target.size()).copyTo(pixels(target));
        return Look{pixels, cv::Point2f(window.tl()), scale};
    }

    /// The best hit near the middle of a look, in its pixels.
    std::optional<Detection> middle_hit(cv::Mat const& pixels) {
        cv::Point2f const middle{k_look_side / 2.0F, k_look_side / 2.0F};
        std::optional<Detection> best;
        for (auto const& hit : m_net.scan({pixels, 0}, {k_look_side, 0, k_look_score})) {
            auto const shift = (hit.box.tl() + hit.box.br()) / 2 - middle;
            if (std::hypot(shift.x, shift.y) > k_look_shift * k_look_side / k_look_factor) continue;
            if (!best || hit.score > best->score) best = hit;
        }
        return best;
    }

    std::optional<Detection> second_look(Turned const& picture, Detection const& proposal) {
        auto const look = look_at(picture, proposal);
        if (!look) return std::nullopt;
        auto face = middle_hit(look->pixels);
        if (!face) return std::nullopt;
        face->box = {face->box.tl() / look->scale + look->corner, face->box.size() / look->scale};
        return face;
    }

    std::vector<Detection> by_hog(cv::Mat const& picture) {
        int const longer = std::max(picture.cols, picture.rows);
        if (!m_hog) m_hog = make_hog_detector(1);
        auto const scale = std::min(1.0F, static_cast<float>(k_hog_longer_side) / 2 / static_cast<float>(longer));
        cv::Size const size{std::max(1, cvRound(static_cast<float>(picture.cols) * scale)),
                            std::max(1, cvRound(static_cast<float>(picture.rows) * scale))};
        auto found = m_hog->detect(scale < 1 ? resized(picture, size) : picture, Effort::usual);
        for (auto& detection : found)
            detection.box = {detection.box.tl() / scale, detection.box.size() / scale};
        return found;
    }

    TinyNet m_net;
    Shrunk m_shrunk;
    std::unique_ptr<Detector> m_hog;  // made when first needed: 0.3 s
};

}  // namespace

std::unique_ptr<Detector> make_ladder_detector(ModelInfo const& tiny) {
    return std::make_unique<LadderDetector>(tiny);
}

int usual_longer_side(ModelInfo const& model) {
    return model.format == ModelFormat::yunet_onnx ? k_yunet_longer_side : k_usual.back().pass.longer_side;
}

std::unique_ptr<Detector> make_detector(ModelInfo const& model) {
    return model.format == ModelFormat::yunet_onnx ? make_yunet_detector(model) : make_ladder_detector(model);
}

}  // namespace bioctl::face
