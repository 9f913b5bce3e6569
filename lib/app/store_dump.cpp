#include "lib/app/store_dump.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <istream>
#include <limits>
#include <ostream>
#include <system_error>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "lib/app/store_seal.hpp"
#include "lib/base/file.hpp"
#include "lib/base/file_copy.hpp"
#include "lib/base/text.hpp"
#include "lib/base/vault.hpp"
#include "lib/store/upkeep.hpp"

namespace bioctl::app {

namespace {

using Json = nlohmann::json;

constexpr int k_format = 1;
constexpr char const* k_secrets = "secret.key";
constexpr std::uint64_t k_largest_file = 100'000'000;
constexpr std::size_t k_longest_line = 200'000'000;

Json json_of(store::Cell const& cell) {
    if (auto const* const integer = std::get_if<std::int64_t>(&cell)) return *integer;
    if (auto const* const real = std::get_if<double>(&cell))
        return std::isfinite(*real) ? Json(*real) : Json{{"real", *real > 0 ? "inf" : "-inf"}};
    if (auto const* const text = std::get_if<std::string>(&cell))
        return is_utf8(*text) ? Json(*text) : Json{{"text_base64", to_base64(as_bytes(*text))}};
    if (auto const* const blob = std::get_if<Bytes>(&cell)) return {{"base64", to_base64(*blob)}};
    return nullptr;
}

store::Cell cell_of(Json const& json) {
    if (json.is_null()) return std::monostate{};
    if (json.is_number_integer()) return json.get<std::int64_t>();
    if (json.is_number_float()) return json.get<double>();
    if (json.is_string()) return json.get<std::string>();
    if (json.contains("base64")) return from_base64(json.at("base64").get<std::string>()).or_throw();
    if (json.contains("text_base64"))
        return std::string{as_text(from_base64(json.at("text_base64").get<std::string>()).or_throw())};
    auto const infinity = std::numeric_limits<double>::infinity();
    return json.at("real").get<std::string>() == "inf" ? infinity : -infinity;
}

class Writer {
public:
    Writer(DumpPlan const& plan, std::ostream& out) : m_plan(plan), m_out(out) {}

    DumpReport run(store::Store& store, Clock const& clock) {
        std::vector<std::string> files;
        m_report.schema_version = store.schema_version();
        store.read([&] {
            line({{"type", "store"},
                  {"format", k_format},
                  {"bioctl", m_plan.bioctl_version},
                  {"schema_version", m_report.schema_version},
                  {"moment", to_rfc3339(clock.now())}});
            store.upkeep().each_row(
                [&](store::DumpTable const& table) {
                    line({{"type", "table"}, {"name", table.name}, {"columns", table.columns}});
                },
                [&](std::span<store::Cell const> row) { add(row); });
            store.upkeep().each_file([&](store::FileUse const& use) {
                add_file("media/" + use.path);
                return true;
            });
        });
        add_file(k_secrets);
        auto const digest = to_hex(m_digest.finish());
        m_out << Json{{"type", "end"}, {"rows", m_report.rows}, {"files", m_report.files}, {"sha256", digest}}.dump() << '\n';
        if (!m_out.flush()) throw Error{Kind::io, "the export cannot be written; is the disk full?"};
        return m_report;
    }

private:
    void line(Json const& json) {
        auto const text = json.dump() + '\n';
        m_digest.add(as_bytes(text));
        if (!m_out.write(text.data(), static_cast<std::streamsize>(text.size())))
            throw Error{Kind::io, "the export cannot be written; is the disk full?"};
    }

    void add(std::span<store::Cell const> row) {
        auto json = Json::array();
        for (auto const& cell : row)
            json.push_back(json_of(cell));
        line(json);
        ++m_report.rows;
        go_on();
    }

    void add_file(std::string const& path) {
        auto const content = read_private(m_plan.data_dir, m_plan.data_dir / path, k_largest_file);
        if (!content && content.error().kind() != Kind::no_input) throw content.error();
        if (!content) {
            if (path != k_secrets) ++m_report.absent;
            return;
        }
        line({{"type", "file"}, {"path", path}, {"base64", to_base64(*content)}});
        ++m_report.files;
        go_on();
    }

