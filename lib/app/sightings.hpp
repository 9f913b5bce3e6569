#pragma once
// What our own recogniser saw, at a camera or in POST /recognize/realtime, as an event like those of terminals: so `events`, the
// outbox and its targets need to know nothing of cameras.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/app/moment.hpp"
#include "lib/app/photos.hpp"
#include "lib/app/recognize.hpp"
#include "lib/app/store_writer.hpp"
#include "lib/base/bytes.hpp"
#include "lib/base/clock.hpp"

namespace bioctl::app {

inline constexpr std::string_view k_realtime_source = "realtime";

/// One face on one frame.
struct Sighting {
    std::string source{k_realtime_source};  ///< the camera: a name as devices have, and no terminal's
    std::string person_id{};                ///< "" = unknown
    std::string name{};                     ///< of the person, may be ""
    std::optional<float> distance{};        ///< to the nearest person
    Box box{};                              ///< pixels of the frame
    int frame_width = 0, frame_height = 0;
    Timestamp time{};
    Bytes picture{};  ///< JPEG to be kept with the event; empty = none
    /// An unknown face is sent to the webhook of the settings too, as "Unknown" (send_unknown of the old service).
    bool is_unknown_told = false;
};

/// Of a face on a photo; the person is "" where it is nobody known.
[[nodiscard]] Sighting sighting_of(RecognizedPhoto const& photo, RecognizedFace const& face, Timestamp time);

struct QueuedDelivery {
    enum class State {
        queued,
        cooldown,  ///< an earlier event of the person was enough, for `left` more
        off,       ///< there is no such target, or it is disabled
    };
    std::string target{};
    State state = State::off;
    std::optional<std::int64_t> delivery{};  ///< when queued
    std::chrono::seconds left{0};            ///< of the cooldown, at least 1
};

struct ReportedSighting {
    std::int64_t event = 0;
    bool is_repeat = false;  ///< `event` is an earlier one of the same person at the same source: nothing was stored
    std::vector<QueuedDelivery> queued{};  ///< for each target that takes it, by name

    /// What became of it at this target; `off` if it is not among them.
    [[nodiscard]] QueuedDelivery at(std::string_view target) const;
};

struct SightingSetup {
    StoreWriter& writer;
    Clock const& clock;
    std::filesystem::path media_dir;
    Zone const& zone;  ///< for the local time of events and the folders of pictures
    /// A person that the source saw less than this ago, and whom no target wants to hear of again, is no new event: a client that
    /// posts a frame each second must not fill the store. 0: every sighting is an event.
    std::chrono::seconds repeat{10};
};

/// Thread-safe.
class Sightings {
public:
    explicit Sightings(SightingSetup setup) : m_setup(std::move(setup)) {}

    /// Stores the sighting and queues its deliveries in one transaction; the picture, if any, is on the disk before anything is
    /// sent. Throws Error: {usage} for a name that no source can have, {data} if a terminal has it, {store and disk}.
    ReportedSighting report(Sighting const& sighting);

private:
    [[nodiscard]] ReportedSighting store_it(store::Store& store, Sighting const& sighting) const;
    void keep_picture(store::Store& store, std::int64_t event, Sighting const& sighting) const;

    SightingSetup m_setup;
};

}  // namespace bioctl::app
