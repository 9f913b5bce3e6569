#include "lib/hikvision/roster.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "lib/base/text.hpp"
#include "lib/hikvision/tree.hpp"

namespace bioctl::hikvision {

using namespace std::chrono;

namespace {

constexpr std::size_t k_page = 30, k_most_people = 200'000, k_removed_at_once = 30;
constexpr milliseconds k_removal_step{200};
constexpr seconds k_removal_time{60};

constexpr auto k_user_info = "/ISAPI/AccessControl/UserInfo/";

bool is_refusal(Trouble const& trouble, Refusal refusal) {
    return trouble.what == Trouble::What::refused && trouble.status.refusal == refusal;
}

bool is_word(Trouble const& trouble, std::string_view sub_status) {
    return trouble.what == Trouble::What::refused && to_lower_ascii(trouble.status.sub_status) == sub_status;
}

std::string dumped(Json const& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// Without doorRight and RightPlan a person is stored but not admitted; the dates are the widest that firmware takes, without
/// offset.
std::string user_info(std::string const& employee_no, std::string const& name) {
    Json const json{
        {"UserInfo",
         {{"employeeNo", employee_no},
          {"name", name},
          {"userType", "normal"},
          {"Valid",
           {{"enable", true}, {"beginTime", "2000-01-01T00:00:00"}, {"endTime", "2037-12-31T23:59:59"}, {"timeType", "local"}}},
          {"doorRight", "1"},
          {"RightPlan", Json::array({{{"doorNo", 1}, {"planTemplateNo", "1"}}})}}}};
    return dumped(json);
}

Json list_of(std::vector<std::string> const& employee_nos) {
    auto list = Json::array();
    for (auto const& number : employee_nos)
        list.push_back({{"employeeNo", number}});
    return list;
}

std::vector<std::string> some_of(std::vector<std::string> const& all, std::size_t from, std::size_t most) {
    auto const end = std::min(all.size(), from + most);
    return {all.begin() + static_cast<std::ptrdiff_t>(from), all.begin() + static_cast<std::ptrdiff_t>(end)};
}

struct PhotoWord {
    std::string_view sub_status, meaning;
};

// Dossier, section 8. Lower case.
constexpr std::array k_photo_words{
    PhotoWord{"picanalysisnotargeterror", "the terminal finds no face in it"},
    PhotoWord{"picturefacedetectzero", "the terminal finds no face in it"},
    PhotoWord{"multiplefaceobjecterror", "the terminal sees several faces in it"},
    PhotoWord{"subpicanalysismodelingerror", "the terminal cannot make a model of this face; take it sharper, from the front"},
    PhotoWord{"picformaterror", "the terminal does not read this JPEG"},
    PhotoWord{"picresolutioninvaliderror", "the terminal does not take this size of picture"},
    PhotoWord{"picsizeexceederror", "the picture is too large for the terminal"},
    PhotoWord{"picsizesmallerror", "the picture is too small for the terminal; enrol a larger one"},
    PhotoWord{"facetypeerror", "the terminal does not take it for a face"},
    PhotoWord{"pupildistancetoosmall", "the face is too small for the terminal; enrol a larger photo"},
    PhotoWord{"facedatalenshort", "the picture is too small for the terminal; enrol a larger one"},
    PhotoWord{"facelowqulity", "the quality is too low for the terminal; take it sharper, in better light"},
    PhotoWord{"facelowquality", "the quality is too low for the terminal; take it sharper, in better light"},
    PhotoWord{"faceresolutionorratioerror", "the face is too small for the terminal, or its shape is odd"},
    PhotoWord{"poorfacequality", "the quality is too low for the terminal; take it sharper, in better light"},
    PhotoWord{"alreadyexistthisface", "the terminal knows this face under another number"},
};

/// Some firmware says that of a picture that is too large.
bool is_size_in_disguise(Trouble const& trouble) {
    return is_word(trouble, "badjsonformat") && to_lower_ascii(trouble.status.detail) == "faceurl";
}

}  // namespace

std::string_view explain_photo_refusal(Status const& status) {
    auto const word = to_lower_ascii(status.sub_status);
    auto const* const found = std::find_if(k_photo_words.begin(), k_photo_words.end(),
                                           [&](PhotoWord const& known) { return known.sub_status == word; });
    return found == k_photo_words.end() ? "" : found->meaning;
}

Outcome<net::Answer> Roster::call(net::Method method, std::string const& path, std::string const& json) {
    return m_terminal->call(method, path, json, json.empty() ? "" : "application/json");
}

/// Follows the pages of one search. Some firmware leaves out the list when nobody is found.
Outcome<void> Roster::search(std::vector<std::string> const& employee_nos, std::vector<PersonOnDevice>& found) {
    auto const path = fmt::format("{}Search?format=json", k_user_info);
    for (std::size_t position = 0;;) {
        Json condition{{"searchID", "bioctl"}, {"searchResultPosition", position}, {"maxResults", k_page}};
        if (!employee_nos.empty()) condition["EmployeeNoList"] = list_of(employee_nos);
        auto const answer = call(net::Method::post, path, dumped(Json{{"UserInfoSearchCond", std::move(condition)}}));
        if (!answer) return tl::unexpected{answer.error()};
        auto const page = read_root(answer->body, "UserInfoSearch");
        if (!page) return tl::unexpected{Trouble{Trouble::What::nonsense, {}, page.error().within(path)}};
        auto const& users = child(*page, "UserInfo");
        for (auto const& user : users) {
            auto const number = text_of(user, "employeeNo");
            if (!number.empty()) found.push_back({number, text_of(user, "name"), int_of(user, "numOfFace").value_or(0) > 0});
        }
        position += users.size();
        if (text_of(*page, "responseStatusStrg") != "MORE" || users.empty()) return {};
        // Also of people without a number: otherwise such a list has no end.
        if (position > k_most_people) {
            return tl::unexpected{
                Trouble{Trouble::What::nonsense,
                        {},
                        Error{Kind::protocol,
                              fmt::format("{}: lists more people than a terminal holds; restart it if this stays", path)}}};
        }
    }
}

Outcome<std::vector<PersonOnDevice>> Roster::list() {
    std::vector<PersonOnDevice> people;
    if (auto const done = search({}, people); !done) return tl::unexpected{done.error()};
    return people;
}

Outcome<std::vector<PersonOnDevice>> Roster::list(std::vector<std::string> const& employee_nos) {
    std::vector<PersonOnDevice> people;
    for (std::size_t i = 0; i < employee_nos.size(); i += k_page) {
        if (auto const done = search(some_of(employee_nos, i, k_page), people); !done) return tl::unexpected{done.error()};
    }
    return people;
}

Outcome<void> Roster::put_person(std::string const& employee_no, std::string const& name) {
    auto const body = user_info(employee_no, name);
    if (m_has_set_up) {
        auto const done = call(net::Method::put, fmt::format("{}SetUp?format=json", k_user_info), body);
        if (done) return {};
        if (!is_refusal(done.error(), Refusal::unsupported)) return tl::unexpected{done.error()};
        m_has_set_up = false;
    }
    auto const added = call(net::Method::post, fmt::format("{}Record?format=json", k_user_info), body);
    if (added) return {};
    if (!is_refusal(added.error(), Refusal::already_there)) return tl::unexpected{added.error()};
    return rename_person(employee_no, name);
}

Outcome<void> Roster::rename_person(std::string const& employee_no, std::string const& name) {
    Json const body{{"UserInfo", {{"employeeNo", employee_no}, {"name", name}}}};
    auto const done = call(net::Method::put, fmt::format("{}Modify?format=json", k_user_info), dumped(body));
    if (!done) return tl::unexpected{done.error()};
    return {};
}

Outcome<void> Roster::upload(std::string_view call, net::Method method, std::string const& employee_no, ByteView jpeg) {
    // The JSON part comes first and has no file name; the picture must have one.
    Json const about{{"faceLibType", "blackFD"}, {"FDID", "1"}, {"FPID", employee_no}};
    std::vector<net::FormPart> form;
    form.push_back({.name = "FaceDataRecord", .content_type = "application/json", .content = dumped(about)});
    form.push_back(
        {.name = "FaceImage", .file_name = "face.jpg", .content_type = "image/jpeg", .content = std::string{as_text(jpeg)}});
    auto const done =
        m_terminal->call_form(method, fmt::format("/ISAPI/Intelligent/FDLib/{}?format=json", call), std::move(form));
    if (done) return {};
    auto trouble = done.error();
    if (is_size_in_disguise(trouble)) trouble.status.refusal = Refusal::bad_photo;
    return tl::unexpected{std::move(trouble)};
}

Outcome<void> Roster::replace_face(std::string const& employee_no, ByteView jpeg) {
    if (m_has_face_set_up) {
        auto done = upload("FDSetUp", net::Method::put, employee_no, jpeg);
        if (done || !is_refusal(done.error(), Refusal::unsupported)) return done;
        m_has_face_set_up = false;
    }
    auto added = upload("FaceDataRecord", net::Method::post, employee_no, jpeg);
    bool const is_there =
        !added && is_refusal(added.error(), Refusal::already_there) && !is_word(added.error(), "alreadyexistthisface");
    return is_there ? upload("FDModify", net::Method::put, employee_no, jpeg) : added;
}

Outcome<void> Roster::put_face(std::string const& employee_no, ByteView jpeg) {
    auto done = replace_face(employee_no, jpeg);
    bool const is_stuck = !done && (is_word(done.error(), "writedatabaseerror") || is_word(done.error(), "savefacepic"));
    if (!is_stuck) return done;
    // Field advice: what is half there is in the way.
    if (auto removed = remove_face(employee_no); !removed) return removed;
    return replace_face(employee_no, jpeg);
}

Outcome<void> Roster::remove_face(std::string const& employee_no) {
    Json const body{{"FPID", Json::array({{{"value", employee_no}}})}};
    auto const done =
        call(net::Method::put, "/ISAPI/Intelligent/FDLib/FDSearch/Delete?format=json&FDID=1&faceLibType=blackFD", dumped(body));
    if (!done && !is_refusal(done.error(), Refusal::not_there)) return tl::unexpected{done.error()};
    return {};
}

Outcome<void> Roster::await_removal() {
    auto const end = steady_clock::now() + k_removal_time;
    while (steady_clock::now() < end) {
        auto const path = "/ISAPI/AccessControl/UserInfoDetail/DeleteProcess?format=json";
        auto const answer = call(net::Method::get, path, {});
        if (!answer && is_refusal(answer.error(), Refusal::busy)) {
            m_pause(k_removal_step);
            continue;
        }
        if (!answer) return tl::unexpected{answer.error()};
        auto const process = read_root(answer->body, "UserInfoDetailDeleteProcess");
        if (!process) return tl::unexpected{Trouble{Trouble::What::nonsense, {}, process.error().within(path)}};
        auto const status = to_lower_ascii(text_of(*process, "status"));
        if (status == "success") return {};
        if (status == "failed") {
            return tl::unexpected{Trouble{Trouble::What::refused,
                                          {.refusal = Refusal::other},
                                          Error{Kind::protocol, "the terminal has failed to remove people; try again"}}};
        }
        m_pause(k_removal_step);
    }
    return tl::unexpected{Trouble{Trouble::What::refused,
                                  {.refusal = Refusal::busy},
                                  Error{Kind::busy, "the terminal is still removing people after a minute; try again later"}}};
}

Outcome<void> Roster::remove_some(std::vector<std::string> const& employee_nos) {
    if (m_has_detail_delete) {
        // Mode "all" exists and is never sent: an empty list must not empty the terminal.
        Json const body{{"UserInfoDetail", {{"mode", "byEmployeeNo"}, {"EmployeeNoList", list_of(employee_nos)}}}};
        auto const begun = call(net::Method::put, "/ISAPI/AccessControl/UserInfoDetail/Delete?format=json", dumped(body));
        if (begun) return await_removal();
        if (!is_refusal(begun.error(), Refusal::unsupported)) return tl::unexpected{begun.error()};
        m_has_detail_delete = false;
    }
    Json const body{{"UserInfoDelCond", {{"EmployeeNoList", list_of(employee_nos)}}}};
    auto const done = call(net::Method::put, fmt::format("{}Delete?format=json", k_user_info), dumped(body));
    if (!done && !is_refusal(done.error(), Refusal::not_there)) return tl::unexpected{done.error()};
    return {};
}

Outcome<void> Roster::remove(std::vector<std::string> const& employee_nos) {
    for (std::size_t i = 0; i < employee_nos.size(); i += k_removed_at_once) {
        if (auto done = remove_some(some_of(employee_nos, i, k_removed_at_once)); !done) return done;
    }
    return {};
}

}  // namespace bioctl::hikvision
