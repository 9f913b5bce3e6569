#pragma once
// Where a service does its work: what one worker thread needs for the use cases, and what the workers of a process share.

#include <chrono>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>

#include "lib/app/enrol.hpp"
#include "lib/app/recognize.hpp"
#include "lib/app/workspace.hpp"
#include "lib/base/seal.hpp"

namespace bioctl::app {

/// The settings that requests feel. Replaced as a whole when the configuration is read again.
struct DeskRules {
    match::Rule identify;  ///< 1:N
    float verify = 0;      ///< 1:1, threshold
    match::Rule palm_identify{.threshold = palm::k_identify_threshold};
    float palm_verify = palm::k_verify_threshold;
    match::Metric metric = match::Metric::unit;
    image::Limits limits;
    EnrolRules enrol;
    int event_cooldown_s = 0;
    std::string timezone;
};

struct DeskSetup {
    fs::path store_file, data_dir;
    store::Options store;
    face::ModelSet const& models;
    SealKey const& key;
    Clock const& clock;
};

struct EnrolReport {
    EnrolOutcome outcome;
    std::size_t found = 0;  ///< faces or palms on the photo
};

/// What a photo is searched for.
enum class Sought { face, palm, face_then_palm };

/// What all desks of a process share. Thread-safe.
class Office {
public:
    /// `rules` must fit the models. Opens no store.
    Office(DeskSetup setup, DeskRules rules);

    [[nodiscard]] DeskSetup const& setup() const { return m_setup; }
    [[nodiscard]] std::shared_ptr<DeskRules const> rules() const;
    void set_rules(DeskRules rules);

    /// The gallery as it was when somebody looked last; none before the first look.
    [[nodiscard]] std::shared_ptr<Faces const> last_faces() const;

private:
    friend class Desk;
    DeskSetup m_setup;
    mutable std::mutex m_mutex;  // of the pointers
    std::shared_ptr<DeskRules const> m_rules;
    Followed<Faces> m_faces;
    Followed<Palms> m_palms;
    std::mutex m_loading;
};

/// A worker's own connection and engine; the engine's networks are loaded when they are first needed. One thread.
class Desk {
public:
    /// Opens the store, and makes it if there is none. Throws as Store::open().
    explicit Desk(Office& office);
    Desk(Desk const&) = delete;
    Desk& operator=(Desk const&) = delete;

    [[nodiscard]] store::Store& store() { return m_store; }
    [[nodiscard]] face::Engine& engine() { return m_engine; }
    [[nodiscard]] Clock const& clock() const { return m_office.setup().clock; }
    [[nodiscard]] SealKey const& key() const { return m_office.setup().key; }
    [[nodiscard]] fs::path const& data_dir() const { return m_office.setup().data_dir; }
    [[nodiscard]] fs::path media_dir() const { return data_dir() / "media"; }
    [[nodiscard]] std::shared_ptr<DeskRules const> rules() const { return m_office.rules(); }
    /// For the use cases that want one; refers to this desk.
    [[nodiscard]] Workspace workspace();

    /// The gallery, with what has changed in the store since, by whoever. Throws as load_gallery().
    [[nodiscard]] std::shared_ptr<Faces const> faces();
    [[nodiscard]] std::shared_ptr<Palms const> palms();

    [[nodiscard]] RecognizedPhoto recognize(ByteView photo, RecognizeOptions const& options, Sought sought = Sought::face);
    /// By the current rules, for the threshold that the caller wants instead of theirs.
    [[nodiscard]] RecognizedPhoto recognize(ByteView photo, std::optional<float> threshold = {});
    /// Enrols one photo of a valid id and name (check_person_id(), check_person_name()); durable when this returns.
    EnrolReport enrol(std::string_view person_id, std::string_view name, ByteView photo, EnrolRules const& rules);

    /// Loads all networks now rather than with the first photo.
    void warm_up();

private:
    /// Keeps its gallery from one enrolment to the next. Stays where it was made: the enroller refers to the workspace beside it.
    struct Enrolment {
        EnrolRules rules;
        Workspace workspace;
        Enroller enroller{workspace, rules, Mode::write};
    };
    [[nodiscard]] Enroller& enroller(EnrolRules const& rules);
    template <class People>
    [[nodiscard]] std::shared_ptr<People const> gallery(Followed<People> Office::*place);

    Office& m_office;
    store::Store m_store;
    face::Engine m_engine;
    std::unique_ptr<Enrolment> m_faces_enrolment, m_palms_enrolment;
};

}  // namespace bioctl::app
