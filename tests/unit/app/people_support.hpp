#pragma once
// A store in a folder of its own, with small vectors and a clock that stands still.

#include <string>
#include <vector>

#include "lib/app/workspace.hpp"
#include "lib/base/file.hpp"
#include "lib/store/people.hpp"
#include "lib/store/templates.hpp"
#include "tests/support/stopped_clock.hpp"
#include "tests/support/temp_dir.hpp"

namespace bioctl::test {

/// Models of three dimensions: enough to tell vectors apart, and no file behind them.
inline face::ModelSet small_models(std::string const& space = "dlib-resnet-v1") {
    face::ModelSet models;
    models.detector.id = "detector";
    models.detector.kind = face::ModelKind::detector;
    models.detector.sha256 = std::string(64, 'a');
    models.landmarks.id = "landmarks";
    models.landmarks.kind = face::ModelKind::landmarks;
    models.landmarks.sha256 = std::string(64, 'b');
    models.embedder.id = "embedder";
    models.embedder.kind = face::ModelKind::embedder;
    models.embedder.sha256 = std::string(64, 'c');
    models.embedder.dimensions = 3;
    models.embedder.scale = 1;
    models.embedder.space = space;
    models.embedder.threshold_identify = 0.5F;
    models.embedder.threshold_verify = 0.6F;
    return models;
}

struct PeopleStore {
    TempDir dir;
    StoppedClock clock;
    face::ModelSet models = small_models();
    store::Store store = store::Store::open(dir / "bioctl.db", {});
    app::Workspace workspace{store, models, clock, dir / "media", {}, match::Metric::unit, 2};

    store::Template row(std::string const& person, std::vector<float> vector) {
        store::Template t;
        t.person_id = person;
        t.contract = models.contract().id;
        t.vector = std::move(vector);
        t.created_at = clock.now();
        return t;
    }
    /// Adds the person if need be; returns the template's id.
    store::TemplateId add(store::Template const& t) {
        store::TemplateId id = 0;
        store.write([&] {
            store.people().upsert(t.person_id, "", clock.now());
            id = store.templates().add(t).value();
        });
        return id;
    }
    store::TemplateId add(std::string const& person, std::vector<float> vector) { return add(row(person, std::move(vector))); }
    /// With a portrait of that name below media/.
    store::TemplateId add_with_crop(std::string const& person, std::vector<float> vector, std::string const& crop) {
        write_text(dir.path() / "media" / crop, "portrait");
        auto t = row(person, std::move(vector));
        t.crop = crop;
        return add(t);
    }
    [[nodiscard]] bool has_file(std::string const& crop) const { return fs::exists(dir.path() / "media" / crop); }
};

}  // namespace bioctl::test
