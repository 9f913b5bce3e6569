// Palms through the use cases: enrolment, duplicates, search, comparison, transfer, renewal. What a palm is, lib/palm tests.

#include <catch2/catch.hpp>

#include <sstream>

#include "lib/app/compare_palm.hpp"
#include "lib/app/enrol.hpp"
#include "lib/app/palm_photo.hpp"
#include "lib/app/people_edit.hpp"
#include "lib/app/people_export.hpp"
#include "lib/app/people_import.hpp"
#include "lib/app/people_reembed.hpp"
#include "lib/app/prepare_palm.hpp"
#include "lib/app/recognize.hpp"
#include "lib/base/causes.hpp"
#include "tests/support/hand/hand.hpp"
#include "tests/unit/app/people_support.hpp"
#include "tests/unit/store/support.hpp"

using namespace bioctl;
using namespace bioctl::app;
using store::Modality;
using test::PeopleStore;

namespace {

EnrolRules const k_rules = for_palms({});

EnrolRules with(OnDuplicate on_duplicate) {
    auto rules = k_rules;
    rules.on_duplicate = on_duplicate;
    return rules;
}

Bytes hand_file(unsigned person, unsigned shot = 0) {
    return image::encode_png(test::hand_photo(person, shot));
}

PreparedPhoto prepared(Bytes const& file, EnrolRules const& rules = k_rules) {
    return prepare_palm(file, sha256(file), rules, {});
}

struct PalmStore : PeopleStore {
    EnrolOutcome enrol(std::string const& id, Bytes const& file, EnrolRules const& rules = k_rules,
                       std::string const& source = "") {
        Enroller enroller{workspace, rules, Mode::write};
        EnrolOutcome outcome;
        store.write([&] { outcome = enroller.commit(id, "", prepared(file, rules), source, ""); });
        return outcome;
    }
    store::TemplateId enrolled(std::string const& id, unsigned person, unsigned shot = 0) {
        auto const outcome = enrol(id, hand_file(person, shot), with(OnDuplicate::allow));
        return std::get<std::vector<Enrolled>>(outcome).at(0).template_id.value();
    }
    void damage(store::TemplateId id) {
        test::sql(dir / "bioctl.db", "UPDATE template SET vector = zeroblob(length(vector)) WHERE id = " + std::to_string(id));
    }
    /// As if an older version had made it.
    void age(store::TemplateId id) {
        store.write([&] { store.templates().replace_code(id, "palm-old", Bytes(928, std::byte{1}), .5F); });
    }
};

/// How much greener the surroundings of a point are than red, 0..255: what is drawn there is green.
int greenness(cv::Mat const& picture, cv::Point2f point) {
    int most = -255;
    for (int y = -2; y <= 2; ++y) {
        for (int x = -2; x <= 2; ++x) {
            auto const pixel = picture.at<cv::Vec3b>(cv::Point{static_cast<int>(point.x) + x, static_cast<int>(point.y) + y});
            most = std::max(most, int{pixel[1]} - int{pixel[2]});
        }
    }
    return most;
}

Error error_of(std::function<void()> const& work) {
    return test::error_of(work);
}

RejectReason rejection(Bytes const& file, EnrolRules const& rules = k_rules) {
    auto const photo = prepared(file, rules);
    REQUIRE(photo.rejected);
    CHECK(photo.samples.empty());
    CHECK_FALSE(photo.rejected->detail.empty());
    return photo.rejected->reason;
}

}  // namespace

TEST_CASE("a photo without a palm is rejected with the reason", "[app]") {
    CHECK(rejection(image::encode_png(test::dark_cloth(800, 600))) == RejectReason::no_hand);
    auto small = test::dark_cloth(200, 150);
    test::draw_hand(small, {.person = 1, .length = 24, .middle = {100, 70}});
    CHECK(rejection(image::encode_png(small)) == RejectReason::too_small);
    auto glove = test::dark_cloth(800, 600);
    test::draw_hand(glove, {.person = 1, .has_lines = false, .length = 110, .middle = {400, 280}});
    CHECK(rejection(image::encode_png(glove)) == RejectReason::low_quality);
    auto two = test::dark_cloth(1600, 600);
    test::draw_hand(two, {.person = 1, .length = 110, .middle = {400, 280}});
    test::draw_hand(two, {.person = 2, .length = 110, .middle = {1200, 280}});
    CHECK(rejection(image::encode_png(two)) == RejectReason::two_hands);
    auto strict = k_rules;
    strict.min_quality = 1.01F;
    CHECK(rejection(hand_file(1), strict) == RejectReason::low_quality);
    auto const cut = hand_file(1);
    CHECK(rejection({cut.begin(), cut.begin() + 1000}) == RejectReason::unreadable);
}

