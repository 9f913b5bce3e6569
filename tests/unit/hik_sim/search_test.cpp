#include <catch2/catch.hpp>

#include "tests/support/hik_sim/search.hpp"
#include "tests/unit/hik_sim/support.hpp"

using namespace bioctl::hik_sim;

namespace {

/// "subStatusCode/errorMsg" of a search that is refused.
std::string fault_of(Terminal& terminal, Json const& more) {
    auto const answer = search(terminal, more);
    return answer.value("subStatusCode", "") + '/' + answer.value("errorMsg", "");
}

std::string fault_without(Terminal& terminal, std::string const& name) {
    auto body = search_body();
    body["AcsEventCond"].erase(name);
    auto const answer = ask(terminal, "POST", "/ISAPI/AccessControl/AcsEvent?format=json", body);
    return answer.value("subStatusCode", "") + '/' + answer.value("errorMsg", "");
}

Json window(std::string const& offset) {
    return {{"startTime", "2026-09-01T07:00:00" + offset}, {"endTime", "2026-09-02T07:00:00" + offset}};
}

}  // namespace

TEST_CASE("bodies that are no search are refused as terminals do", "[hik_sim]") {
    auto terminal = make_terminal(5);
    auto const post = [&](std::string body) {
        auto const reply = dispatch(terminal, make_request("POST", "/ISAPI/AccessControl/AcsEvent?format=json", std::move(body)));
        CHECK(reply.status == 400);
        return Json::parse(reply.body)["subStatusCode"].get<std::string>();
    };
    CHECK(post("") == "badJsonFormat");
    CHECK(post("<AcsEventCond/>") == "badJsonFormat");
    CHECK(post("[]") == "badJsonFormat");
    CHECK(post("{}") == "MessageParametersLack");
    CHECK(post(R"({"AcsEventCond":1})") == "badJsonContent");
    std::string deep = R"({"AcsEventCond":)";
    CHECK(post(deep + std::string(100000, '[') + std::string(100000, ']') + "}") == "badJsonFormat");
}

TEST_CASE("what is missing or wrong in a search is named", "[hik_sim]") {
    auto terminal = make_terminal(5);
    for (std::string const name : {"searchID", "searchResultPosition", "maxResults", "major", "minor"})
        CHECK(fault_without(terminal, name) == "MessageParametersLack/" + name);
    CHECK(fault_of(terminal, {{"searchID", std::string(65, 'x')}}) == "badJsonContent/searchID");
    CHECK(fault_of(terminal, {{"searchResultPosition", -1}}) == "badJsonContent/searchResultPosition");
    CHECK(fault_of(terminal, {{"startTime", "yesterday"}}) == "timeFormatError/startTime");
    CHECK(fault_of(terminal, {{"beginSerialNo", 1}}) == "badJsonContent/endSerialNo");
    CHECK(fault_of(terminal, {{"beginSerialNo", 1}, {"endSerialNo", 4294967295}}) == "badJsonContent/endSerialNo");
    CHECK(search(terminal, {{"beginSerialNo", 1}, {"endSerialNo", 999999999}})["AcsEvent"]["totalMatches"] == 5);
}

TEST_CASE("firmware that refuses parts of a search refuses them", "[hik_sim]") {
    auto terminal = make_terminal(5, "refuse-major-0,cap-reject,refuse-serial-seek");
    CHECK(fault_of(terminal, {{"major", 0}}) == "badParameters/major");
    CHECK(fault_of(terminal, {{"major", 5}, {"maxResults", 31}}) == "badParameters/maxResults");
    CHECK(fault_of(terminal, {{"major", 5}, {"beginSerialNo", 1}, {"endSerialNo", 2}}) == "badJsonContent/beginSerialNo");
    auto refusing = make_terminal(5, "no-acs-event,errors-with-200");
    auto const reply =
        dispatch(refusing, make_request("POST", "/ISAPI/AccessControl/AcsEvent?format=json", search_body().dump()));
    CHECK(reply.status == 200);
    CHECK(Json::parse(reply.body)["subStatusCode"] == "notSupport");
}

