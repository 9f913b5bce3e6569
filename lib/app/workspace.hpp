#pragma once
// What the use cases of app/ work on. Built by cmd/ and http/ from the settings; app/ reads no environment and prints nothing.

#include <filesystem>

#include "lib/base/clock.hpp"
#include "lib/face/engine.hpp"
#include "lib/face/models.hpp"
#include "lib/image/photo.hpp"
#include "lib/match/distance.hpp"
#include "lib/store/store.hpp"

namespace bioctl::app {

namespace fs = std::filesystem;

/// dry_run: the same work and the same records, but nothing is stored.
enum class Mode { write, dry_run };

struct Workspace {
    store::Store& store;
    face::ModelSet const& models;
    Clock const& clock;
    fs::path media_dir;  ///< <data-dir>/media
    image::Limits limits;
    match::Metric metric = match::Metric::unit;
    int jobs = 1;  ///< worker threads of the batch use cases
};

}  // namespace bioctl::app
