// Dossier section 5: pictures of events, and the faces that clients have put there.

#include <array>
#include <charconv>

#include <fmt/format.h>

#include "tests/support/hik_sim/replies.hpp"
#include "tests/support/hik_sim/routes.hpp"

namespace bioctl::hik_sim {

namespace {

using sim_http::Reply;
using sim_http::Request;

constexpr std::uint32_t k_spoil_every = 5;
constexpr std::size_t k_huge_bytes = 40 * 1024 * 1024;
constexpr std::string_view k_event_pictures = "/LOCALS/pic/acsLinkCap/", k_faces = "/LOCALS/pic/enrlFace/0/";

Reply jpeg(std::string body) {
    return {.content_type = "image/jpeg", .body = std::move(body)};
}

Reply event_picture(Terminal const& terminal, Event const& event) {
    auto bytes = picture_bytes(terminal.log.seed(), event.row);
    switch (picture_fault(terminal, event)) {
        case Quirk::pictures_expired:
        case Quirk::picture_404: return not_found();
        case Quirk::picture_truncated: return jpeg(bytes.substr(0, bytes.size() / 2));
        case Quirk::picture_empty: return jpeg("");
        case Quirk::picture_40mb: bytes.insert(bytes.size() / 2, std::string(k_huge_bytes, 'x')); break;
        default: break;
    }
    return jpeg(std::move(bytes));
}

Reply face(Terminal const& terminal, std::string_view path) {
    std::uint64_t number = 0;
    auto const digits = path.substr(k_faces.size());
    if (std::from_chars(digits.data(), digits.data() + digits.size(), number).ec != std::errc{}) return not_found();
    for (auto const& [employee_no, enrolled] : terminal.roster.people()) {
        if (--number == 0) return enrolled.face ? jpeg(*enrolled.face) : not_found();
    }
    return not_found();
}

}  // namespace

std::string face_path(std::size_t place) {
    return fmt::format("{}{:010}.jpg@WEB{:012}", k_faces, place, place);
}

Quirk picture_fault(Terminal const& terminal, Event const& event) {
    constexpr std::array k_spoiling{Quirk::picture_404, Quirk::picture_truncated, Quirk::picture_empty, Quirk::picture_40mb};
    if (terminal.are_pictures_gone) return Quirk::pictures_expired;
    auto const events = terminal.log.by_arrival();
    bool const is_old = event.row - events.front().row < events.size() / 2;
    if (is_old && terminal.quirks.has(Quirk::pictures_expired)) return Quirk::pictures_expired;
    if (event.row % k_spoil_every != 0) return Quirk::count;
    for (auto const quirk : k_spoiling) {
        if (terminal.quirks.has(quirk)) return quirk;
    }
    return Quirk::count;
}

Reply picture_reply(Terminal& terminal, Request const& request) {
    if (request.path.starts_with(k_faces)) return face(terminal, request.path);
    auto const row = row_of_picture(request.path);
    auto const* const event = row ? terminal.log.find_row(*row) : nullptr;
    if (event == nullptr || !event->has_picture || !request.path.starts_with(k_event_pictures)) return not_found();
    ++terminal.counters.pictures_served;
    return event_picture(terminal, *event);
}

}  // namespace bioctl::hik_sim
