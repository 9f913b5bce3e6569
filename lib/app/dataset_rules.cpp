#include "lib/app/dataset_rules.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "lib/base/text.hpp"

namespace bioctl::app {

namespace {

using enum Severity;

// In the order of the enumeration, so that a rule is its own index.
constexpr std::array k_table{
    RuleRow{Rule::unreadable, "unreadable", error, "The file is no image, is damaged, or may not be read"},
    RuleRow{Rule::truncated, "truncated", error, "The file ends early"},
    RuleRow{Rule::wrong_extension, "wrong_extension", warn, "The name promises another format than the bytes"},
    RuleRow{Rule::turned, "turned", warn, "The picture lies on its side, or only EXIF turns it upright"},
    RuleRow{Rule::too_small, "too_small", warn, "The picture, or the face on it, has too few pixels"},
    RuleRow{Rule::no_face, "no_face", error, "No face is found"},
    RuleRow{Rule::many_faces, "many_faces", warn, "More than one face is found"},
    RuleRow{Rule::low_quality, "low_quality", warn, "The face is blurred, badly lit or turned away"},
    RuleRow{Rule::duplicate_photo, "duplicate_photo", warn, "The same file is there twice under one id"},
    RuleRow{Rule::near_duplicate, "near_duplicate", warn,
            "The same picture is there twice under one id: recompressed, mirrored, cut"},
    RuleRow{Rule::photo_of_two, "photo_of_two", error, "One picture lies under two ids"},
    RuleRow{Rule::person_of_two, "person_of_two", error, "Two ids show the same person"},
    RuleRow{Rule::outlier, "outlier", error, "The photo does not look like the others of its id"},
    RuleRow{Rule::few_photos, "few_photos", warn, "The id has too few photos with a face"},
    RuleRow{Rule::imbalance, "imbalance", warn, "The id has far more photos than the others"},
    RuleRow{Rule::odd_id, "odd_id", error, "The id cannot be enrolled, or is nearly another one"},
    RuleRow{Rule::odd_name, "odd_name", warn, "The file's name is one that other programs trip over"},
    RuleRow{Rule::already_enrolled, "already_enrolled", error, "The person is enrolled under another id"},
};

constexpr bool is_in_order() {
    for (std::size_t i = 0; i < k_table.size(); ++i) {
        if (static_cast<std::size_t>(k_table[i].rule) != i) return false;
    }
    return true;
}
static_assert(is_in_order());

Severity severity_from(std::string_view name) {
    for (auto const severity : {off, warn, error}) {
        if (name_of(severity) == name) return severity;
    }
    throw Error{Kind::usage, fmt::format("'{}' is no severity; there are error, warn and off", printable(name))};
}

}  // namespace

std::string_view name_of(Severity severity) {
    switch (severity) {
        case off: return "off";
        case warn: return "warn";
        case error: return "error";
    }
    throw Error{Kind::bug, "a Severity without a name"};
}

std::span<RuleRow const> rule_table() {
    return k_table;
}

RuleRow const& row_of(Rule rule) {
    return k_table.at(static_cast<std::size_t>(rule));
}

Severities::Severities() {
    for (auto const& row : k_table)
        m_severities.at(static_cast<std::size_t>(row.rule)) = row.severity;
}

void Severities::set(std::string_view setting) {
    auto const equals = setting.find('=');
    if (equals == std::string_view::npos)
        throw Error{Kind::usage, fmt::format("--rule '{}': write it like no_face=warn", printable(setting))};
    auto const name = setting.substr(0, equals);
    auto const severity = severity_from(setting.substr(equals + 1));
    if (name == "all") {
        m_severities.fill(severity);
        return;
    }
    std::vector<std::string_view> names;
    for (auto const& row : k_table) {
        names.push_back(row.name);
        if (row.name == name) {
            m_severities.at(static_cast<std::size_t>(row.rule)) = severity;
            return;
        }
    }
    throw Error{Kind::usage, fmt::format("no rule is called '{}'{} `bioctl help verify-dataset` lists them", printable(name),
                                         did_you_mean(name, names))};
}

}  // namespace bioctl::app
