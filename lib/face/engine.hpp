#pragma once
// The pipeline of one worker: detect -> landmarks -> align -> embed, put together from the active models.

#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include <opencv2/core/mat.hpp>

#include "lib/base/bytes.hpp"
#include "lib/face/contract.hpp"
#include "lib/face/models.hpp"
#include "lib/face/stage_times.hpp"
#include "lib/face/types.hpp"
#include "lib/image/photo.hpp"

namespace bioctl::face {

struct Analysis {
    std::vector<Face> faces;  ///< largest first; boxes in pixels of the upright picture at full resolution
    cv::Size size;            ///< of that picture
    int rotation = 0;  ///< degrees clockwise by which the upright picture had to be turned to find a face: 0, 90, 180, 270.
                       ///< Boxes and landmarks are given in the picture before that turn.
    image::Format format = image::Format::unknown;
};

enum class Embedding {
    none,          ///< boxes, landmarks and quality only; the recogniser is not even loaded
    chosen_faces,  ///< the same, but embed() follows for some of them: the recogniser is loaded meanwhile
    all_faces,
};

enum class Search {
    thorough,  ///< turned, at more sizes and with another detector, until a face is found
    quick,     ///< upright, once: for frames of a film, where the next one comes at once and most show nobody
};

/// Construction is cheap: each network is loaded when it is first needed. One Engine per thread; many may share a ModelSet.
class Engine {
public:
    explicit Engine(ModelSet const& models);
    Engine(Engine&&) noexcept;
    ~Engine();

    [[nodiscard]] Contract const& contract() const;

    /// Decodes, finds and embeds all faces. At reduced scale where the faces stay large enough: a JPEG of 3,840 pixels or more
    /// may be decoded at a quarter or an eighth first, and again at more if that leaves a doubt or too little of a face.
    /// A photo without a face gives an empty list; a photo that cannot be decoded gives the Failure.
    image::Outcome<Analysis> analyse(ByteView file, image::Limits const& limits, Embedding embedding = Embedding::all_faces);

    /// The same for pixels: CV_8UC3 BGR, upright.
    Analysis analyse(cv::Mat const& picture, Embedding embedding = Embedding::all_faces, Search search = Search::thorough);

    /// A square cut around an aligned face, twice as wide as the chip, for people, for devices and for re-embedding:
    /// upright, at most 400 x 400, never enlarged. Taken from the picture that was analysed last.
    [[nodiscard]] cv::Mat portrait(Face const& face) const;

    /// Embeds faces whose chips are set; fills Face::vector.
    void embed(std::vector<Face>& faces);

    [[nodiscard]] StageTimes const& times() const;

private:
    struct Parts;
    std::unique_ptr<Parts> m_parts;
};

}  // namespace bioctl::face
