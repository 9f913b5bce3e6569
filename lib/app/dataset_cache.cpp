// FactsCache: lines of JSON, written whole. The file may come from elsewhere (CI restores it), so nothing in it is believed
// before its shape was checked. Lines and not CBOR: nlohmann's reader of CBOR calls itself for each level, which 20 MB of
// brackets are enough to crash; that of JSON text does not.

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <limits>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "lib/app/dataset_facts.hpp"
#include "lib/base/file.hpp"
#include "lib/base/vault.hpp"

namespace bioctl::app {

namespace {

using Json = nlohmann::json;

constexpr int k_version = 2;
constexpr std::uint64_t k_max_bytes = 2'000'000'000;
constexpr std::size_t k_max_line = 256'000;
constexpr std::size_t k_fields = 13;
constexpr std::size_t k_float_digits = 8;

/// The bits of each float: shorter than decimals, and exact.
std::string hex_of(std::vector<float> const& vector) {
    std::string hex;
    hex.reserve(vector.size() * k_float_digits);
    for (float const x : vector)
        fmt::format_to(std::back_inserter(hex), "{:08x}", std::bit_cast<std::uint32_t>(x));
    return hex;
}

std::optional<std::vector<float>> floats_from(std::string_view hex) {
    if (hex.size() % k_float_digits != 0) return std::nullopt;
    std::vector<float> vector;
    for (; !hex.empty(); hex.remove_prefix(k_float_digits)) {
        std::uint32_t bits = 0;
        auto const* const last = hex.data() + k_float_digits;
        auto const [end, error] = std::from_chars(hex.data(), last, bits, 16);
        auto const x = std::bit_cast<float>(bits);
        if (error != std::errc{} || end != last || !std::isfinite(x)) return std::nullopt;
        vector.push_back(x);
    }
    return vector;
}

Json json_of(PhotoFacts const& facts) {
    auto const& q = facts.quality;
    return Json::array({to_hex(facts.digest), static_cast<int>(facts.format), facts.width, facts.height, facts.orientation,
                        facts.rotation, facts.trouble, facts.is_truncated, facts.faces,
                        Json::array({q.size, q.sharpness, q.exposure, q.pose, q.score}), hex_of(facts.vector), facts.hash,
                        facts.mirrored});
}

/// Throws Json::exception, as the other readers here, if it is no whole number of this size: a cast of another would be
/// undefined.
int int_from(Json const& value) {
    auto const number = value.is_number_integer() ? value.get<std::int64_t>() : std::numeric_limits<std::int64_t>::max();
    if (number < std::numeric_limits<int>::min() || number > std::numeric_limits<int>::max())
        throw Json::type_error::create(302, "no int", &value);
    return static_cast<int>(number);
}

float share_from(Json const& value) {
    auto const number = value.get<double>();
    if (!(number >= 0 && number <= 1)) throw Json::type_error::create(302, "no share", &value);
    return static_cast<float>(number);
}

ChipHash hash_from(Json const& words) {
    ChipHash hash{};
    for (std::size_t i = 0; i < hash.size(); ++i) {
        auto const& word = words.at(i);
        if (!word.is_number_unsigned()) throw Json::type_error::create(302, "no word of a hash", &word);
        hash.at(i) = word.get<std::uint64_t>();
    }
    return hash;
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

/// None if a value is not what it should be; throws Json::exception if the shape is another.
std::optional<PhotoFacts> facts_from(Json const& row, std::size_t dimensions) {
    if (!row.is_array() || row.size() != k_fields) return std::nullopt;
    auto const digest = digest_from(row[0].get<std::string>());
    auto vector = floats_from(row[10].get<std::string>());
    if (!digest || !vector || !row[8].is_number_unsigned()) return std::nullopt;
    PhotoFacts facts;
    facts.digest = *digest;
    facts.format = static_cast<image::Format>(int_from(row[1]));
    if (facts.format < image::Format::unknown || facts.format > image::Format::avif) return std::nullopt;
    facts.width = int_from(row[2]);
    facts.height = int_from(row[3]);
    facts.orientation = int_from(row[4]);
    facts.rotation = int_from(row[5]);
    facts.trouble = row[6].get<std::string>();
    facts.is_truncated = row[7].get<bool>();
    facts.faces = row[8].get<std::size_t>();
    auto const& q = row[9];
    facts.quality = {share_from(q.at(0)), share_from(q.at(1)), share_from(q.at(2)), share_from(q.at(3)), share_from(q.at(4))};
    facts.vector = std::move(*vector);
    facts.hash = hash_from(row[11]);
    facts.mirrored = hash_from(row[12]);
    bool const is_sound = facts.vector.empty() ? facts.faces == 0 : facts.faces > 0 && facts.vector.size() == dimensions;
    return is_sound ? std::optional{std::move(facts)} : std::nullopt;
}

/// The next line, which `text` begins behind then; none if it has no end or is longer than any of ours.
std::optional<Json> next_line(std::string_view& text) {
    auto const end = text.substr(0, k_max_line).find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    auto line = Json::parse(text.substr(0, end), nullptr, false);
    text.remove_prefix(end + 1);
    return line.is_discarded() ? std::nullopt : std::optional{std::move(line)};
}

}  // namespace

FactsCache::FactsCache(std::filesystem::path file, std::string key, int dimensions, std::filesystem::path data_dir)
    : m_file(std::move(file)),
      m_data_dir(std::move(data_dir)),
      m_key(std::move(key)),
      m_dimensions(static_cast<std::size_t>(std::max(dimensions, 0))) {
    if (m_file.empty()) return;
    if (auto const content = read_private(m_data_dir, m_file, k_max_bytes)) load(as_text(*content));
}

std::size_t FactsCache::load(std::string_view text) {
    m_facts.clear();
    try {
        auto const head = next_line(text);
        if (!head || head->at("version") != k_version || head->at("key") != m_key) return 0;
        auto const& count = head->at("facts");
        bool is_damaged = false;
        while (!text.empty() && !is_damaged) {
            auto const row = next_line(text);
            auto facts = row ? facts_from(*row, m_dimensions) : std::nullopt;
            is_damaged = !facts.has_value();
            if (is_damaged) continue;
            auto hex = to_hex(facts->digest);
            m_facts.emplace(std::move(hex), std::move(*facts));
        }
        if (is_damaged || count != m_facts.size()) m_facts.clear();
    } catch (Json::exception const&) {
        m_facts.clear();
    }
    return m_facts.size();
}

PhotoFacts const* FactsCache::find(Sha256 const& digest) const {
    auto const found = m_facts.find(to_hex(digest));
    return found == m_facts.end() ? nullptr : &found->second;
}

void FactsCache::keep(PhotoFacts const& facts) {
    m_kept.emplace(to_hex(facts.digest), facts);
}

void FactsCache::save(Looked looked) const {
    if (m_file.empty()) return;
    auto const is_known = [&](auto const& entry) { return m_facts.contains(entry.first); };
    bool const has_news = !std::ranges::all_of(m_kept, is_known);
    bool const has_spent = looked == Looked::everywhere && m_kept.size() < m_facts.size();
    if (!has_news && !has_spent) return;
    std::string rows;
    std::size_t count = 0;
    auto const add = [&](PhotoFacts const& facts) {
        rows += json_of(facts).dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
        ++count;
    };
    for (auto const& [digest, facts] : m_kept)
        add(facts);
    if (looked == Looked::at_a_part) {
        for (auto const& [digest, facts] : m_facts)
            if (!m_kept.contains(digest)) add(facts);
    }
    Json const head{{"version", k_version}, {"key", m_key}, {"facts", count}};
    write_private(m_data_dir, m_file, as_bytes(head.dump() + '\n' + rows));
}

}  // namespace bioctl::app
