#include "lib/app/people_import.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "lib/app/people_edit.hpp"
#include "lib/app/person_id.hpp"
#include "lib/base/file.hpp"
#include "lib/base/text.hpp"
#include "lib/palm/template.hpp"
#include "lib/store/people.hpp"

namespace bioctl::app {

namespace {

constexpr std::uint64_t k_max_npy_bytes = 64'000'000;
constexpr std::size_t k_max_line_bytes = 16'000'000;
// One fsync for this much; a kill costs no more than importing it again.
constexpr std::size_t k_batch_people = 64;
constexpr std::size_t k_batch_templates = 4'096;

/// The bits of the numbers, so that -0 and 0 differ and nothing is rounded.
std::string key_of(std::vector<double> const& values) {
    return std::string{as_text(std::as_bytes(std::span{values}))};
}

std::string key_of(store::Template const& row, std::vector<double> const& values) {
    return row.modality == store::Modality::palm ? std::string{as_text(row.code)} : key_of(values);
}

/// What a person has already, to tell new templates from known ones.
class KnownTemplates {
public:
    KnownTemplates(store::Store& store, std::string_view person_id, std::string_view contract) {
        for (auto const& t : store.templates().of_person(person_id)) {
            if (t.contract != contract && t.contract != palm::k_pipeline) continue;
            ++m_values[key_of(t, values_of(t))];
            if (t.photo) m_samples.emplace(t.modality, *t.photo, t.face_index);
        }
    }
    /// Each known template answers for one imported one, so that a vector that a file holds twice is kept twice.
    bool take(TransferTemplate const& t) {
        if (auto const found = m_values.find(key_of(t.row, t.values)); found != m_values.end() && found->second > 0) {
            --found->second;
            return true;
        }
        return t.row.photo && !m_samples.emplace(t.row.modality, *t.row.photo, t.row.face_index).second;
    }

private:
    std::map<std::string, int> m_values;
    std::set<std::tuple<store::Modality, Sha256, int>> m_samples;
};

/// Judges people, writes them in batches and reports each after its commit.
class Importer {
public:
    Importer(Workspace const& workspace, Mode mode, ImportEvents const& events)
        : m_workspace(workspace), m_contract(workspace.models.contract()), m_mode(mode), m_events(events) {}

    [[nodiscard]] face::Contract const& contract() const { return m_contract; }

    void add(std::string file, std::size_t line, TransferPerson person) {
        auto refusal = judge(person);
        if (refusal) return refuse(std::move(file), line, std::move(person.person_id), *std::move(refusal));
        m_waiting_templates += person.templates.size();
        m_waiting.push_back({{std::move(file), line, person.person_id, Imported{}}, std::move(person)});
        flush_if_full();
    }
    void refuse(std::string file, std::size_t line, std::string person_id, Refusal refusal) {
        m_waiting.push_back({{std::move(file), line, std::move(person_id), std::move(refusal)}, {}});
        flush_if_full();
    }
    /// True when the caller wants to stop.
    bool stop() {
        m_summary.stopped_early = m_summary.stopped_early || (m_events.should_stop && m_events.should_stop());
        return m_summary.stopped_early;
    }
    ImportSummary finish() {
        flush();
        return m_summary;
    }

private:
    struct Waiting {
        ImportRecord record;
        TransferPerson person;
    };

