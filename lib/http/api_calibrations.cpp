// Thresholds that were chosen from the people who are enrolled, and the curves they were chosen from. To choose is for
// `bioctl calibrate`.

#include "lib/app/calibration.hpp"
#include "lib/http/api.hpp"
#include "lib/http/families.hpp"
#include "lib/http/photo_reply.hpp"

namespace bioctl::http {

namespace {

constexpr std::string_view k_calibrations_schema =
    R"({"type":"object","properties":{"items":{"type":"array","items":{"type":"object","properties":{"modality":{"type":"string","enum":["face","palm"]},"contract":{"type":"string"},"metric":{"type":"string"},"is_in_use":{"type":"boolean","description":"of the models and the metric that the server runs with"},"created_at":{"type":"string","format":"date-time"},"identify":{"type":"number","description":"1:N, a distance"},"verify":{"type":"number","description":"1:1, a distance"},"target_fpir":{"type":"number"},"target_fmr":{"type":"number"},"fpir":{"$ref":"#/components/schemas/MeasuredShare"},"fnir":{"oneOf":[{"$ref":"#/components/schemas/MeasuredShare"},{"type":"null"}],"description":"null: nobody has two templates, so it is not known"},"fnmr":{"oneOf":[{"$ref":"#/components/schemas/MeasuredShare"},{"type":"null"}]},"people":{"type":"integer"},"templates":{"type":"integer"},"genuine":{"type":"integer"},"impostors":{"type":"integer"},"strangers":{"type":"integer"},"curve":{"type":"array","description":"distance, FPIR and FNIR at it, by distance","items":{"type":"array","prefixItems":[{"type":"number"},{"type":"number"},{"type":"number"}]}}}}},"next_cursor":{"type":"null"}}})";

Json share_json(store::MeasuredShare const& share) {
    return {{"value", share.value}, {"low", share.low}, {"high", share.high}};
}

/// What is missed is known of people with two templates only.
Json cost_json(store::Calibration const& c, store::MeasuredShare const& cost) {
    return c.genuine > 0 ? share_json(cost) : Json{};
}

Json calibration_json(app::FiledCalibration const& filed) {
    auto const& c = filed.calibration;
    auto const curve = parse_json(c.curve);
    return {{"modality", name_of(c.modality)},
            {"contract", c.contract},
            {"metric", c.metric},
            {"is_in_use", filed.is_in_use},
            {"created_at", time_json(c.created_at)},
            {"identify", rounded(c.identify)},
            {"verify", rounded(c.verify)},
            {"target_fpir", c.target_fpir},
            {"target_fmr", c.target_fmr},
            {"fpir", share_json(c.fpir)},
            {"fnir", cost_json(c, c.fnir)},
            {"fnmr", cost_json(c, c.fnmr)},
            {"people", c.people},
            {"templates", c.templates},
            {"genuine", c.genuine},
            {"impostors", c.impostors},
            {"strangers", c.searches},
            {"curve", curve ? *curve : Json::array()}};
}

Reply calibrations(Call const& call) {
    auto const& workspace = call.desk->workspace();
    auto items = Json::array();
    for (auto const& filed : app::filed_calibrations(call.desk->store(), workspace.models.contract(), call.desk->rules()->metric))
        items.push_back(calibration_json(filed));
    return list_reply(call, std::move(items), std::nullopt);
}

}  // namespace

void add_api_calibrations(Routes& routes) {
    routes.add({.family = Family::api,
                .method = "GET",
                .pattern = "/api/v2/calibrations",
                .scope = app::Scope::admin,
                .handle = calibrations,
                .doc = {.summary = "Thresholds chosen from the people who are enrolled, with their curves",
                        .answers = {{200, "newest first", "application/json", k_calibrations_schema}}}});
}

}  // namespace bioctl::http
