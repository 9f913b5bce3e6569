#pragma once
// Hands before ordinary backgrounds: what looks like one place in the picture, and what is unlike its border. Private to palm/.
//
// source  the local model of colour: Jones, Rehg, "Statistical color models with application to skin detection", 2002, learnt
//         here from the picture itself; the palm circle as its seed: Doublet, Lepetit, Revenu, 2007. Distance in standard
//         deviations: Mahalanobis, 1936.

#include <initializer_list>
#include <vector>

#include <opencv2/core/mat.hpp>
#include <opencv2/core/types.hpp>

namespace bioctl::palm {

/// Whether a thing also ends at strong edges, where its colour goes on behind it.
enum class Edges { ignored, obeyed };

/// A picture in which places can be compared by colour.
class ColourModel {
public:
    /// picture: CV_8UC3 BGR, smoothed.
    explicit ColourModel(cv::Mat const& picture);

    /// Where a palm may be: spots of even, skin-like colour, the likeliest first; at most `most`.
    [[nodiscard]] std::vector<cv::Point> seeds(std::size_t most) const;

    /// CV_8UC1, 255 where the picture is connected with the spot around the seed and like it in colour, within so many standard
    /// deviations. The model is learnt twice: from the spot, then from what it is connected to. seed: one of seeds().
    [[nodiscard]] cv::Mat like(cv::Point seed, float deviations, Edges edges) const;

    /// CV_8UC1, 255 where the picture is unlike what lies along its border, by more than so many standard deviations. Shade moves
    /// the colour of one thing along a line: across that line even wood and skin of nearly the same tone are far apart.
    [[nodiscard]] std::vector<cv::Mat> unlike_border(std::initializer_list<float> deviations) const;

private:
    struct Colour {
        cv::Vec3f mean;
        cv::Matx33f inverse;
    };
    /// least_variance: of a and b; that of the light is eight times as large.
    [[nodiscard]] Colour colour_of(cv::Mat const& mask, double least_variance) const;
    [[nodiscard]] cv::Mat distances(Colour const& colour) const;  // CV_32FC1, squared
    [[nodiscard]] cv::Mat within(Colour const& colour, float deviations) const;

    cv::Mat m_lab;    // CV_32FC3
    cv::Mat m_edges;  // CV_8UC1, 255 on strong edges
    int m_radius;     // of a spot
};

}  // namespace bioctl::palm