TEST_CASE("a palm is prepared with its box, its quality and a portrait in which it is found again", "[app]") {
    auto const photo = prepared(hand_file(1));
    REQUIRE(photo.samples.size() == 1);
    auto const& sample = photo.samples.front();
    auto const valleys = test::drawn_valleys({.person = 1, .length = 110, .middle = {400, 280}});
    CHECK(sample.box.left < static_cast<int>(valleys.first.x));
    CHECK(sample.box.right > static_cast<int>(valleys.second.x));
    CHECK(sample.quality > .5F);
    auto const again = prepared(sample.crop, with(OnDuplicate::allow));
    REQUIRE(again.samples.size() == 1);
    auto const& whole = std::get<PalmFeatures>(sample.features);
    auto const& portrait = std::get<PalmFeatures>(again.samples.front().features);
    CHECK(palm::compare(whole.query, portrait.palm) < palm::k_identify_threshold);
    auto without = k_rules;
    without.crops = CropPolicy::none;
    CHECK(prepared(hand_file(1), without).samples.front().crop.empty());
}

TEST_CASE("a large photo is looked at in a reduced size and told of in its own", "[app]") {
    auto picture = test::dark_cloth(4800, 3600);
    test::DrawnHand const hand{.person = 1, .length = 330, .middle = {2400, 1800}};
    test::draw_hand(picture, hand);
    auto const photo = look_for_palm(image::encode_jpeg(picture, 95), {}, palm::Search::one_pose).value();
    REQUIRE(photo.palm);
    CHECK(photo.scale == 2);  // a third of it would be enough, but a decoder halves
    CHECK(photo.size == cv::Size{4800, 3600});
    auto const valleys = test::drawn_valleys(hand);
    CHECK(cv::norm(photo.palm->drawing.valleys.at(0) - valleys.first) < .1 * static_cast<double>(hand.length));
    auto const small = prepared(image::encode_png(test::hand_photo(1)));
    CHECK(palm::compare(std::get<PalmFeatures>(small.samples.at(0).features).query, photo.palm->enrolled) <
          palm::k_identify_threshold);
}

TEST_CASE("a palm under another id is a duplicate, the same photo is unchanged, another palm is welcome", "[app]") {
    PalmStore people;
    CHECK(std::holds_alternative<std::vector<Enrolled>>(people.enrol("ani", hand_file(1))));
    CHECK(std::holds_alternative<Unchanged>(people.enrol("ani", hand_file(1))));
    auto const other = people.enrol("budi", hand_file(1, 1));
    REQUIRE(std::holds_alternative<Rejected>(other));
    CHECK(std::get<Rejected>(other).reason == RejectReason::duplicate_person);
    CHECK(std::get<Rejected>(other).resembles == "ani");
    CHECK(people.store.people().count() == 1);
    auto const warned = people.enrol("budi", hand_file(1, 1), with(OnDuplicate::warn));
    CHECK(std::get<std::vector<Enrolled>>(warned).at(0).resembles == "ani");
    CHECK(std::holds_alternative<std::vector<Enrolled>>(people.enrol("cici", hand_file(2))));
    auto const row = people.store.templates().of_person("ani").at(0);
    CHECK(row.modality == Modality::palm);
    CHECK(row.contract == palm::k_pipeline);
    CHECK(row.crop.starts_with("palms/"));
    CHECK(people.has_file(row.crop));
}

TEST_CASE("palms and faces of a person do not disturb each other", "[app]") {
    PalmStore people;
    people.add("ani", {1, 0, 0});
    people.enrolled("ani", 1);
    CHECK(load_gallery(people.workspace).templates() == 1);
    CHECK(load_code_gallery(people.workspace).codes() == 1);
    CHECK(people.store.people().get("ani")->palms == 1);
    // Faces of other models are no reason to refuse palms, and the other way round.
    people.models.embedder.sha256 = std::string(64, 'd');
    CHECK_THROWS_WITH(load_gallery(people.workspace), Catch::Contains("face templates"));
    CHECK(load_code_gallery(people.workspace).codes() == 1);
}

