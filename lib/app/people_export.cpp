#include "lib/app/people_export.hpp"

#include <algorithm>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <memory>

#include <fmt/format.h>

#include "lib/base/file.hpp"
#include "lib/base/partial_file.hpp"
#include "lib/base/text.hpp"
#include "lib/palm/template.hpp"
#include "lib/store/people.hpp"

namespace bioctl::app {

namespace {

constexpr unsigned k_private = 0600;  // vectors identify people

TransferPerson transfer(store::Store& store, store::Person const& person, face::Contract const& contract,
                        ExportSummary& summary) {
    TransferPerson out{person.id, person.name, contract.id, contract.space, {}};
    for (auto& row : store.templates().of_person(person.id)) {
        bool const is_palm = row.modality == store::Modality::palm;
        if (row.contract != (is_palm ? palm::k_pipeline : std::string_view{contract.id})) {
            ++summary.left_out;
            continue;
        }
        if (is_palm && !palm::from_bytes(row.code)) {
            ++summary.damaged;
            continue;
        }
        auto const precision = row.double_precision ? match::Precision::float64 : match::Precision::float32;
        auto values = is_palm ? std::vector<double>{} : values_of(row);
        out.templates.push_back({std::move(values), precision, std::move(row)});
    }
    return out;
}

/// Everybody by id, on one snapshot.
ExportSummary for_each_person(Workspace const& workspace, std::function<void(TransferPerson&)> const& visit) {
    ExportSummary summary;
    auto const contract = workspace.models.contract();
    workspace.store.read([&] {
        for (auto const& person : workspace.store.people().list()) {
            auto out = transfer(workspace.store, person, contract, summary);
            visit(out);
            summary.templates += out.templates.size();
        }
    });
    return summary;
}

/// Takes the palms out, for .npy files hold faces only; returns how many they were.
std::size_t without_palms(TransferPerson& person) {
    return std::erase_if(person.templates, [](auto const& t) { return t.row.modality == store::Modality::palm; });
}

match::NpyMatrix matrix_of(TransferPerson const& person) {
    match::NpyMatrix matrix;
    matrix.precision = match::Precision::float32;
    for (auto const& t : person.templates) {
        ++matrix.rows;
        matrix.columns = t.values.size();
        matrix.values.insert(matrix.values.end(), t.values.begin(), t.values.end());
        if (t.precision == match::Precision::float64) matrix.precision = match::Precision::float64;
    }
    return matrix;
}

void refuse_existing(fs::path const& file) {
    std::error_code error;
    if (!fs::exists(fs::symlink_status(file, error))) return;
    throw Error{Kind::cannot_create,
                fmt::format("{} is there already; choose another place or use --force", printable(file.string()))};
}

/// A new file that gets its name only when it is complete.
class PendingFile {
public:
    explicit PendingFile(fs::path const& target) : m_target(target), m_temporary(partial_of(target)) {
        remove_partial_rests(target);
        int const fd = open(m_temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, k_private);
        if (fd < 0) throw why_not_made(errno_error(printable(m_target.string()), errno, Kind::cannot_create));
        m_file = fdopen(fd, "w");
    }
    PendingFile(PendingFile const&) = delete;
    PendingFile& operator=(PendingFile const&) = delete;
    ~PendingFile() {
        if (!m_file) return;
        std::fclose(m_file);
        unlink(m_temporary.c_str());
    }
    void write(std::string_view text) {
        if (std::fwrite(text.data(), 1, text.size(), m_file) != text.size()) fail();
    }
    void commit() {
        if (std::fflush(m_file) != 0 || fsync(fileno(m_file)) != 0) fail();
        if (std::rename(m_temporary.c_str(), m_target.c_str()) != 0) fail();
        std::fclose(std::exchange(m_file, nullptr));
    }

private:
    static Error why_not_made(Error const& error) {
        if (error.kind() != Kind::no_input) return error;
        return Error{Kind::cannot_create, error.message() + "; make the folder first"};
    }
    [[noreturn]] void fail() const { throw_errno(printable(m_target.string()), errno, Kind::io); }

    fs::path m_target, m_temporary;
    std::FILE* m_file = nullptr;
};

}  // namespace

ExportSummary export_npy(Workspace const& workspace, fs::path const& directory, Overwrite overwrite,
                         std::function<void(ExportedFile const&)> const& on_file) {
    auto const file_of = [&](TransferPerson const& person) { return directory / (person.person_id + ".npy"); };
    if (overwrite == Overwrite::no) {
        for_each_person(workspace, [&](TransferPerson& person) {
            without_palms(person);
            if (!person.templates.empty()) refuse_existing(file_of(person));
        });
    }
    std::size_t people = 0, palms = 0;
    auto summary = for_each_person(workspace, [&](TransferPerson& person) {
        palms += without_palms(person);
        if (person.templates.empty()) return;
        auto const matrix = matrix_of(person);
        auto const file = file_of(person);
        write_file(file, match::write_npy(matrix), Durability::fast, k_private);
        ++people;
        if (on_file) on_file({person.person_id, file, matrix.rows, matrix.precision});
    });
    summary.people = people;
    summary.palms_left_out = palms;
    return summary;
}

ExportSummary export_json(Workspace const& workspace, std::function<void(std::string_view line)> const& sink) {
    std::size_t people = 0;
    auto summary = for_each_person(workspace, [&](TransferPerson const& person) {
        sink(to_json_line(person));
        ++people;
    });
    summary.people = people;
    return summary;
}

ExportSummary export_json_file(Workspace const& workspace, fs::path const& file, Overwrite overwrite) {
    if (overwrite == Overwrite::no) refuse_existing(file);
    PendingFile pending{file};
    auto const summary = export_json(workspace, [&](std::string_view line) {
        pending.write(line);
        pending.write("\n");
    });
    pending.commit();
    return summary;
}

}  // namespace bioctl::app
