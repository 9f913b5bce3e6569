#pragma once
// Photos as the use cases meet them: named on a command line, found in a folder, handed in as bytes.

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lib/face/engine.hpp"
#include "lib/image/photo.hpp"

namespace bioctl::app {

namespace fs = std::filesystem;

/// A photo to look at: a path, or bytes that were read already (stdin), with the name to show.
struct PhotoSource {
    fs::path path;
    std::optional<Bytes> bytes;
};

/// The bytes that were read already, else those of the file.
[[nodiscard]] image::Outcome<Bytes> read_photo(PhotoSource const& source, image::Limits const& limits);

/// Within a catch clause: what went wrong with this one photo. Error goes through, for it concerns all photos (a model is
/// missing, say).
[[nodiscard]] image::Failure failure_of_library();

/// Calls `look`, which returns an image::Outcome, with every failure of a library on this photo as image::Failure: one odd file
/// must not end a batch.
template <class Look>
[[nodiscard]] auto guarded_look(Look&& look) -> decltype(look()) {
    try {
        return look();
    } catch (...) {
        return tl::unexpected(failure_of_library());
    }
}

/// Engine::analyse() as a guarded_look().
[[nodiscard]] image::Outcome<face::Analysis> analyse_photo(face::Engine& engine, ByteView file, image::Limits const& limits,
                                                           face::Embedding embedding);

/// Pixels of the upright photo at full resolution; right and bottom are the first ones outside.
struct Box {
    int top = 0, right = 0, bottom = 0, left = 0;
    bool operator==(Box const&) const = default;
};

/// Rounded, and cut at the edges of the picture.
[[nodiscard]] Box clipped(cv::Rect2f const& box, cv::Size picture);

struct PhotoFolder {
    struct Trouble {
        fs::path folder;
        std::string detail;  ///< "Permission denied"
    };
    std::vector<fs::path> photos;   ///< below the folder handed in, sorted by bytes
    std::vector<Trouble> troubles;  ///< folders that could not be listed; what is in them is missing above
};

/// All files below `folder` that end like an image, without pipes and devices, hidden files and hidden folders. Links are
/// followed, unless they lead back to a folder on the way. Throws Error{no_input} if `folder` is not there or no folder,
/// {permission} if it may not be read.
[[nodiscard]] PhotoFolder list_photos(fs::path const& folder);

/// One Engine for each worker of a batch, made when the worker has its first photo.
class Engines {
public:
    Engines(face::ModelSet const& models, int workers) : m_models(models), m_engines(static_cast<std::size_t>(workers)) {}

    /// Only for the thread of this worker.
    [[nodiscard]] face::Engine& of(int worker) {
        auto& engine = m_engines[static_cast<std::size_t>(worker)];
        if (!engine) engine = std::make_unique<face::Engine>(m_models);
        return *engine;
    }

    /// Of all engines together; when no worker is at work.
    [[nodiscard]] face::StageTimes times() const {
        face::StageTimes sum;
        for (auto const& engine : m_engines) {
            if (engine) sum += engine->times();
        }
        return sum;
    }

private:
    face::ModelSet const& m_models;
    std::vector<std::unique_ptr<face::Engine>> m_engines;
};

}  // namespace bioctl::app
