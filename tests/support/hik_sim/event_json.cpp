#include <algorithm>

#include <fmt/format.h>

#include "tests/support/hik_sim/search.hpp"

namespace bioctl::hik_sim {

namespace {

// Stands for a byte that starts a character and is followed by none of its kind. From the private use area: in no name.
constexpr std::string_view k_cut_mark = "\xee\x80\x80";
constexpr char k_cut_byte = '\xc3';
constexpr int k_nesting = 30;

std::string picture_url(Terminal const& terminal, Event const& event) {
    auto const path = picture_path(event, terminal.clock);
    if (terminal.quirks.has(Quirk::relative_picture_url)) return path;
    if (terminal.quirks.has(Quirk::wrong_picture_host)) return "https://192.0.2.10" + path;
    return terminal.base_url + path;
}

void add_person(Json& item, Terminal const& terminal, Event const& event) {
    auto const number = employee_no(event.person, terminal.quirks);
    item["name"] = name_to_spoil(event.person, terminal.quirks);
    if (terminal.quirks.has(Quirk::employee_no_int)) {
        item["employeeNo"] = event.person == k_nobody ? 0 : std::stoi(number);
    } else {
        item["employeeNoString"] = number;
    }
}

/// What firmware that leaves nothing out sends for what is not there.
void add_empty_fields(Json& item) {
    for (auto const* text : {"cardNo", "name", "netUser", "remoteHostAddr", "MACAddr", "label", "QRCodeInfo", "pictureURL"})
        item.emplace(text, "");
    if (!item.contains("employeeNo")) item.emplace("employeeNoString", "");
    for (auto const* number : {"cardType", "cardReaderNo", "doorNo", "reportChannel", "verifyNo", "swipeCardType", "statusValue"})
        item.emplace(number, 0);
    item.emplace("attendanceStatus", "undefined");
    item.emplace("userType", "normal");
    item.emplace("currentVerifyMode", "invalid");
    item.emplace("mask", "unknown");
}

Json nested(int depth) {
    Json value = "bottom";
    for (int i = 0; i < depth; ++i)
        value = Json{{"inner", std::move(value)}};
    return value;
}

}  // namespace

std::string name_to_spoil(std::uint16_t person, QuirkSet const& quirks) {
    auto const name = person_name(person);
    return name.empty() || !quirks.has(Quirk::cut_names) ? name : name + std::string{k_cut_mark};
}

Json event_json(Terminal const& terminal, Event const& event) {
    Json item{{"major", event.major}, {"minor", event.minor}, {"time", terminal.clock.format(event.time)}};
    if (event.major == 5) {
        item["cardReaderNo"] = 1;
        item["doorNo"] = 1;
    }
    if (event.person != k_nobody) {
        item["cardType"] = 1;
        add_person(item, terminal, event);
        item["userType"] = "normal";
    }
    item["serialNo"] = event.serial;
    if (event.has_picture) {
        item["currentVerifyMode"] = "cardOrFaceOrFp";
        item["mask"] = "no";
        item["pictureURL"] = picture_url(terminal, event);
        item["FaceRect"] = {{"height", 0.3}, {"width", 0.2}, {"x", 0.4}, {"y", 0.3}};
    }
    if (terminal.quirks.has(Quirk::empty_fields)) add_empty_fields(item);
    if (terminal.quirks.has(Quirk::nested_json)) item["PersonInfoExtends"] = nested(k_nesting);
    return item;
}

std::string spoil_names(std::string json, QuirkSet const& quirks) {
    if (!quirks.has(Quirk::latin1_names) && !quirks.has(Quirk::cut_names)) return json;
    std::string spoilt;
    for (std::size_t i = 0; i < json.size(); ++i) {
        auto const lead = static_cast<unsigned char>(json[i]);
        if (json.compare(i, k_cut_mark.size(), k_cut_mark) == 0) {
            spoilt += k_cut_byte;
            i += k_cut_mark.size() - 1;
        } else if (quirks.has(Quirk::latin1_names) && (lead == 0xc2 || lead == 0xc3) && i + 1 < json.size()) {
            auto const next = static_cast<unsigned char>(json[++i]);
            spoilt += static_cast<char>((lead & 3U) << 6U | (next & 0x3fU));
        } else {
            spoilt += json[i];
        }
    }
    return spoilt;
}

}  // namespace bioctl::hik_sim
