#include "lib/app/dataset_report.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "lib/base/html.hpp"
#include "lib/base/text.hpp"

namespace bioctl::app {

namespace {

using Json = nlohmann::ordered_json;

std::string dump(Json const& json) {
    return json.dump(1, ' ', false, Json::error_handler_t::replace) + '\n';
}

/// XML 1.0 has no place for control characters, not even as references, nor for U+FFFE and U+FFFF.
std::string xml_escaped(std::string_view text) {
    auto escaped = html_escaped(printable(text));
    for (std::string_view const character : {"\xEF\xBF\xBE", "\xEF\xBF\xBF"}) {
        constexpr std::string_view k_replacement = "\xEF\xBF\xBD";
        for (auto at = escaped.find(character); at != std::string::npos; at = escaped.find(character, at))
            escaped.replace(at, character.size(), k_replacement);
    }
    return escaped;
}

std::string location_of(Finding const& finding, DatasetFacts const& facts) {
    auto const below = finding.path.empty() ? finding.person_id : finding.path;
    return (fs::path{facts.folder} / below).lexically_normal().string();
}

/// As the path of a URI.
std::string uri_of(std::string_view path) {
    std::string uri;
    for (char const c : path) {
        bool const is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                              std::string_view{"/-_.~"}.find(c) != std::string_view::npos;
        uri += is_plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return uri;
}

bool is_failure(Finding const& finding, DatasetFacts const& facts) {
    return !finding.is_accepted && facts.fail_level != Severity::off && finding.severity >= facts.fail_level;
}

struct TestCase {
    std::string name;
    std::vector<Finding const*> findings;
};

std::string test_case(std::string const& suite, TestCase const& test, DatasetFacts const& facts) {
    auto xml = fmt::format("    <testcase name=\"{}\" classname=\"{}\" time=\"0\"", xml_escaped(test.name), xml_escaped(suite));
    if (test.findings.empty()) return xml + "/>\n";
    xml += ">\n";
    std::string failures, talk;
    bool is_accepted = true;
    for (auto const* finding : test.findings) {
        auto const text = fmt::format("{}: {}", name_of(finding->rule), finding->detail);
        is_accepted = is_accepted && finding->is_accepted;
        if (is_failure(*finding, facts)) {
            failures += (failures.empty() ? "" : "\n") + text;
        } else {
            talk += fmt::format("{}{}: {}\n", finding->is_accepted ? "accepted " : "", name_of(finding->severity), text);
        }
    }
    if (!failures.empty()) {
        auto const& first = failures.substr(0, failures.find('\n'));
        auto const type = first.substr(0, first.find(':'));
        std::string body;
        for (auto const& line : split(failures, '\n'))
            body += xml_escaped(line) + '\n';
        xml += fmt::format("      <failure message=\"{}\" type=\"{}\">{}</failure>\n", xml_escaped(first), type, body);
    } else if (is_accepted) {
        xml += "      <skipped/>\n";
    }
    if (!talk.empty()) {
        xml += "      <system-out>";
        for (auto const& line : split(talk, '\n'))
            xml += xml_escaped(line) + '\n';
        xml += "</system-out>\n";
    }
    return xml + "    </testcase>\n";
}

Json sarif_rules() {
    auto rules = Json::array();
    for (auto const& row : rule_table()) {
        rules.push_back({{"id", row.name},
                         {"shortDescription", {{"text", row.summary}}},
                         {"defaultConfiguration", {{"level", row.severity == Severity::error ? "error" : "warning"}}}});
    }
    return rules;
}

Json sarif_location(std::string const& path) {
    return {{"physicalLocation", {{"artifactLocation", {{"uri", uri_of(path)}}}}}};
}

Json sarif_result(Finding const& finding, DatasetFacts const& facts) {
    Json result{{"ruleId", name_of(finding.rule)},
                {"ruleIndex", static_cast<int>(finding.rule)},
                {"level", finding.severity == Severity::error ? "error" : "warning"},
                {"message", {{"text", to_valid_utf8(finding.detail)}}},
                {"locations", Json::array({sarif_location(location_of(finding, facts))})},
                {"partialFingerprints", {{"bioctl/v1", finding.fingerprint}}}};
    if (!finding.path.empty() && !finding.related.empty()) {
        auto related = Json::array();
        for (auto const& path : finding.related)
            related.push_back(sarif_location((fs::path{facts.folder} / path).lexically_normal().string()));
        result["relatedLocations"] = std::move(related);
    }
    if (finding.is_accepted) result["suppressions"] = Json::array({{{"kind", "external"}}});
    return result;
}

/// Workflow commands have an escaping of their own.
std::string command_escaped(std::string_view text, bool is_property) {
    std::string escaped;
    for (char const c : to_valid_utf8(text)) {
        bool const is_special = c == '%' || c == '\r' || c == '\n' || (is_property && (c == ':' || c == ','));
        escaped += is_special ? fmt::format("%{:02X}", static_cast<unsigned char>(c)) : std::string(1, c);
    }
    return escaped;
}

}  // namespace

std::string to_junit(Dataset const& dataset, DatasetFacts const& facts) {
    std::map<std::string, std::vector<TestCase>> suites;
    std::map<std::string, std::vector<Finding const*>> of_path, of_person;
    for (auto const& finding : dataset.findings)
        (finding.path.empty() ? of_person[finding.person_id] : of_path[finding.path]).push_back(&finding);
    for (auto const& photo : dataset.photos)
        suites[photo.person_id.empty() ? "(no id)" : photo.person_id].push_back({photo.name, of_path[photo.name]});
    for (auto const& [person, findings] : of_person)
        suites[person].push_back({"(id)", findings});

    std::string body;
    std::size_t tests = 0, failures = 0;
    for (auto const& [name, cases] : suites) {
        std::string lines;
        std::size_t failed = 0, skipped = 0;
        for (auto const& test : cases) {
            bool const fails = std::ranges::any_of(test.findings, [&](Finding const* f) { return is_failure(*f, facts); });
            failed += fails;
            skipped += !fails && !test.findings.empty() && std::ranges::all_of(test.findings, &Finding::is_accepted);
            lines += test_case(name, test, facts);
        }
        body += fmt::format(
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\" time=\"0\" timestamp=\"{}\">\n"
            "{}  </testsuite>\n",
            xml_escaped(name), cases.size(), failed, skipped, facts.made_at.substr(0, 19), lines);
        tests += cases.size();
        failures += failed;
    }
    return fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"bioctl verify-dataset\" tests=\"{}\" "
        "failures=\"{}\" errors=\"0\" time=\"0\">\n{}</testsuites>\n",
        tests, failures, body);
}

std::string to_sarif(Dataset const& dataset, DatasetFacts const& facts) {
    auto results = Json::array();
    for (auto const& finding : dataset.findings)
        results.push_back(sarif_result(finding, facts));
    Json const tool{{"driver", {{"name", "bioctl verify-dataset"}, {"version", facts.version}, {"rules", sarif_rules()}}}};
    Json const run{{"tool", tool}, {"columnKind", "unicodeCodePoints"}, {"results", std::move(results)}};
    return dump(
        {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"}, {"version", "2.1.0"}, {"runs", Json::array({run})}});
}

std::string to_code_quality(Dataset const& dataset, DatasetFacts const& facts) {
    auto issues = Json::array();
    for (auto const& finding : dataset.findings) {
        if (finding.is_accepted) continue;
        issues.push_back({{"description", to_valid_utf8(finding.detail)},
                          {"check_name", name_of(finding.rule)},
                          {"fingerprint", finding.fingerprint},
                          {"severity", finding.severity == Severity::error ? "major" : "minor"},
                          {"location", {{"path", to_valid_utf8(location_of(finding, facts))}, {"lines", {{"begin", 1}}}}}});
    }
    return dump(issues);
}

std::string to_workflow_commands(Dataset const& dataset, DatasetFacts const& facts) {
    std::string text;
    for (auto const& finding : dataset.findings) {
        if (finding.is_accepted) continue;
        text += fmt::format(
            "::{} file={},title={}::{}\n", finding.severity == Severity::error ? "error" : "warning",
            command_escaped(location_of(finding, facts), true), name_of(finding.rule),
            command_escaped(finding.person_id.empty() ? finding.detail : fmt::format("{}: {}", finding.person_id, finding.detail),
                            false));
    }
    return text;
}

}  // namespace bioctl::app