    void go_on() const {
        if (!m_plan.go_on(m_report.rows, m_report.files)) throw Error{Kind::busy, "stopped; the export is not whole"};
    }

    DumpPlan const& m_plan;
    std::ostream& m_out;
    Sha256Stream m_digest;
    DumpReport m_report{};
};

/// Below media/, or the key of the secrets: whatever somebody wrote there.
bool is_ours(fs::path const& path) {
    if (path == k_secrets) return true;
    auto const is_odd = [](fs::path const& part) { return part == ".." || part == "." || part.empty(); };
    return path.is_relative() && *path.begin() == "media" && std::none_of(path.begin(), path.end(), is_odd);
}

class Reader {
public:
    Reader(Clock const& clock, DumpPlan const& plan, std::istream& in) : m_clock(clock), m_plan(plan), m_in(in) {}
    ~Reader() {
        std::error_code ignored;
        if (m_is_finished) return;
        for (auto const& file : m_files)
            fs::remove(file, ignored);
    }
    Reader(Reader const&) = delete;
    Reader& operator=(Reader const&) = delete;

    DumpReport run() {
        auto const target = m_plan.data_dir / "bioctl.db";
        if (store::Store::exists(target)) {
            throw Error{Kind::cannot_create,
                        fmt::format("{} is there already; import to a new folder, see --data-dir", printable(target.string()))};
        }
        make_private_folders(m_plan.data_dir);
        auto const lock = FileLock::try_acquire(m_plan.data_dir / "locks" / "import.lock");
        if (!lock) throw Error{Kind::busy, fmt::format("another import to {} is running", printable(m_plan.data_dir.string()))};
        require_alone(target);
        auto const draft = m_plan.data_dir / k_import_draft;
        std::error_code ignored;
        for (auto const suffix : store::k_companions)
            fs::remove(fs::path{draft} += suffix, ignored);  // of a run that was killed
        read(draft);
        check_paths(draft);
        // Never over a store that somebody has begun meanwhile.
        if (::link(draft.c_str(), target.c_str()) != 0)
            throw_errno(fmt::format("cannot make {}", printable(target.string())), errno, Kind::cannot_create);
        m_is_finished = true;
        fs::remove(draft, ignored);
        sync_folder(m_plan.data_dir);
        auto store = store::Store::open(target, {});
        record_after(store, m_clock, m_plan.actor, "store.import", "", {{"rows", fmt::format("{}", m_report.rows)}});
        return m_report;
    }

private:
    /// What is left of another store would be replayed over this one.
    static void require_alone(fs::path const& target) {
        for (auto const* const suffix : {"-wal", "-journal"}) {
            fs::path const rest = target.native() + suffix;
            if (!is_absent(rest)) {
                throw Error{Kind::cannot_create, fmt::format("{} is of another store; move it away, or import to a new folder",
                                                             printable(rest.string()))};
            }
        }
        std::error_code ignored;
        fs::remove(target.native() + "-shm", ignored);
        fs::remove(target, ignored);  // an empty one, see Store::exists()
    }

    /// Rows name files, and verbs delete and show what they name.
    void check_paths(fs::path const& draft) const {
        auto store = store::Store::open(draft, {});
        store.read([&] {
            store.upkeep().each_file([&](store::FileUse const& use) {
                if (!fs::path{use.path}.is_relative() || !is_ours("media/" + use.path))
                    throw Error{Kind::data, fmt::format("a row names {}, which is no file of a store; nothing was imported",
                                                        printable(use.path))};
                return true;
            });
        });
    }

    /// As std::getline(), but no further than any line of ours goes.
    bool next_line(std::string& text) {
        text.clear();
        std::array<char, 65536> piece{};
        while (m_in.getline(piece.data(), piece.size()), m_in.gcount() > 0 || !m_in.fail()) {
            bool const is_part = m_in.fail() && !m_in.eof();
            text.append(piece.data());
            if (!is_part) return true;
            m_in.clear();
            if (text.size() > k_longest_line) return true;
        }
        return !text.empty();
    }