TEST_CASE("a window in a foreign offset finds nothing, and no InfoList", "[hik_sim]") {
    auto terminal = make_terminal(5);
    auto const foreign = search(terminal, window("-04:00"))["AcsEvent"];
    CHECK(foreign["responseStatusStrg"] == "NO MATCH");
    CHECK_FALSE(foreign.contains("InfoList"));
    CHECK(search(terminal, window("+07:00"))["AcsEvent"]["totalMatches"] == 5);
    CHECK(search(terminal, window(""))["AcsEvent"]["totalMatches"] == 5);
    auto lenient = make_terminal(5, "any-offset,empty-list");
    CHECK(search(lenient, {{"startTime", "2026-09-01T00:00:00Z"}})["AcsEvent"]["totalMatches"] == 5);
    CHECK(search(lenient, {{"startTime", "2026-10-01T00:00:00Z"}})["AcsEvent"]["InfoList"].empty());
}

TEST_CASE("pages cover the log once, in the order of time, within the cap of the terminal", "[hik_sim]") {
    auto const quirks = GENERATE("none", "cap-10", "shuffled-serials");
    auto terminal = make_terminal(100, quirks);
    std::vector<std::int64_t> serials;
    std::string status = "MORE";
    while (status == "MORE") {
        auto const page = search(terminal, {{"searchResultPosition", serials.size()}, {"maxResults", 50}})["AcsEvent"];
        CHECK(page["numOfMatches"] <= (terminal.quirks.has(Quirk::cap_10) ? 10 : 30));
        for (auto const& item : page["InfoList"])
            serials.push_back(item["serialNo"].get<std::int64_t>());
        status = page["responseStatusStrg"];
    }
    CHECK(status == "OK");
    REQUIRE(serials.size() == 100);
    for (std::size_t i = 0; i < serials.size(); ++i)
        CHECK(serials[i] == terminal.log.by_time(i).serial);
}

TEST_CASE("filters and the reverse order hold over pages", "[hik_sim]") {
    auto terminal = make_terminal(200);
    auto const newest = search(terminal, {{"timeReverseOrder", true}, {"maxResults", 1}})["AcsEvent"];
    CHECK(newest["InfoList"][0]["serialNo"] == terminal.log.by_time(199).serial);
    auto const total = search(terminal, {{"major", 5}, {"minor", 75}})["AcsEvent"]["totalMatches"].get<int>();
    CHECK(total > 0);
    CHECK(total < 200);
    Json count;
    count["AcsEventTotalNumCond"] = {{"major", 5}, {"minor", 75}};
    auto const* const target = "/ISAPI/AccessControl/AcsEventTotalNum?format=json";
    CHECK(ask(terminal, "POST", target, count)["AcsEventTotalNum"]["totalNum"] == total);
    CHECK(ask(terminal, "POST", target, search_body())["errorMsg"] == "AcsEventTotalNumCond");
}

TEST_CASE("numbers of people come as text with their zeros, or as integers", "[hik_sim]") {
    std::uint16_t const padded = 3;
    CHECK(employee_no(padded, {}) == "0003");
    Event const event{.serial = 1, .time = k_first, .minor = 75, .person = padded, .major = 5};
    auto const terminal = make_terminal(0), older = make_terminal(0, "employee-no-int"),
               verbose = make_terminal(0, "empty-fields");
    CHECK(event_json(terminal, event)["employeeNoString"] == "0003");
    CHECK(event_json(older, event)["employeeNo"] == 3);
    CHECK_FALSE(event_json(terminal, event).contains("cardNo"));
    CHECK(event_json(verbose, event)["cardNo"] == "");
}

TEST_CASE("names can be Latin-1 or cut in a character", "[hik_sim]") {
    auto const latin1 = parse_quirks("latin1-names", 1), cut = parse_quirks("cut-names", 1);
    CHECK(spoil_names("José", latin1) == "Jos\xe9");
    CHECK(spoil_names(name_to_spoil(1, cut), cut) == person_name(1) + "\xc3");
    CHECK(spoil_names("José", {}) == "José");
}

TEST_CASE("a search without picEnable may answer with the pictures", "[hik_sim]") {
    auto terminal = make_terminal(5, "pic-multipart");
    auto body = search_body();
    body["AcsEventCond"].erase("picEnable");
    auto const reply = dispatch(terminal, make_request("POST", "/ISAPI/AccessControl/AcsEvent?format=json", body.dump()));
    CHECK(reply.content_type == "multipart/form-data; boundary=MIME_boundary");
    CHECK(reply.body.find("Content-Type: image/jpeg") != std::string::npos);
    CHECK(search(terminal)["AcsEvent"]["numOfMatches"] == 5);
}