    std::optional<Refusal> judge(TransferPerson& person) const {
        if (auto const ok = check_person_id(person.person_id); !ok) return Refusal{RefusalReason::bad_id, ok.error().message()};
        if (auto const ok = check_person_name(person.name); !ok) return Refusal{RefusalReason::bad_record, ok.error().message()};
        bool const has_faces =
            std::ranges::any_of(person.templates, [](auto const& t) { return t.row.modality == store::Modality::face; });
        if (has_faces && !is_comparable(person)) return Refusal{RefusalReason::other_contract, why_not_comparable(person)};
        for (std::size_t i = 0; i < person.templates.size(); ++i) {
            if (auto const why = why_unusable(person.templates[i]); !why.empty())
                return Refusal{RefusalReason::bad_vector, fmt::format("template {} {}", i + 1, why)};
        }
        return std::nullopt;
    }
    /// Fills the row of a face; "" if all is well.
    std::string why_unusable(TransferTemplate& t) const {
        if (t.row.modality == store::Modality::palm) {
            auto const palm = palm::from_bytes(t.row.code);
            return palm ? std::string{} : fmt::format("is no palm: {}", palm.error().message());
        }
        auto const ok = set_values(t.row, t.values, t.precision, m_contract.dimensions);
        return ok ? std::string{} : ok.error().message();
    }
    [[nodiscard]] bool is_comparable(TransferPerson const& person) const {
        if (person.contract == m_contract.id) return true;
        return !person.space.empty() && person.space == m_contract.space;
    }
    [[nodiscard]] std::string why_not_comparable(TransferPerson const& person) const {
        if (person.contract.empty() && person.space.empty())
            return "says neither 'contract' nor 'space', so nothing may be compared with it";
        return fmt::format(
            "is of contract '{}' and space '{}', not of the active '{}' and '{}'; `bioctl models use` the model it "
            "was made with, or enrol from photos",
            printable(person.contract), printable(person.space), m_contract.id, m_contract.space);
    }

    void flush_if_full() {
        if (m_waiting.size() >= k_batch_people || m_waiting_templates >= k_batch_templates) flush();
    }
    void flush() {
        auto const work = [&] {
            for (auto& waiting : m_waiting) {
                if (auto* imported = std::get_if<Imported>(&waiting.record.outcome)) *imported = store_person(waiting.person);
            }
        };
        if (m_mode == Mode::dry_run) {
            m_workspace.store.read(work);
        } else if (!m_waiting.empty()) {
            m_workspace.store.write(work);
        }
        for (auto const& waiting : m_waiting)
            report(waiting.record);
        m_waiting.clear();
        m_waiting_templates = 0;
    }
    Imported store_person(TransferPerson const& person) {
        auto const now = m_workspace.clock.now();
        auto& store = m_workspace.store;
        Imported imported;
        KnownTemplates known{store, person.person_id, m_contract.id};
        if (m_mode == Mode::write) store.people().upsert(person.person_id, person.name, now);
        for (auto const& t : person.templates) {
            if (known.take(t)) {
                ++imported.unchanged;
                continue;
            }
            ++imported.added;
            if (m_mode == Mode::dry_run) continue;
            auto row = t.row;
            row.person_id = person.person_id;
            row.contract = row.modality == store::Modality::palm ? std::string{palm::k_pipeline} : m_contract.id;
            if (row.created_at == Timestamp{}) row.created_at = now;
            store.templates().add(row);
        }
        return imported;
    }
    void report(ImportRecord const& record) {
        if (auto const* imported = std::get_if<Imported>(&record.outcome)) {
            ++m_summary.people;
            m_summary.templates += imported->added;
            m_summary.unchanged += imported->unchanged;
        } else {
            ++m_summary.rejected;
        }
        if (m_events.on_record) m_events.on_record(record);
    }