    void read(fs::path const& draft) {
        std::string text;
        bool is_at_end = false;
        while (!is_at_end && next_line(text)) {
            ++m_line;
            if (text.size() > k_longest_line || m_in.eof()) throw bad("it is cut off");
            try {
                is_at_end = take(Json::parse(text), draft);
            } catch (Json::exception const&) {
                throw bad("not a line of `store export`");
            } catch (Error const& error) {
                throw error.kind() == Kind::data ? bad(error.message()) : Error{error};
            }
            m_digest.add(as_bytes(text));
            m_digest.add(as_bytes("\n"));
        }
        if (!is_at_end) throw bad("it is cut off: the last line, with the digest, is missing");
        m_loader->finish();
    }

    /// True behind the last line.
    bool take(Json const& json, fs::path const& draft) {
        if (json.is_array()) {
            add_row(json);
            return goes_on();
        }
        auto const& type = json.at("type");
        if (type != "store") static_cast<void>(loader());
        if (type == "store") {
            begin(json, draft);
        } else if (type == "table") {
            loader().begin_table({json.at("name").get<std::string>(), json.at("columns").get<std::vector<std::string>>()});
        } else if (type == "file") {
            add_file(json);
        } else if (type == "end") {
            auto digest = m_digest;  // of all lines before this one
            if (json.at("sha256") != to_hex(digest.finish()))
                throw Error{Kind::data, "it is not what was exported: its digest differs"};
            return true;
        } else {
            throw Error{Kind::data, "of a kind that this bioctl does not know"};
        }
        return goes_on();
    }

    /// False: not at the end yet.
    [[nodiscard]] bool goes_on() const {
        if (!m_plan.go_on(m_report.rows, m_report.files)) throw Error{Kind::busy, "stopped; nothing was imported"};
        return false;
    }

    void begin(Json const& json, fs::path const& draft) {
        if (m_loader || json.at("format") != k_format) throw Error{Kind::data, "of a format that this bioctl does not know"};
        m_report.schema_version = json.at("schema_version").get<int>();
        m_loader = std::make_unique<store::Loader>(draft, m_report.schema_version);
    }

    store::Loader& loader() {
        if (!m_loader) throw Error{Kind::data, "the first line is missing"};
        return *m_loader;
    }

    void add_row(Json const& json) {
        std::vector<store::Cell> row;
        for (auto const& cell : json)
            row.push_back(cell_of(cell));
        loader().add(row);
        ++m_report.rows;
    }

    void add_file(Json const& json) {
        fs::path const path = json.at("path").get<std::string>();
        if (!is_ours(path)) throw Error{Kind::data, fmt::format("{} is no file of a store", printable(path.string()))};
        auto const content = from_base64(json.at("base64").get<std::string>()).or_throw();
        auto const file = m_plan.data_dir / path;
        if (is_there(file, content)) {
            ++m_report.files;
            return;
        }
        m_files.push_back(file);
        if (path == k_secrets) {
            write_file(file, content, Durability::synced, 0600);
        } else {
            write_private(m_plan.data_dir, file, content);
        }
        ++m_report.files;
    }

    /// Of an import that was killed. Error{cannot_create} for other content.
    bool is_there(fs::path const& file, ByteView content) const {
        if (is_absent(file)) return false;
        auto const there = read_private(m_plan.data_dir, file, k_largest_file);
        if (there && std::ranges::equal(*there, content)) return true;
        throw Error{Kind::cannot_create,
                    fmt::format("{} is there already, and is another; import to a new folder", printable(file.string()))};
    }

    [[nodiscard]] Error bad(std::string_view why) const {
        return {Kind::data, fmt::format("line {}: {}; nothing was imported", m_line, why)};
    }

    Clock const& m_clock;
    DumpPlan const& m_plan;
    std::istream& m_in;
    std::unique_ptr<store::Loader> m_loader;
    Sha256Stream m_digest;
    std::vector<fs::path> m_files;
    std::uint64_t m_line = 0;
    bool m_is_finished = false;
    DumpReport m_report{};
};

}  // namespace

DumpReport export_store(store::Store& store, Clock const& clock, DumpPlan const& plan, std::ostream& out) {
    return Writer{plan, out}.run(store, clock);
}

DumpReport import_store(Clock const& clock, DumpPlan const& plan, std::istream& in) {
    return Reader{clock, plan, in}.run();
}

}  // namespace bioctl::app