TEST_CASE("a palm is recognised among others, at its first and at its second place", "[app]") {
    PalmStore people;
    for (unsigned person = 1; person <= 4; ++person)
        people.enrolled(std::to_string(person), person);
    Palms const palms{people.workspace};
    face::Engine engine{people.models};
    PhotoSource const source{.path = "a.png", .bytes = hand_file(3, 2)};
    RecognizeOptions options{.rule = {.threshold = 0}, .top = 3, .annotation = Annotation::jpeg};
    auto const photo = recognize_photo(engine, {nullptr, &palms}, source, {}, options);
    REQUIRE(photo.palm);
    REQUIRE(photo.palm->person);
    CHECK(photo.palm->person->person_id == "3");
    CHECK(photo.palm->candidates.size() == 3);
    CHECK(photo.palm->runner_up->distance > palm::k_identify_threshold);
    auto const drawn = image::decode(photo.annotated, {}).value().pixels;
    for (auto const& corner : photo.palm->drawing.region)
        CHECK(greenness(drawn, corner) > greenness(test::hand_photo(3, 2), corner) + 40);
    options.palm_rule.threshold = 0;
    CHECK_FALSE(recognize_photo(engine, {nullptr, &palms}, source, {}, options).palm->person);
    PhotoSource const cloth{.path = "b.png", .bytes = image::encode_png(test::dark_cloth(800, 600))};
    CHECK(recognize_photo(engine, {nullptr, &palms}, cloth, {}, options).no_palm->reason == palm::Reason::no_hand);
}

TEST_CASE("a palm is compared with a photo and with a person", "[app]") {
    PalmStore people;
    people.enrolled("ani", 1);
    people.add("budi", {1, 0, 0});
    auto const probe = palm_probe_of({.path = "a.png", .bytes = hand_file(1, 1)}, {}).value();
    auto const other = palm_probe_of({.path = "b.png", .bytes = hand_file(2)}, {}).value();
    CHECK(compare_with_palms_of(people.store, probe, "ani", palm::k_verify_threshold).same);
    CHECK_FALSE(compare_with_palms_of(people.store, other, "ani", palm::k_verify_threshold).same);
    CHECK_FALSE(compare_palms(probe, other.palm, palm::k_verify_threshold).same);
    auto const none = error_of([&] { static_cast<void>(compare_with_palms_of(people.store, probe, "budi", 1)); });
    CHECK(none.kind() == Kind::no_input);
    CHECK_THAT(none.message(), Catch::Contains("enrol a photo of this person's palm first"));
    CHECK(error_of([&] { static_cast<void>(palm_probe_of({.path = "/nowhere/a.png", .bytes = {}}, {})); }).kind() ==
          Kind::no_input);
}

TEST_CASE("a damaged palm in the store is named, left out of exports, and made again", "[app]") {
    PalmStore people;
    auto const id = people.enrolled("ani", 1);
    auto const code = people.store.templates().get(id)->code;
    people.damage(id);
    auto const error = error_of([&] { static_cast<void>(load_code_gallery(people.workspace)); });
    CHECK(error.kind() == Kind::data);
    CHECK_THAT(error.message(), Catch::StartsWith("the palm of 'ani' (template " + std::to_string(id) + ") is damaged: ") &&
                                    Catch::Contains("people reembed"));
    CHECK_THROWS_AS(load_code_gallery(people.workspace), OwnFault);  // no fault of whoever asks a server
    CHECK(export_json(people.workspace, [](std::string_view) {}).damaged == 1);
    auto const summary = reembed(people.workspace, {}, {}, {});
    CHECK(summary.from_portrait == 1);
    CHECK(load_code_gallery(people.workspace).codes() == 1);
}

TEST_CASE("who keeps a face loses a palm all the same, and is counted", "[app]") {
    PalmStore people;
    people.add("ani", {1, 0, 0});
    auto const id = people.enrolled("ani", 1);
    people.age(id);
    fs::remove(people.workspace.media_dir / people.store.templates().get(id)->crop);
    CHECK(reembed(people.workspace, {}, {}, {}).people_lost == 1);
}

