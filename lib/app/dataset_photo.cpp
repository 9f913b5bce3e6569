// What a photo shows by itself, and what its name and its id look like.

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "lib/app/dataset_parts.hpp"
#include "lib/app/person_id.hpp"
#include "lib/base/text.hpp"

namespace bioctl::app {

namespace {

constexpr float k_least_eyes = .05F;  // Quality::size: eyes about 14 pixels apart

std::string fingerprint_of(Finding const& finding, std::string_view bytes) {
    auto related = finding.related;
    std::ranges::sort(related);
    std::string text = fmt::format("{}\n{}\n{}\n{}", name_of(finding.rule),
                                   finding.path.empty() ? finding.person_id : finding.path, bytes, fmt::join(related, "\n"));
    constexpr std::size_t k_digits = 24;
    return to_hex(sha256(as_bytes(text))).substr(0, k_digits);
}

image::Format promised_format(fs::path const& path) {
    static std::map<std::string, image::Format> const formats{
        {".jpg", image::Format::jpeg},  {".jpeg", image::Format::jpeg}, {".jpe", image::Format::jpeg},
        {".jfif", image::Format::jpeg}, {".png", image::Format::png},   {".webp", image::Format::webp},
        {".bmp", image::Format::bmp},   {".tif", image::Format::tiff},  {".tiff", image::Format::tiff},
        {".heic", image::Format::heif}, {".heif", image::Format::heif}, {".avif", image::Format::avif}};
    auto const found = formats.find(to_lower_ascii(path.extension().string()));
    return found == formats.end() ? image::Format::unknown : found->second;
}

/// "" if the name is as plain as other programs want it.
std::string why_odd(std::string const& name) {
    constexpr std::size_t k_longest = 200;
    if (!is_utf8(name)) return "is not UTF-8";
    if (std::ranges::any_of(name, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7F'; }))
        return "holds control characters";
    if (name.find_first_of("\\:*?\"<>|") != std::string::npos) return "holds a character that Windows does not take";
    if (name.starts_with('-')) return "begins with '-', which commands take for an option";
    auto const stem = fs::path{name}.stem().string();
    if (name.starts_with(' ') || name.ends_with(' ') || stem.ends_with(' ')) return "has a blank at its end";
    if (name.size() > k_longest) return fmt::format("is longer than {} bytes", k_longest);
    return {};
}

class PhotoJudge {
public:
    PhotoJudge(DatasetPhoto const& photo, DatasetOptions const& options, Findings& findings)
        : m_photo(photo), m_facts(photo.facts), m_options(options), m_findings(findings) {}

    void judge() {
        judge_name();
        if (!m_facts.trouble.empty()) {
            // What is no image may be one of another name; what is an image by its first bytes is damaged.
            tell(m_facts.is_truncated ? Rule::truncated : Rule::unreadable, m_facts.trouble);
        } else {
            judge_picture();
            judge_faces();
        }
    }

private:
    void tell(Rule rule, std::string detail) { m_findings.add(rule, m_photo, std::move(detail)); }
    void judge_name() {
        if (auto const why = why_odd(m_photo.path.filename().string()); !why.empty())
            tell(Rule::odd_name, fmt::format("the name {}", why));
        auto const promised = promised_format(m_photo.path);
        if (m_facts.format != image::Format::unknown && m_facts.format != promised) {
            tell(Rule::wrong_extension,
                 promised == image::Format::unknown
                     ? fmt::format("is {}, but nothing in its name says so: bulk-enroll passes it over",
                                   image::name_of(m_facts.format))
                     : fmt::format("is {}, not {}", image::name_of(m_facts.format), image::name_of(promised)));
        }
    }
    void judge_picture() {
        if (m_facts.rotation != 0) {
            tell(Rule::turned, fmt::format("lies on its side: the face is upright after a turn by {} degrees", m_facts.rotation));
        } else if (m_facts.orientation != 1) {
            tell(Rule::turned, fmt::format("EXIF orientation {}: upright only for programs that read it", m_facts.orientation));
        }
        if (std::min(m_facts.width, m_facts.height) < m_options.min_side) {
            tell(Rule::too_small, fmt::format("{} x {} pixels; the shorter side should have {}", m_facts.width, m_facts.height,
                                              m_options.min_side));
        } else if (m_facts.faces > 0 && m_facts.quality.size < k_least_eyes) {
            tell(Rule::too_small, "the face is too small: the eyes are less than 14 pixels apart");
        }
    }
    void judge_faces() {
        if (m_facts.faces == 0) {
            tell(Rule::no_face, "no face found, upright or turned");
            return;
        }
        if (m_facts.faces > 1) tell(Rule::many_faces, fmt::format("{} faces", m_facts.faces));
        if (m_facts.quality.score < m_options.min_quality) {
            tell(Rule::low_quality, fmt::format("quality {:.2f} is below {:.2f}; the {} of the face is its weakest point",
                                                m_facts.quality.score, m_options.min_quality, m_facts.quality.weakest()));
        }
    }

    DatasetPhoto const& m_photo;
    PhotoFacts const& m_facts;
    DatasetOptions const& m_options;
    Findings& m_findings;
};

/// Ids that only case, blanks and dashes tell apart are one id to people.
std::string folded(std::string_view id) {
    std::string key;
    for (char const c : to_lower_ascii(trim(id))) {
        bool const is_gap = c == ' ' || c == '_' || c == '-';
        if (!is_gap) {
            key += c;
        } else if (!key.ends_with('_')) {
            key += '_';
        }
    }
    return key;
}

}  // namespace

void Findings::add(Rule rule, DatasetPhoto const& photo, std::string detail, std::vector<std::string> related) {
    if (!wants(rule)) return;
    Finding finding{rule, m_severities.of(rule), photo.person_id, photo.name, std::move(detail), std::move(related)};
    keep(std::move(finding), photo.is_missing ? std::string{} : to_hex(photo.facts.digest));
}

void Findings::add(Rule rule, std::string const& person_id, std::string detail, std::vector<std::string> related) {
    if (!wants(rule)) return;
    Finding finding{rule, m_severities.of(rule), person_id, {}, std::move(detail), std::move(related)};
    keep(std::move(finding), {});
}

void Findings::keep(Finding finding, std::string_view bytes) {
    finding.fingerprint = fingerprint_of(finding, bytes);
    finding.is_accepted = m_baseline != nullptr && m_baseline->accepts(finding.fingerprint);
    if (finding.severity == Severity::error && !finding.is_accepted) ++m_errors;
    m_findings.push_back(std::move(finding));
}

std::vector<Finding> Findings::take() {
    std::ranges::stable_sort(m_findings, [](Finding const& a, Finding const& b) {
        if (a.path.empty() != b.path.empty()) return b.path.empty();
        return std::tie(a.path, a.person_id) < std::tie(b.path, b.person_id);
    });
    return std::move(m_findings);
}

void judge_photo(DatasetPhoto const& photo, DatasetOptions const& options, Findings& findings) {
    PhotoJudge{photo, options, findings}.judge();
}

void judge_people(std::vector<DatasetPhoto> const& photos, DatasetOptions const& options, Findings& findings) {
    std::map<std::string, std::pair<std::size_t, std::size_t>> counts;  // photos, and those with a face
    for (auto const& photo : photos) {
        if (photo.person_id.empty()) continue;
        auto& [all, usable] = counts[photo.person_id];
        ++all;
        if (!photo.facts.vector.empty()) ++usable;
    }
    std::vector<std::size_t> sizes;
    std::map<std::string, std::string> seen;
    for (auto const& [id, count] : counts) {
        sizes.push_back(count.first);
        if (count.second < options.min_photos) {
            findings.add(
                Rule::few_photos, id,
                fmt::format("{} with a face, fewer than {}", counted(count.second, "photo", "photos"), options.min_photos));
        }
        if (auto const ok = check_person_id(id); !ok) findings.add(Rule::odd_id, id, ok.error().message());
        if (auto const [before, is_new] = seen.emplace(folded(id), id); !is_new)
            findings.add(Rule::odd_id, id, fmt::format("is nearly the id '{}'", printable(before->second)), {before->second});
    }
    if (sizes.empty()) return;
    std::ranges::sort(sizes);
    auto const median = static_cast<double>(sizes[sizes.size() / 2]);
    for (auto const& [id, count] : counts) {
        if (static_cast<double>(count.first) > options.max_ratio * median)
            findings.add(Rule::imbalance, id,
                         fmt::format("{} photos, where half of the ids have {:g} or fewer", count.first, median));
    }
}

}  // namespace bioctl::app
