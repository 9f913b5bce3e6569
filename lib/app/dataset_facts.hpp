#pragma once
// What one photo of a data set shows. Found once, kept by the digest of the file.

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "lib/app/photos.hpp"
#include "lib/base/bytes.hpp"

namespace bioctl::app {

/// A difference hash of the aligned face: bit (x, y) is set if the cell (x + 1, y) is brighter than (x, y). Of the aligned face
/// and not of the picture, so that cutting the edges off changes nothing.
using ChipHash = std::array<std::uint64_t, 4>;
[[nodiscard]] ChipHash chip_hash(cv::Mat const& chip);
/// 0 .. 256
[[nodiscard]] int differing_bits(ChipHash const& a, ChipHash const& b);

struct PhotoFacts {
    Sha256 digest{};
    image::Format format = image::Format::unknown;
    int width = 0, height = 0;  ///< as stored
    int orientation = 1;        ///< EXIF
    int rotation = 0;           ///< by which the picture had to be turned to find a face
    std::string trouble;        ///< why there is no picture, for people; "" = there is one
    bool is_truncated = false;
    std::size_t faces = 0;
    // of the largest face, if there is one
    face::Quality quality;
    std::vector<float> vector;
    ChipHash hash{}, mirrored{};
};

/// Everything about the bytes of one photo. Any thread, with its own engine.
[[nodiscard]] PhotoFacts facts_of(face::Engine& engine, ByteView file, Sha256 const& digest, image::Limits const& limits);

/// The facts of an earlier run, by digest. A file that is damaged, of another version, or of other models is as good as none.
class FactsCache {
public:
    /// `key`: whatever the facts depend on beside the bytes: models, limits. `dimensions`: of the models' vectors. Without a file
    /// nothing is kept.
    /// `data_dir`: if it is sealed, so is the file; "": it is not.
    FactsCache(std::filesystem::path file, std::string key, int dimensions, std::filesystem::path data_dir = {});
    /// Takes the content of a file; returns how many photos are known by it. Never throws for what is in it.
    std::size_t load(std::string_view text);

    [[nodiscard]] PhotoFacts const* find(Sha256 const& digest) const;
    /// Keeps it for this run and the next.
    void keep(PhotoFacts const& facts);
    /// How much of the folder this run has seen.
    enum class Looked { everywhere, at_a_part };
    /// Writes what was found or kept in this run. What was not asked for is forgotten, unless only a part was looked at. Does
    /// nothing if nothing changed. Throws Error as write_file() does.
    void save(Looked looked = Looked::everywhere) const;

private:
    std::filesystem::path m_file, m_data_dir;
    std::string m_key;
    std::size_t m_dimensions;
    std::unordered_map<std::string, PhotoFacts> m_facts;  // by digest in hex
    std::unordered_map<std::string, PhotoFacts> m_kept;
};

}  // namespace bioctl::app
