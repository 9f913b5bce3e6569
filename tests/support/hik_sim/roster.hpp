#pragma once
// The people and faces that a client has put on a terminal. Empty at first: who appears in the event log is another matter.
// Dossier section 7.

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bioctl::hik_sim {

struct Enrolled {
    std::string user_info;              ///< JSON, as the client wrote it
    std::optional<std::string> face{};  ///< JPEG
};

/// Why a terminal does not take a picture.
enum class FaceFault { none, not_a_jpeg, too_big, too_short, too_small, not_baseline_420 };

[[nodiscard]] FaceFault inspect_face(std::string_view jpeg);

class Roster {
public:
    using Time = std::chrono::steady_clock::time_point;

    [[nodiscard]] std::map<std::string, Enrolled, std::less<>>& people() { return m_people; }
    [[nodiscard]] std::map<std::string, Enrolled, std::less<>> const& people() const { return m_people; }
    [[nodiscard]] std::size_t faces() const;

    /// Takes effect a while later, as terminals do it.
    void start_deletion(std::vector<std::string> employee_nos, Time now);
    /// Carries out a deletion whose time has come; true while one is still running.
    bool is_deleting(Time now);

private:
    std::map<std::string, Enrolled, std::less<>> m_people;
    std::vector<std::string> m_doomed;
    Time m_deletion_ends;
};

}  // namespace bioctl::hik_sim