    Workspace const& m_workspace;
    face::Contract m_contract;
    Mode m_mode;
    ImportEvents const& m_events;
    std::vector<Waiting> m_waiting;
    std::size_t m_waiting_templates = 0;
    ImportSummary m_summary;
};

TransferPerson person_from(match::NpyMatrix const& matrix, fs::path const& file) {
    TransferPerson person;
    person.person_id = file.stem().string();
    person.space = k_npy_space;
    for (std::size_t row = 0; row < matrix.rows; ++row) {
        TransferTemplate t;
        auto const first = matrix.values.begin() + static_cast<std::ptrdiff_t>(row * matrix.columns);
        t.values.assign(first, first + static_cast<std::ptrdiff_t>(matrix.columns));
        t.precision = matrix.precision;
        t.row.source = "npy:" + file.filename().string();
        person.templates.push_back(std::move(t));
    }
    return person;
}

/// The next line without its newline; false at the end. A longer line than the cap comes back cut, and one byte above it.
bool read_line(std::istream& input, std::string& line) {
    line.clear();
    auto& buffer = *input.rdbuf();
    bool any = false;
    for (int c = buffer.sbumpc(); c != std::char_traits<char>::eof(); c = buffer.sbumpc()) {
        any = true;
        if (c == '\n') return true;
        if (line.size() <= k_max_line_bytes) line += static_cast<char>(c);
    }
    return any;
}

void import_line(Importer& importer, std::string_view line, std::string_view name, std::size_t number) {
    std::string file{name};
    if (line.size() > k_max_line_bytes) {
        auto const detail = fmt::format("is longer than {}", human_size(k_max_line_bytes));
        return importer.refuse(std::move(file), number, {}, {RefusalReason::bad_record, detail});
    }
    auto person = from_json_line(line);
    if (!person) return importer.refuse(std::move(file), number, {}, {RefusalReason::bad_record, person.error().message()});
    for (auto& t : person->templates) {
        if (t.row.source.empty()) t.row.source = fmt::format("json:{}", name);
    }
    importer.add(std::move(file), number, *std::move(person));
}

}  // namespace

std::string_view name_of(RefusalReason reason) {
    switch (reason) {
        case RefusalReason::bad_id: return "bad_id";
        case RefusalReason::bad_record: return "bad_record";
        case RefusalReason::bad_vector: return "bad_vector";
        case RefusalReason::other_contract: return "other_contract";
        case RefusalReason::unreadable: return "unreadable";
    }
    throw Error{Kind::bug, "a RefusalReason without a name"};
}

std::vector<fs::path> npy_files(fs::path const& directory) {
    std::error_code error;
    std::vector<fs::path> files;
    for (fs::directory_iterator entry{directory, error}, end; !error && entry != end; entry.increment(error)) {
        if (entry->path().extension() == ".npy") files.push_back(entry->path());
    }
    auto const name = printable(directory.string());
    if (error) throw errno_error(fmt::format("{}: cannot read the folder", name), error.value(), Kind::no_input);
    if (files.empty()) {
        throw Error{Kind::no_input, fmt::format("{}: no .npy file; name the old service's data/embeddings folder", name)};
    }
    std::ranges::sort(files);
    return files;
}

ImportSummary import_npy(Workspace const& workspace, std::vector<fs::path> const& files, Mode mode, ImportEvents const& events) {
    Importer importer{workspace, mode, events};
    if (importer.contract().space != k_npy_space) {
        throw Error{Kind::data,
                    fmt::format("the active recogniser makes vectors of the space '{}', .npy files of the old services hold "
                                "'{}'; `bioctl models use faceapi-resnet` first, or enrol from photos",
                                importer.contract().space, k_npy_space)};
    }
    for (auto const& file : files) {
        if (importer.stop()) break;
        auto const name = file.filename().string();
        auto const content = read_file(file, k_max_npy_bytes);
        if (!content) {
            importer.refuse(name, 0, file.stem().string(), {RefusalReason::unreadable, content.error().message()});
            continue;
        }
        auto const matrix = match::parse_npy(*content);
        if (matrix) {
            importer.add(name, 0, person_from(*matrix, file));
        } else {
            importer.refuse(name, 0, file.stem().string(), {RefusalReason::bad_vector, matrix.error().message()});
        }
    }
    return importer.finish();
}

ImportSummary import_json(Workspace const& workspace, std::istream& input, std::string_view name, Mode mode,
                          ImportEvents const& events) {
    Importer importer{workspace, mode, events};
    std::string line;
    try {
        for (std::size_t number = 1; !importer.stop() && read_line(input, line); ++number) {
            if (!trim(line).empty()) import_line(importer, line, name, number);
        }
    } catch (std::ios_base::failure const& error) {
        throw Error{Kind::io, fmt::format("{}: cannot be read to its end: {}", printable(name), error.what())};
    }
    return importer.finish();
}

}  // namespace bioctl::app
