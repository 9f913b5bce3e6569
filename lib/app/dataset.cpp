#include "lib/app/dataset.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "lib/app/dataset_parts.hpp"
#include "lib/app/ordered.hpp"
#include "lib/base/file.hpp"
#include "lib/base/text.hpp"

namespace bioctl::app {

namespace {

/// One photo after its look: facts, or why its bytes could not be had.
struct Look {
    PhotoFacts facts{};
    std::string missing;
    bool is_from_cache = false;
};

/// What reports join to the folder again: a photo beside it is "../beside/1.jpg".
std::string name_below(fs::path const& path, fs::path const& root) {
    auto const below = path.lexically_relative(root);
    return below.empty() ? path.string() : below.string();
}

class Run {
public:
    Run(face::ModelSet const& models, BulkInput const& input, fs::path const& root, FactsCache& cache,
        DatasetOptions const& options)
        : m_input(input),
          m_root(root),
          m_cache(cache),
          m_options(options),
          m_engines(models, std::max(1, options.jobs)),
          m_findings(options.severities, options.baseline) {}

    void look() {
        std::size_t photos_in_error = 0;
        ordered_for<Look>(
            m_input.items.size(), m_options.jobs,
            [&](int worker, std::size_t index) { return look_at(worker, m_input.items[index]); },
            [&](std::size_t index, Look&& look) {
                if (take(m_input.items[index], std::move(look))) ++photos_in_error;
                if (m_options.on_progress) m_options.on_progress(index + 1);
                bool const is_enough = m_options.max_errors > 0 && photos_in_error >= m_options.max_errors;
                m_dataset.stopped_early =
                    (is_enough && index + 1 < m_input.items.size()) || (m_options.should_stop && m_options.should_stop());
                return !m_dataset.stopped_early;
            });
        try {
            m_cache.save(m_dataset.stopped_early ? FactsCache::Looked::at_a_part : FactsCache::Looked::everywhere);
        } catch (Error const& error) {
            m_dataset.cache_trouble = error.message();  // only time is lost, not the answer
        }
    }
    void judge_together(face::Contract const& contract, match::Gallery const* gallery) {
        m_dataset.is_resemblance_judged = judge_resemblance(m_dataset.photos, contract, gallery, m_options, m_findings);
        judge_people(m_dataset.photos, m_options, m_findings);
    }
    Dataset finish() {
        std::set<std::string> people;
        for (auto const& photo : m_dataset.photos)
            people.insert(photo.person_id);
        people.erase("");
        m_dataset.people = people.size();
        m_dataset.findings = m_findings.take();
        return std::move(m_dataset);
    }
    [[nodiscard]] bool is_stopped() const { return m_dataset.stopped_early; }

private:
    Look look_at(int worker, BulkItem const& item) {
        Look look;
        // A row without a photo, or a folder that cannot be listed. A bad id is judged with the people.
        if (item.photo.path.empty() || (item.rejected && item.rejected->reason != RejectReason::bad_id)) {
            look.missing = item.rejected ? item.rejected->detail : "names no photo";
            return look;
        }
        auto const file = image::read(item.photo.path, m_options.limits);
        if (!file) {
            look.missing = file.error().detail;
            return look;
        }
        auto const digest = sha256(*file);
        if (auto const* known = m_cache.find(digest)) {
            look.facts = *known;
            look.is_from_cache = true;
        } else {
            look.facts = facts_of(m_engines.of(worker), *file, digest, m_options.limits);
        }
        return look;
    }
    /// True if the photo is in error by itself, and nobody has accepted that.
    bool take(BulkItem const& item, Look&& look) {
        auto const errors_before = m_findings.errors();
        DatasetPhoto photo{item.person_id, item.photo.path, name_below(item.photo.path, m_root)};
        if (!look.missing.empty()) {
            photo.is_missing = true;
            ++m_dataset.unread;
            m_findings.add(Rule::unreadable, photo, look.missing);
        } else {
            if (look.is_from_cache) ++m_dataset.from_cache;
            m_cache.keep(look.facts);
            photo.facts = std::move(look.facts);
            if (photo.person_id.empty()) m_findings.add(Rule::odd_id, photo, "lies in no folder of an id");
        }
        if (!photo.is_missing) judge_photo(photo, m_options, m_findings);
        m_dataset.photos.push_back(std::move(photo));
        return m_findings.errors() > errors_before;
    }

    BulkInput const& m_input;
    fs::path m_root;
    FactsCache& m_cache;
    DatasetOptions const& m_options;
    Engines m_engines;
    Findings m_findings;
    Dataset m_dataset;
};

}  // namespace

Dataset verify_dataset(face::ModelSet const& models, face::Contract const& contract, BulkInput const& input, fs::path const& root,
                       FactsCache& cache, match::Gallery const* gallery, DatasetOptions const& options) {
    Run run{models, input, root, cache, options};
    run.look();
    if (!run.is_stopped()) run.judge_together(contract, gallery);
    return run.finish();
}

BulkInput scan_dataset(fs::path const& directory, image::Limits const& limits) {
    auto input = scan_directory(directory);
    std::error_code error;
    fs::recursive_directory_iterator entries{directory, fs::directory_options::skip_permission_denied, error};
    for (; !error && entries != fs::recursive_directory_iterator{}; entries.increment(error)) {
        auto const& path = entries->path();
        if (path.filename().native().starts_with('.')) {
            entries.disable_recursion_pending();
            continue;
        }
        std::error_code ignored;
        if (image::has_image_extension(path) || !entries->is_regular_file(ignored)) continue;
        auto const file = image::read(path, limits);
        if (!file || !image::read_header(*file, limits)) continue;
        auto const below = path.lexically_relative(directory);
        input.items.push_back({.person_id = below.has_parent_path() ? below.begin()->string() : std::string{},
                               .name = {},
                               .photo = {path, std::nullopt}});
    }
    std::ranges::stable_sort(
        input.items, {}, [](BulkItem const& item) -> auto const& { return item.photo.path.native(); });
    return input;
}

Baseline Baseline::parse(std::string_view text) {
    Baseline baseline;
    std::size_t line = 0;
    for (auto const& row : split(text, '\n')) {
        ++line;
        if (trim(row).empty()) continue;
        auto const object = nlohmann::json::parse(row, nullptr, false);
        if (!object.is_object() || !object.contains("fingerprint") || !object["fingerprint"].is_string())
            throw Error{Kind::data, fmt::format("line {}: is no accepted finding; write the file with --update-baseline", line)};
        baseline.m_fingerprints.push_back(object["fingerprint"].get<std::string>());
    }
    std::ranges::sort(baseline.m_fingerprints);
    return baseline;
}

bool Baseline::accepts(std::string const& fingerprint) const {
    return std::ranges::binary_search(m_fingerprints, fingerprint);
}

std::size_t Baseline::apply(std::vector<Finding>& findings) const {
    std::set<std::string> used;
    for (auto& finding : findings) {
        finding.is_accepted = accepts(finding.fingerprint);
        if (finding.is_accepted) used.insert(finding.fingerprint);
    }
    return m_fingerprints.size() - used.size();
}

std::string Baseline::of(std::vector<Finding> const& findings) {
    std::string text;
    for (auto const& finding : findings) {
        nlohmann::ordered_json const object{{"rule", name_of(finding.rule)},
                                            {"path", finding.path},
                                            {"person_id", finding.person_id},
                                            {"fingerprint", finding.fingerprint}};
        text += object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
    }
    return text;
}

}  // namespace bioctl::app
