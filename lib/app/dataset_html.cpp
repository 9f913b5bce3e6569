#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "lib/app/dataset_report.hpp"
#include "lib/app/similarity_map.hpp"
#include "lib/app/thumbnail.hpp"
#include "lib/base/html.hpp"
#include "lib/base/text.hpp"

namespace bioctl::app {

namespace {

constexpr std::size_t k_most_thumbnails = 1000, k_most_points = 5000;
constexpr int k_thumbnail = 96;

constexpr auto k_head = R"html(<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,">
<title>Data set</title>
<style>
:root { color-scheme: light dark; --line: #8886; --bad: #c4453c; --warn: #b7791f; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line); vertical-align: middle; }
td.n, th.n { text-align: right; } td { overflow-wrap: anywhere; }
.error { color: var(--bad); font-weight: 600; } .warn { color: var(--warn); } .accepted { opacity: .5; }
img { border-radius: 4px; display: inline-block; vertical-align: middle; margin: 2px; }
.map { border: 1px solid var(--line); border-radius: 6px; }
.map svg { width: 100%; height: auto; display: block; }
.map circle { stroke: none; opacity: .75; } .map circle.found { stroke: var(--bad); stroke-width: 2; opacity: 1; }
.map circle.dim { opacity: .08; }
</style>
)html";

// Points at one id dim the others and say whose they are.
constexpr auto k_script = R"js(
"use strict";
const reading = document.getElementById("reading");
const points = [...document.querySelectorAll(".map circle")];
for (const point of points) {
  point.addEventListener("pointerenter", () => {
    reading.textContent = point.firstElementChild.textContent;
    for (const other of points) other.classList.toggle("dim", other.dataset.id !== point.dataset.id);
  });
  point.addEventListener("pointerleave", () => { for (const other of points) other.classList.remove("dim"); });
}
)js";

std::string shown(std::string_view text) {
    return html_escaped(printable(text));
}

class Thumbnails {
public:
    Thumbnails(Dataset const& dataset, image::Limits const& limits) : m_limits(limits) {
        for (auto const& photo : dataset.photos)
            m_paths.emplace(photo.name, photo.path);
    }
    std::string of(std::string const& name) {
        auto const path = m_paths.find(name);
        if (path == m_paths.end() || m_count == k_most_thumbnails) return {};
        ++m_count;
        auto const picture = thumbnail(path->second, k_thumbnail, m_limits);
        if (picture.empty()) return {};
        return fmt::format("<img alt=\"\" title=\"{}\" src=\"{}\">", shown(name), picture);
    }

private:
    image::Limits m_limits;
    std::map<std::string, fs::path> m_paths;
    std::size_t m_count = 0;
};

std::string rules_table(Dataset const& dataset) {
    std::map<Rule, std::size_t> counts;
    for (auto const& finding : dataset.findings) {
        if (!finding.is_accepted) ++counts[finding.rule];
    }
    if (counts.empty()) return "<p>Nothing was found.</p>\n";
    std::string html = "<table>\n<tr><th>Rule</th><th class=\"n\">Findings</th><th></th></tr>\n";
    for (auto const& [rule, count] : counts)
        html +=
            fmt::format("<tr><td>{}</td><td class=\"n\">{}</td><td>{}</td></tr>\n", name_of(rule), count, row_of(rule).summary);
    return html + "</table>\n";
}

std::string findings_table(Dataset const& dataset, image::Limits const& limits) {
    if (dataset.findings.empty()) return {};
    Thumbnails thumbnails{dataset, limits};
    std::map<std::string, std::string> first_of_person;
    for (auto const& photo : dataset.photos)
        first_of_person.emplace(photo.person_id, photo.name);
    std::string html = "<h2>Findings</h2>\n<table>\n<tr><th></th><th>Rule</th><th>Id</th><th>Photo</th><th></th></tr>\n";
    for (auto const& finding : dataset.findings) {
        std::string pictures = thumbnails.of(finding.path.empty() ? first_of_person[finding.person_id] : finding.path);
        for (auto const& related : finding.related)
            pictures += thumbnails.of(finding.path.empty() ? first_of_person[related] : related);
        html += fmt::format("<tr{}><td>{}</td><td class=\"{}\">{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                            finding.is_accepted ? " class=\"accepted\"" : "", pictures, name_of(finding.severity),
                            name_of(finding.rule), shown(finding.person_id), shown(finding.path), shown(finding.detail));
    }
    return html + "</table>\n";
}

std::string map_of(Dataset const& dataset) {
    std::vector<DatasetPhoto const*> photos;
    for (auto const& photo : dataset.photos) {
        if (!photo.facts.vector.empty()) photos.push_back(&photo);
    }
    if (photos.size() < 2) return {};
    // An even part of a large set.
    auto const step = (photos.size() + k_most_points - 1) / k_most_points;
    std::vector<DatasetPhoto const*> chosen;
    std::vector<std::vector<float> const*> vectors;
    for (std::size_t i = 0; i < photos.size(); i += step) {
        chosen.push_back(photos[i]);
        vectors.push_back(&photos[i]->facts.vector);
    }
    std::map<std::string, std::size_t> hue;
    std::map<std::string, std::string> found;
    for (auto const& finding : dataset.findings) {
        if (!finding.path.empty() && !finding.is_accepted) found[finding.path] += fmt::format("; {}", name_of(finding.rule));
    }
    auto const places = similarity_map(vectors);
    constexpr double k_width = 1000, k_height = 640, k_margin = 12;
    auto svg = fmt::format(
        "<h2>Who resembles whom</h2>\n<p>Each point is a photo, each colour an id; photos that resemble each other are "
        "near each other as far as two dimensions allow. Ringed: with findings. <output id=\"reading\"></output></p>\n"
        "<div class=\"map\"><svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"Similarity map\">\n",
        k_width, k_height);
    for (std::size_t i = 0; i < chosen.size(); ++i) {
        auto const& photo = *chosen[i];
        auto const index = hue.emplace(photo.person_id, hue.size()).first->second;
        auto const mark = found.find(photo.name);
        constexpr std::size_t k_golden = 137;  // degrees: neighbours in the list are far apart on the wheel
        svg += fmt::format(
            "<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"5\" fill=\"hsl({} 65% 50%)\" data-id=\"{}\"{}><title>{}{}</title>"
            "</circle>\n",
            k_margin + places[i][0] * (k_width - 2 * k_margin), k_margin + places[i][1] * (k_height - 2 * k_margin),
            index * k_golden % 360, shown(photo.person_id), mark == found.end() ? "" : " class=\"found\"", shown(photo.name),
            mark == found.end() ? "" : mark->second);
    }
    return svg + "</svg></div>\n";
}

}  // namespace

std::string to_html(Dataset const& dataset, DatasetFacts const& facts, image::Limits const& limits) {
    auto html = fmt::format("{}<h1>Data set {}</h1>\n<p>{}, bioctl {}: {} of {}.{}</p>\n", k_head, shown(facts.folder),
                            facts.made_at, html_escaped(facts.version), counted(dataset.photos.size(), "photo", "photos"),
                            counted(dataset.people, "id", "ids"),
                            dataset.stopped_early ? " Stopped early: photos were not compared with each other." : "");
    return html + rules_table(dataset) + map_of(dataset) + findings_table(dataset, limits) +
           fmt::format("<script>{}</script>\n</html>\n", k_script);
}

}  // namespace bioctl::app
