#pragma once
// Photos of known people as vectors, to measure with. Nothing is stored.

#include <functional>
#include <string>
#include <vector>

#include "lib/app/photos.hpp"

namespace bioctl::app {

enum class FaceChoice {
    largest,  ///< as compare and recognize take it
    middle,   ///< the one nearest to the middle of the photo, for sets that are cropped around their person (LFW)
};

struct SamplePhoto {
    fs::path path;
    std::string person;
};

struct Sample {
    std::string person{};
    fs::path path{};
    std::vector<float> vector{};  ///< of a face
    std::string trouble{};        ///< why it was not acquired, for people; "" = it was
    std::string part{};           ///< "left", "right": which hand; samples of two parts of one person are not compared
};

struct SampleOptions {
    FaceChoice choice = FaceChoice::largest;
    image::Limits limits;
    int jobs = 1;
    std::function<void(std::size_t done)> on_progress;
    std::function<bool()> should_stop;
};

struct Samples {
    std::vector<Sample> samples;  ///< in input order; fewer than photos if stopped
    face::StageTimes times;       ///< of all workers together
};

/// Error{no_input} naming the first photo that is not there, before any work: a list with holes measures something else.
[[nodiscard]] Samples take_samples(face::ModelSet const& models, std::vector<SamplePhoto> const& photos,
                                   SampleOptions const& options);

}  // namespace bioctl::app
