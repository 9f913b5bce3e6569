// FactsCache: CBOR, written whole. Nothing in it is believed before its shape was checked.

#include <cmath>

#include <nlohmann/json.hpp>

#include "lib/app/dataset_facts.hpp"
#include "lib/base/file.hpp"

namespace bioctl::app {

namespace {

using Json = nlohmann::json;

constexpr int k_version = 1;
constexpr std::uint64_t k_max_bytes = 2'000'000'000;

Json json_of(PhotoFacts const& facts) {
    auto const& q = facts.quality;
    return Json::array({to_hex(facts.digest), static_cast<int>(facts.format), facts.width, facts.height, facts.orientation,
                        facts.rotation, facts.trouble, facts.is_truncated, facts.faces,
                        Json::array({q.size, q.sharpness, q.exposure, q.pose, q.score}), facts.vector, facts.hash,
                        facts.mirrored});
}

/// Throws Json::exception if the shape is another.
PhotoFacts facts_from(Json const& row) {
    PhotoFacts facts;
    facts.format = static_cast<image::Format>(row.at(1).get<int>());
    if (facts.format < image::Format::unknown || facts.format > image::Format::avif) facts.format = image::Format::unknown;
    facts.width = row.at(2).get<int>();
    facts.height = row.at(3).get<int>();
    facts.orientation = row.at(4).get<int>();
    facts.rotation = row.at(5).get<int>();
    facts.trouble = row.at(6).get<std::string>();
    facts.is_truncated = row.at(7).get<bool>();
    facts.faces = row.at(8).get<std::size_t>();
    auto const quality = row.at(9).get<std::array<float, 5>>();
    facts.quality = {quality[0], quality[1], quality[2], quality[3], quality[4]};
    facts.vector = row.at(10).get<std::vector<float>>();
    facts.hash = row.at(11).get<ChipHash>();
    facts.mirrored = row.at(12).get<ChipHash>();
    return facts;
}

std::optional<Sha256> digest_from(std::string_view hex) {
    Sha256 digest;
    if (hex.size() != 2 * digest.bytes.size()) return std::nullopt;
    for (std::size_t i = 0; i < digest.bytes.size(); ++i) {
        auto const nibble = [&](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; };
        auto const high = nibble(hex[2 * i]), low = nibble(hex[2 * i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        digest.bytes[i] = static_cast<std::byte>(high * 16 + low);
    }
    return digest;
}

}  // namespace

FactsCache::FactsCache(std::filesystem::path file, std::string key) : m_file(std::move(file)), m_key(std::move(key)) {
    auto const content = read_file(m_file, k_max_bytes);
    if (!content) return;
    try {
        auto const document = Json::from_cbor(as_text(*content), true, true);
        if (document.at("version") != k_version || document.at("key") != m_key) return;
        auto const dimensions = document.at("dimensions").get<std::size_t>();
        for (auto const& row : document.at("facts")) {
            auto const hex = row.at(0).get<std::string>();
            auto const digest = digest_from(hex);
            auto facts = facts_from(row);
            bool const is_sound = digest && (facts.vector.empty() ? facts.faces == 0 : facts.vector.size() == dimensions) &&
                                  std::ranges::all_of(facts.vector, [](float x) { return std::isfinite(x); });
            if (!is_sound) continue;
            facts.digest = *digest;
            m_facts.emplace(hex, std::move(facts));
        }
    } catch (Json::exception const&) {
        m_facts.clear();
    }
}

PhotoFacts const* FactsCache::find(Sha256 const& digest) const {
    auto const found = m_facts.find(to_hex(digest));
    return found == m_facts.end() ? nullptr : &found->second;
}

void FactsCache::keep(PhotoFacts const& facts) {
    m_kept.emplace(to_hex(facts.digest), facts);
}

void FactsCache::save() const {
    if (m_file.empty()) return;
    bool const is_unchanged = m_kept.size() == m_facts.size() &&
                              std::ranges::all_of(m_kept, [&](auto const& entry) { return m_facts.contains(entry.first); });
    if (is_unchanged) return;
    auto rows = Json::array();
    std::size_t dimensions = 0;
    for (auto const& [digest, facts] : m_kept) {
        dimensions = std::max(dimensions, facts.vector.size());
        rows.push_back(json_of(facts));
    }
    Json const document{{"version", k_version}, {"key", m_key}, {"dimensions", dimensions}, {"facts", std::move(rows)}};
    auto const bytes = Json::to_cbor(document);
    make_private_folders(m_file.parent_path());
    write_file(m_file, std::as_bytes(std::span{bytes}), Durability::fast, 0600);
}

}  // namespace bioctl::app