TEST_CASE("two people are as alike as their palms where they have no faces", "[app]") {
    PalmStore people;
    people.enrolled("ani", 1);
    people.enrolled("ani2", 1, 1);
    people.enrolled("budi", 2);
    MergeThresholds const thresholds{.face = 0, .palm = palm::k_verify_threshold};
    CHECK(merge_people(people.workspace, "ani", "ani2", thresholds, Mode::dry_run).alike);
    auto const unlike = merge_people(people.workspace, "ani", "budi", thresholds, Mode::dry_run);
    CHECK_FALSE(unlike.alike);
    CHECK(*unlike.distance > palm::k_verify_threshold);
}

TEST_CASE("palms travel as JSON with every bit, and twice is once", "[app]") {
    PalmStore here, there;
    here.enrolled("ani", 1);
    here.add("ani", {1, 2, 3});
    std::string text;
    export_json(here.workspace, [&](std::string_view line) { text += std::string{line} + '\n'; });
    auto const take = [&](std::string const& lines) {
        std::istringstream input{lines};
        return import_json(there.workspace, input, "x", Mode::write, {});
    };
    CHECK(take(text).templates == 2);
    CHECK(take(text).unchanged == 2);
    auto const before = here.store.templates().of_person("ani");
    auto const after = there.store.templates().of_person("ani");
    REQUIRE(after.size() == 2);
    CHECK(after[0].code == before[0].code);
    CHECK(after[0].contract == palm::k_pipeline);
    CHECK(after[0].quality == before[0].quality);
    CHECK(after[1].vector == before[1].vector);

    // Who has palms only may come from anywhere, for they need no model.
    auto const code = to_base64(before[0].code);
    CHECK(take(R"({"person_id":"budi","templates":[{"modality":"palm","code":")" + code + "\"}]}").templates == 1);
    for (auto const& bad : {R"("modality":"palm")", R"("modality":"palm","code":"%")", R"("modality":"palm","code":"AAAA")",
                            R"("modality":"iris","code":"AAAA")"})
        CHECK(take(R"({"person_id":"cici","templates":[{)" + std::string{bad} + "}]}").rejected == 1);
    CHECK_FALSE(there.store.people().get("cici"));

    // With a right checksum, but nothing of it can ever be compared.
    auto const empty = palm::to_bytes({.side = palm::Side::left, .codes = {match::Code{}}});
    CHECK(take(R"({"person_id":"cici","templates":[{"modality":"palm","code":")" + to_base64(empty) + "\"}]}").rejected == 1);

    auto const summary = export_npy(here.workspace, here.dir.path() / "npy", Overwrite::no, {});
    CHECK(summary.templates == 1);
    CHECK(summary.palms_left_out == 1);
}

TEST_CASE("palms of an older version are made again from the photo, else from the portrait", "[app]") {
    PalmStore people;
    auto const photo = hand_file(1);
    test::write_text(people.dir / "ani.png", as_text(photo));
    people.enrol("ani", photo, k_rules, (people.dir / "ani.png").string());
    auto const second = people.enrolled("budi", 2);
    auto const third = people.enrolled("cici", 3);
    auto const first = people.store.templates().of_person("ani").at(0).id;
    auto const code = people.store.templates().get(first)->code;
    for (auto const id : {first, second, third})
        people.age(id);
    fs::remove(people.workspace.media_dir / people.store.templates().get(third)->crop);
    CHECK_THROWS_WITH(load_code_gallery(people.workspace),
                      Catch::Contains("3 palm templates") && Catch::Contains("people reembed"));

    std::vector<NoVector> problems;
    auto const summary = reembed(people.workspace, {}, {},
                                 {[&](ReembedRecord const& record) {
                                      if (auto const* none = std::get_if<NoVector>(&record.renewal)) problems.push_back(*none);
                                  },
                                  {},
                                  {},
                                  {}});
    CHECK(summary.from_photo == 1);
    CHECK(summary.from_portrait == 1);
    CHECK(summary.failed == 1);
    CHECK(summary.people_lost == 1);
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].problem == ReembedProblem::photo_gone);
    CHECK(people.store.templates().get(first)->code == code);
    CHECK(people.store.templates().get(second)->contract == palm::k_pipeline);
    auto const again = reembed(people.workspace, {}, {.leftovers = Leftovers::remove, .threshold = {}}, {});
    CHECK(again.removed == 1);
    CHECK(load_code_gallery(people.workspace).codes() == 2);
}
