#include "tests/support/hik_sim/truth.hpp"

#include <algorithm>

#include "lib/base/bytes.hpp"
#include "tests/support/hik_sim/replies.hpp"
#include "tests/support/hik_sim/routes.hpp"
#include "tests/support/hik_sim/search.hpp"

namespace bioctl::hik_sim {

namespace {

Json text_or_null(std::string const& text) {
    return text.empty() ? Json{} : Json(text);
}

Json fault_or_null(Quirk fault) {
    for (auto const& info : all_quirks()) {
        if (info.quirk == fault) return std::string{info.name};
    }
    return nullptr;
}

/// The bytes of the name as sent, in hex, where they are not the name in UTF-8.
Json sent_name(std::uint16_t person, QuirkSet const& quirks) {
    auto const sent = spoil_names(name_to_spoil(person, quirks), quirks);
    return sent == person_name(person) ? Json{} : Json(to_hex(as_bytes(sent)));
}

Json line_of(Terminal const& terminal, Event const& event) {
    Json line{{"type", "event"},
              {"device", terminal.identity.name},
              {"serial", event.serial},
              {"epoch", terminal.log.epoch()},
              {"time", terminal.clock.format(event.time)},
              {"major", event.major},
              {"minor", event.minor},
              {"employee_no", text_or_null(employee_no(event.person, terminal.quirks))},
              {"name", text_or_null(person_name(event.person))},
              {"name_sent_hex", sent_name(event.person, terminal.quirks)}};
    if (!event.has_picture) {
        line.update({{"picture", nullptr}, {"picture_sha256", nullptr}, {"picture_bytes", nullptr}, {"picture_fault", nullptr}});
        return line;
    }
    auto const bytes = picture_bytes(terminal.log.seed(), event.row);
    line["picture"] = picture_path(event, terminal.clock);
    line["picture_sha256"] = to_hex(sha256(as_bytes(bytes)));
    line["picture_bytes"] = bytes.size();
    line["picture_fault"] = fault_or_null(picture_fault(terminal, event));
    return line;
}

}  // namespace

std::string truth_of_events(Terminal const& terminal) {
    std::string lines;
    for (std::size_t i = 0; i < terminal.log.size(); ++i)
        lines += line_of(terminal, terminal.log.by_time(i)).dump() + '\n';
    return lines;
}

std::string truth_of_people(Terminal& terminal) {
    static_cast<void>(terminal.roster.is_deleting(std::chrono::steady_clock::now()));
    std::string lines;
    for (auto const& [number, enrolled] : terminal.roster.people()) {
        Json line{{"type", "person"}, {"device", terminal.identity.name}, {"employee_no", number}};
        line["user_info"] = Json::parse(enrolled.user_info);
        line["face_sha256"] = enrolled.face ? Json(to_hex(sha256(as_bytes(*enrolled.face)))) : Json{};
        line["face_bytes"] = enrolled.face ? Json(enrolled.face->size()) : Json{};
        lines += line.dump() + '\n';
    }
    return lines;
}

}  // namespace bioctl::hik_sim
