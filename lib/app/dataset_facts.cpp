#include "lib/app/dataset_facts.hpp"

#include <bit>

#include <opencv2/imgproc.hpp>

#include "lib/base/text.hpp"

namespace bioctl::app {

namespace {

constexpr int k_cells = 16;

bool says_truncated(std::string_view detail) {
    return detail.find("truncated") != std::string_view::npos;
}

}  // namespace

ChipHash chip_hash(cv::Mat const& chip) {
    cv::Mat grey, cells;
    if (chip.channels() == 3) {
        cv::cvtColor(chip, grey, cv::COLOR_BGR2GRAY);
    } else {
        grey = chip;
    }
    cv::resize(grey, cells, {k_cells + 1, k_cells}, 0, 0, cv::INTER_AREA);
    ChipHash hash{};
    for (int y = 0; y < k_cells; ++y) {
        auto const* row = cells.ptr<std::uint8_t>(y);
        for (int x = 0; x < k_cells; ++x) {
            auto const bit = static_cast<std::size_t>(y * k_cells + x);
            if (row[x + 1] > row[x]) hash.at(bit / 64) |= std::uint64_t{1} << (bit % 64);
        }
    }
    return hash;
}

int differing_bits(ChipHash const& a, ChipHash const& b) {
    int bits = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        bits += std::popcount(a[i] ^ b[i]);
    return bits;
}

PhotoFacts facts_of(face::Engine& engine, ByteView file, Sha256 const& digest, image::Limits const& limits) {
    PhotoFacts facts;
    facts.digest = digest;
    if (auto const header = image::read_header(file, limits)) {
        facts.format = header->format;
        facts.width = header->width;
        facts.height = header->height;
        facts.orientation = header->orientation;
    }
    auto analysis = analyse_photo(engine, file, limits, face::Embedding::none);
    if (!analysis) {
        facts.trouble = analysis.error().detail;
        facts.is_truncated = says_truncated(facts.trouble);
        return facts;
    }
    facts.rotation = analysis->rotation;
    facts.faces = analysis->faces.size();
    if (analysis->faces.empty()) return facts;
    std::vector<face::Face> largest{std::move(analysis->faces.front())};
    engine.embed(largest);
    auto& face = largest.front();
    facts.quality = face.quality;
    facts.vector = std::move(face.vector);
    facts.hash = chip_hash(face.chip);
    cv::Mat mirrored;
    cv::flip(face.chip, mirrored, 1);
    facts.mirrored = chip_hash(mirrored);
    return facts;
}

}  // namespace bioctl::app
