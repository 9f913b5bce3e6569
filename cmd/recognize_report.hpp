#pragma once
// The records of `bioctl recognize`, and the exit code they add up to.

#include <optional>

#include "cmd/context.hpp"
#include "lib/app/picture_folder.hpp"
#include "lib/app/recognize.hpp"

namespace bioctl::cmd {

class RecognizeReport {
public:
    /// modality: as --modality. top: candidates are shown if it is more than one. expected: the number of calls of add() and
    /// add_failure() to come.
    RecognizeReport(Context& cx, std::string const& modality, std::size_t top, std::size_t expected);

    /// picture: where the annotated photo was written.
    void add(app::PhotoSource const& source, app::RecognizedPhoto const& photo, std::optional<fs::path> const& picture);
    /// Something named that could not be looked at.
    void add_failure(fs::path const& path, image::Failure const& failure);

    [[nodiscard]] std::size_t photos() const { return m_photos; }  ///< added so far

    /// 0 somebody is known, 1 nobody is (with fail_unknown: or not all are), 3 some photos could not be read.
    /// Throws the Error of the failure if none could.
    [[nodiscard]] int exit_code(bool fail_unknown) const;

private:
    /// A face or a palm; `own` are the fields that only the one or the other has.
    void tell_somebody(std::string_view type, app::RecognizedPhoto const& photo, app::Identity const& identity, ui::Fields own,
                       std::optional<fs::path> const& picture);
    void tell_nobody(app::RecognizedPhoto const& photo);

    Context& m_cx;
    std::size_t m_top, m_expected;
    std::size_t m_photos = 0, m_failures = 0;
    std::size_t m_looked_at = 0, m_known = 0, m_unknown = 0, m_empty = 0;
    std::optional<Error> m_first_failure;
};

}  // namespace bioctl::cmd
