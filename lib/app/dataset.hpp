#pragma once
// Is this folder of photos fit to be enrolled? Nothing is stored.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "lib/app/bulk_enrol.hpp"
#include "lib/app/dataset_facts.hpp"
#include "lib/app/dataset_rules.hpp"
#include "lib/match/gallery.hpp"

namespace bioctl::app {

/// Accepted findings. One JSON object a line: {"rule","path","person_id","fingerprint"}.
class Baseline {
public:
    /// Error{data} with the line if it is no baseline.
    [[nodiscard]] static Baseline parse(std::string_view text);
    [[nodiscard]] bool accepts(std::string const& fingerprint) const;
    /// Marks what it holds as accepted; returns how many of its lines fit nothing any more.
    std::size_t apply(std::vector<Finding>& findings) const;
    /// The text of a baseline that accepts all of these.
    [[nodiscard]] static std::string of(std::vector<Finding> const& findings);

private:
    std::vector<std::string> m_fingerprints;  // sorted
};

struct DatasetOptions {
    Severities severities;
    int min_side = 112;       ///< pixels of the shorter side
    float min_quality = .3F;  ///< below: low_quality
    std::size_t min_photos = 2;
    double max_ratio = 10;       ///< photos of an id to the median of all ids
    std::size_t max_errors = 0;  ///< stop after so many photos that are in error by themselves and not accepted; 0 = never
    Baseline const* baseline = nullptr;  ///< what is accepted; may be null
    image::Limits limits;
    int jobs = 1;
    match::Metric metric = match::Metric::unit;
    std::function<void(std::size_t done)> on_progress;
    std::function<bool()> should_stop;
};

/// A photo that was looked at.
struct DatasetPhoto {
    std::string person_id;
    fs::path path;     ///< as it can be opened
    std::string name;  ///< below the folder that was looked at
    PhotoFacts facts{};
    bool is_missing = false;  ///< could not be read at all; then there are no facts
    bool is_outlier = false;  ///< not counted as a photo of its id any more
};

struct Dataset {
    std::vector<DatasetPhoto> photos;
    std::vector<Finding> findings;  ///< by path of their photo, those of ids behind
    std::size_t people = 0;
    std::size_t from_cache = 0;
    std::size_t unread = 0;      ///< files and folders that could not be read: the answer is about a part
    bool stopped_early = false;  ///< by max_errors or should_stop; rules about several photos were not judged
    /// False if no threshold is known for the models: then only copies were looked for, nobody was told from anybody.
    bool is_resemblance_judged = true;
    std::string cache_trouble;  ///< why nothing was kept for the next run; "" = it was
};

/// scan_directory(), and the files whose names do not say that they are images.
[[nodiscard]] BulkInput scan_dataset(fs::path const& directory, image::Limits const& limits);

/// `gallery`: who is enrolled, for the rule already_enrolled; may be null. `root`: what is cut off from paths in findings.
/// `contract`: of the models, with the thresholds to judge by; see app::calibrated().
[[nodiscard]] Dataset verify_dataset(face::ModelSet const& models, face::Contract const& contract, BulkInput const& input,
                                     fs::path const& root, FactsCache& cache, match::Gallery const* gallery,
                                     DatasetOptions const& options);

inline constexpr std::uint64_t k_max_baseline_bytes = 64'000'000;

}  // namespace bioctl::app
