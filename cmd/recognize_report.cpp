#include "cmd/recognize_report.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "cmd/face_options.hpp"

namespace bioctl::cmd {

namespace {

std::string_view reason_of(image::Failure::Reason reason) {
    using Reason = image::Failure::Reason;
    switch (reason) {
        case Reason::missing: return "missing";
        case Reason::not_a_file: return "not_a_file";
        case Reason::permission: return "permission";
        case Reason::io: return "io";
        case Reason::too_large: return "too_large";
        case Reason::unreadable: return "unreadable";
    }
    throw Error{Kind::bug, "a failure without a name"};
}

ui::Value candidates_value(std::vector<app::RecognizedPerson> const& candidates) {
    ui::Value::Array values;
    for (auto const& person : candidates) {
        values.emplace_back(ui::Fields{
            {"person_id", person.person_id}, {"label", person.label()}, {"distance", distance_value(person.distance)}});
    }
    return values;
}

}  // namespace

RecognizeReport::RecognizeReport(Context& cx, std::string const& modality, std::size_t top, std::size_t expected)
    : m_cx(cx), m_top(top), m_expected(expected) {
    if (modality == "face") {
        cx.out.columns({"result", "image", "label", "person_id", "distance", "runner_up", "quality", "box.top", "box.right",
                        "box.bottom", "box.left"});
    } else {
        cx.out.columns({"result", "image", "label", "person_id", "distance", "runner_up", "quality", "box.top", "box.right",
                        "box.bottom", "box.left", "side", "reason"});
    }
}

void RecognizeReport::add(app::PhotoSource const& source, app::RecognizedPhoto const& photo,
                          std::optional<fs::path> const& picture) {
    ++m_photos;
    if (photo.failure) return add_failure(source.path, *photo.failure);
    ++m_looked_at;
    for (auto const& face : photo.faces)
        tell_somebody("face", photo, face, {{"quality", quality_value(face.quality)}, {"rotation", photo.rotation}}, picture);
    if (photo.palm) {
        auto const& palm = *photo.palm;
        tell_somebody("palm", photo, palm, {{"quality", quality_value(palm.quality)}, {"side", palm::name_of(palm.side)}},
                      picture);
    }
    if (photo.faces.empty() && !photo.palm) tell_nobody(photo);
}

void RecognizeReport::tell_nobody(app::RecognizedPhoto const& photo) {
    ++m_empty;
    if (!photo.no_palm) return tell(m_cx, "no_face", {{"image", image_value(photo.path)}});
    tell(m_cx, "no_palm",
         {{"image", image_value(photo.path)},
          {"reason", palm::name_of(photo.no_palm->reason)},
          {"detail", photo.no_palm->detail}});
    // Of many photos the records tell enough.
    if (m_expected == 1) m_cx.talk.warn(photo.no_palm->detail);
}

void RecognizeReport::tell_somebody(std::string_view type, app::RecognizedPhoto const& photo, app::Identity const& identity,
                                    ui::Fields own, std::optional<fs::path> const& picture) {
    ++(identity.person ? m_known : m_unknown);
    auto const& runner_up = identity.runner_up;
    ui::Fields fields{{"image", image_value(photo.path)},
                      {"box", box_value(identity.box)},
                      {"person_id", identity.person ? ui::Value{identity.person->person_id} : ui::Value{}},
                      {"label", identity.person ? identity.person->label() : std::string{"Unknown"}},
                      {"distance", distance_value(identity.distance)},
                      {"runner_up", runner_up ? distance_value(runner_up->distance) : ui::Value{}},
                      {"runner_up_id", runner_up ? ui::Value{runner_up->person_id} : ui::Value{}}};
    std::ranges::move(own, std::back_inserter(fields));
    if (m_top > 1) fields.emplace_back("candidates", candidates_value(identity.candidates));
    if (picture) fields.emplace_back("annotated", image_value(*picture));
    tell(m_cx, type, std::move(fields));
}

void RecognizeReport::add_failure(fs::path const& path, image::Failure const& failure) {
    ++m_failures;
    auto const error = failure.as_error(path.string());
    if (!m_first_failure) m_first_failure = error;
    tell(m_cx, "error", {{"image", image_value(path)}, {"reason", reason_of(failure.reason)}, {"detail", failure.detail}});
    // The only one becomes the verb's own failure.
    if (m_expected > 1) m_cx.talk.warn(error.message());
}

int RecognizeReport::exit_code(bool fail_unknown) const {
    if (m_failures == 1 && m_looked_at == 0) throw Error{*m_first_failure};
    if (m_failures > 0 && m_looked_at == 0) {
        throw Error{m_first_failure->kind(), fmt::format("none of the {} photos could be read", m_failures)};
    }
    if (m_failures > 0) return k_exit_partial;
    if (fail_unknown && m_unknown + m_empty > 0) return k_exit_no;
    return m_known > 0 ? k_exit_yes : k_exit_no;
}

}  // namespace bioctl::cmd
