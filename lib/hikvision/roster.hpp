#pragma once
// The people on a terminal: read, written, removed. One write at a time; a person comes before the face. Source: dossier,
// section 7.

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/bytes.hpp"
#include "lib/hikvision/terminal.hpp"

namespace bioctl::hikvision {

/// What a terminal keeps of a person, and how many. All firmware seen has at least these.
inline constexpr std::size_t k_longest_employee_no = 32;
inline constexpr std::size_t k_longest_person_name = 128;
/// Terminals take JPEGs of at most 200 kB and answer with a misleading error beyond.
inline constexpr std::size_t k_largest_face_jpeg = 180'000;

struct PersonOnDevice {
    std::string employee_no{}, name{};
    bool has_face = false;
};

/// A refused face, in words for people: "no face is found in it", "it is too small"; "" if the terminal's word is not known.
[[nodiscard]] std::string_view explain_photo_refusal(Status const& status);

/// Works through a Terminal, which must outlive it; the same rules for threads.
class Roster {
public:
    /// `pause` sleeps; it may return early when it is time to stop.
    Roster(Terminal& terminal, std::function<void(std::chrono::milliseconds)> pause)
        : m_terminal(&terminal), m_pause(std::move(pause)) {}

    /// Everybody on the terminal, in its order.
    [[nodiscard]] Outcome<std::vector<PersonOnDevice>> list();
    /// Those of these numbers who are there.
    [[nodiscard]] Outcome<std::vector<PersonOnDevice>> list(std::vector<std::string> const& employee_nos);
    /// Adds a person who may pass the first door at any time. Of one who is there rights and dates are set anew.
    [[nodiscard]] Outcome<void> put_person(std::string const& employee_no, std::string const& name);
    /// Of somebody who is there: rights and dates that were set at the terminal stay.
    [[nodiscard]] Outcome<void> rename_person(std::string const& employee_no, std::string const& name);
    /// Adds or replaces the face of a person who is there. Refusal::bad_photo if the terminal cannot use the picture.
    [[nodiscard]] Outcome<void> put_face(std::string const& employee_no, ByteView jpeg);
    /// Removes these people with their faces, cards and fingerprints, and waits until it is done. Absent ones are no error.
    [[nodiscard]] Outcome<void> remove(std::vector<std::string> const& employee_nos);

private:
    [[nodiscard]] Outcome<void> search(std::vector<std::string> const& employee_nos, std::vector<PersonOnDevice>& found);
    [[nodiscard]] Outcome<void> upload(std::string_view call, net::Method method, std::string const& employee_no, ByteView jpeg);
    [[nodiscard]] Outcome<void> replace_face(std::string const& employee_no, ByteView jpeg);
    [[nodiscard]] Outcome<void> remove_face(std::string const& employee_no);
    [[nodiscard]] Outcome<void> remove_some(std::vector<std::string> const& employee_nos);
    [[nodiscard]] Outcome<void> await_removal();
    [[nodiscard]] Outcome<net::Answer> call(net::Method method, std::string const& path, std::string const& json);

    Terminal* m_terminal;
    std::function<void(std::chrono::milliseconds)> m_pause;
    // What this terminal was found not to know.
    bool m_has_set_up = true, m_has_face_set_up = true, m_has_detail_delete = true;
};

}  // namespace bioctl::hikvision
