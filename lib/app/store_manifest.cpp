#include "lib/app/store_manifest.hpp"

#include <algorithm>
#include <cerrno>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "lib/base/file.hpp"
#include "lib/base/text.hpp"

namespace bioctl::app {

namespace {

constexpr int k_format = 1;
constexpr std::uint64_t k_longest_digest_file = 4096;

using Json = nlohmann::ordered_json;

Error not_a_manifest(fs::path const& file, std::string_view why) {
    return {Kind::data, fmt::format("{} is no manifest of a backup that this bioctl can read ({}); take another backup",
                                    printable(file.string()), printable(why))};
}

/// Below the backup, whatever somebody wrote there.
bool is_inside(std::string_view path) {
    fs::path const name{path};
    return !path.empty() && name.is_relative() &&
           std::ranges::none_of(name, [](fs::path const& part) { return part == ".." || part == "." || part.empty(); });
}

Sha256 digest_from(std::string const& hex) {
    Sha256 digest;
    constexpr std::string_view k_digits = "0123456789abcdef";
    if (hex.size() != 2 * digest.bytes.size()) throw std::invalid_argument{"a digest"};
    for (std::size_t i = 0; i < digest.bytes.size(); ++i) {
        auto const high = k_digits.find(hex[2 * i]), low = k_digits.find(hex[2 * i + 1]);
        if (high == std::string_view::npos || low == std::string_view::npos) throw std::invalid_argument{"a digest"};
        digest.bytes[i] = static_cast<std::byte>(high * 16 + low);
    }
    return digest;
}

BackupFile file_from(Json const& object) {
    BackupFile file;
    // Names may hold any bytes; JSON may not.
    file.path = object.contains("path_base64")
                    ? std::string{as_text(from_base64(object.at("path_base64").get<std::string>()).or_throw())}
                    : object.at("path").get<std::string>();
    if (!is_inside(file.path)) throw std::invalid_argument{fmt::format("a path outside of it: {}", file.path)};
    file.stamp.bytes = object.at("bytes").get<std::uint64_t>();
    file.stamp.modified_ns = object.at("modified_ns").get<std::int64_t>();
    file.stamp.digest = digest_from(object.at("sha256").get<std::string>());
    return file;
}

BackupHead head_from(Json const& json) {
    if (json.at("type") != "backup") throw std::invalid_argument{"not of a backup"};
    if (json.at("format").get<int>() > k_format) throw std::invalid_argument{"made by a newer bioctl"};
    return {.bioctl = json.at("bioctl").get<std::string>(),
            .schema_version = json.at("schema_version").get<int>(),
            .moment = from_rfc3339(json.at("moment").get<std::string>()).or_throw(),
            .source = json.at("source").get<std::string>()};
}

std::string path_field(std::string_view path) {
    if (is_utf8(path)) return fmt::format("\"path\":{}", Json(path).dump());
    return fmt::format("\"path_base64\":\"{}\"", to_base64(as_bytes(path)));
}

void check_digest(fs::path const& folder) {
    auto const noted = read_file(folder / k_manifest_digest, k_longest_digest_file);
    if (!noted) throw noted.error();
    auto const digest = manifest_digest(folder);
    if (as_text(*noted) == fmt::format("{}  {}\n", to_hex(digest), k_manifest)) return;
    throw Error{Kind::data, fmt::format("{} is not what was written: its digest is {}; take another backup",
                                        printable((folder / k_manifest).string()), to_hex(digest))};
}

}  // namespace

ManifestWriter::ManifestWriter(fs::path const& folder, BackupHead const& head) : m_folder(folder), m_out(folder / k_manifest) {
    fs::permissions(folder / k_manifest, fs::perms::owner_read | fs::perms::owner_write);
    Json const json{{"type", "backup"},
                    {"format", k_format},
                    {"bioctl", head.bioctl},
                    {"schema_version", head.schema_version},
                    {"moment", to_rfc3339(head.moment)},
                    {"source", to_valid_utf8(head.source)}};
    auto const text = json.dump();
    write(text.substr(0, text.size() - 1));
    write(",\n\"files\":[");
}

void ManifestWriter::add(BackupFile const& file) {
    write(fmt::format("{}\n{{{},\"bytes\":{},\"modified_ns\":{},\"sha256\":\"{}\"}}", m_has_files ? "," : "",
                      path_field(file.path), file.stamp.bytes, file.stamp.modified_ns, to_hex(file.stamp.digest)));
    m_has_files = true;
}

void ManifestWriter::add_absent(std::string_view path) {
    m_absent += fmt::format("{}\n{{{}}}", m_absent.empty() ? "" : ",", path_field(path));
}

Sha256 ManifestWriter::finish() {
    write(fmt::format("\n],\n\"absent\":[{}]}}\n", m_absent));
    m_out.close();
    if (!m_out) throw_errno(fmt::format("cannot write {}", printable((m_folder / k_manifest).string())), errno, Kind::io);
    auto const digest = manifest_digest(m_folder);
    write_file(m_folder / k_manifest_digest, as_bytes(fmt::format("{}  {}\n", to_hex(digest), k_manifest)), Durability::fast,
               0600);
    return digest;
}

void ManifestWriter::write(std::string_view text) {
    m_out << text;
    if (!m_out) throw_errno(fmt::format("cannot write {}", printable((m_folder / k_manifest).string())), errno, Kind::io);
}

BackupHead read_manifest(fs::path const& folder, std::function<void(BackupFile const&)> const& take) {
    auto const file = folder / k_manifest;
    check_digest(folder);
    std::ifstream in{file};
    constexpr int k_depth_of_files = 2;  // {"files": [ {...} ]}
    bool is_in_files = false;
    auto const keep = [&](int depth, Json::parse_event_t event, Json& part) {
        if (depth == 1 && event == Json::parse_event_t::key) is_in_files = part == "files";
        if (depth != k_depth_of_files || event != Json::parse_event_t::object_end) return true;
        if (is_in_files) take(file_from(part));
        return false;
    };
    try {
        return head_from(Json::parse(in, keep));
    } catch (nlohmann::json::exception const& exception) {
        throw not_a_manifest(file, exception.what());
    } catch (std::invalid_argument const& exception) {
        throw not_a_manifest(file, exception.what());
    }
}

Sha256 manifest_digest(fs::path const& folder) {
    return stamp_of(folder / k_manifest).or_throw().digest;
}

}  // namespace bioctl::app
