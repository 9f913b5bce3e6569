#pragma once
// The search in the event log: what a client may ask, and what it finds. Dossier section 3.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/hik_sim/replies.hpp"

namespace bioctl::hik_sim {

constexpr std::uint64_t k_max_results = 30;

struct Condition {
    std::string search_id{};
    std::uint64_t position = 0;
    std::uint64_t max_results = k_max_results;
    std::uint64_t major = 0;  ///< 0: all
    std::uint64_t minor = 0;
    std::optional<WindowTime> start{};
    std::optional<WindowTime> end{};
    std::optional<std::int64_t> begin_serial{};
    std::optional<std::int64_t> end_serial{};
    std::string employee_no{};  ///< "" for all
    std::string name{};
    bool is_newest_first = false;
    bool wants_pictures = true;
};

struct Page {
    std::vector<Event const*> rows;
    std::uint64_t total = 0;  ///< of all pages
};

/// AcsEventCond. Throws Refusal with the error of the first thing that is wrong.
[[nodiscard]] Condition parse_condition(Terminal const& terminal, Json const& body);
/// AcsEventTotalNumCond: filters only.
[[nodiscard]] Condition parse_count_condition(Terminal const& terminal, Json const& body);

[[nodiscard]] Page find(Terminal const& terminal, Condition const& condition);

/// One item of InfoList.
[[nodiscard]] Json event_json(Terminal const& terminal, Event const& event);
/// Makes of rendered JSON what terminals with latin1-names and cut-names send.
[[nodiscard]] std::string spoil_names(std::string json, QuirkSet const& quirks);
/// The name of a person as the quirks want it, before spoil_names.
[[nodiscard]] std::string name_to_spoil(std::uint16_t person, QuirkSet const& quirks);

}  // namespace bioctl::hik_sim
