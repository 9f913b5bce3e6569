#include <catch2/catch.hpp>

#include "tests/support/hik_sim/truth.hpp"
#include "tests/unit/hik_sim/support.hpp"

using namespace bioctl::hik_sim;
using namespace std::string_literals;

namespace {

/// The headers of a JPEG, and padding.
std::string jpeg(char frame = '\xc0', char luma = '\x22', std::size_t size = 4000) {
    auto text = "\xff\xd8\xff\xe0\x00\x04JF"s + "\xff"s + frame + "\x00\x11\x08\x01\x90\x01\x90\x03"s;
    text += "\x01"s + luma + "\x00\x02\x11\x01\x03\x11\x01"s + "\xff\xda"s;
    return text + std::string(size - text.size() - 2, 'x') + "\xff\xd9"s;
}

Json user(std::string const& number) {
    Json body;
    body["UserInfo"] = {{"employeeNo", number}, {"name", "Ana"}, {"userType", "normal"}, {"Valid", {{"enable", true}}}};
    return body;
}

Json put_face(Terminal& terminal, std::string const& number, std::string const& picture) {
    auto const json = R"({"faceLibType":"blackFD","FDID":"1","FPID":")" + number + "\"}";
    auto request = make_request("PUT", "/ISAPI/Intelligent/FDLib/FDSetUp?format=json",
                                "--b\r\nContent-Disposition: form-data; name=\"FaceDataRecord\"\r\n\r\n" + json +
                                    "\r\n--b\r\nContent-Disposition: form-data; name=\"img\"; filename=\"f.jpg\"\r\n\r\n" +
                                    picture + "\r\n--b--\r\n");
    request.headers.push_back({"Content-Type", "multipart/form-data; boundary=b"});
    return Json::parse(dispatch(terminal, request).body);
}

Json put_user(Terminal& terminal, std::string const& number) {
    return ask(terminal, "PUT", "/ISAPI/AccessControl/UserInfo/SetUp?format=json", user(number));
}

}  // namespace

TEST_CASE("pictures that terminals do not take are told apart", "[hik_sim]") {
    CHECK(inspect_face("") == FaceFault::not_a_jpeg);
    CHECK(inspect_face("\xff\xd8\xff") == FaceFault::too_short);
    CHECK(inspect_face("\xff\xd8\xff" + std::string(2000, '\0')) == FaceFault::not_a_jpeg);
    CHECK(inspect_face(jpeg('\xc0', '\x22', 210000)) == FaceFault::too_big);
    CHECK(inspect_face(jpeg('\xc2')) == FaceFault::not_baseline_420);
    CHECK(inspect_face(jpeg('\xc0', '\x11')) == FaceFault::not_baseline_420);
    CHECK(inspect_face(jpeg()) == FaceFault::none);
}

TEST_CASE("a face needs its person first, and a bad one keeps the old", "[hik_sim]") {
    auto terminal = make_terminal(0);
    CHECK(put_face(terminal, "7", jpeg())["subStatusCode"] == "deviceUserNotExist");
    CHECK(put_user(terminal, "7")["statusCode"] == 1);
    CHECK(put_face(terminal, "7", jpeg())["statusCode"] == 1);
    auto const refused = put_face(terminal, "7", jpeg('\xc0', '\x22', 210000));
    CHECK(refused["subStatusCode"] == "badJsonFormat");
    CHECK(refused["errorMsg"] == "faceURL");
    CHECK(Json::parse(truth_of_people(terminal))["face_bytes"] == 4000);
}

TEST_CASE("a full face library says so", "[hik_sim]") {
    auto terminal = make_terminal(0, "face-full");
    for (auto const* number : {"1", "2", "3", "4"})
        CHECK(put_user(terminal, number)["statusCode"] == 1);
    for (auto const* number : {"1", "2", "3"})
        CHECK(put_face(terminal, number, jpeg())["statusCode"] == 1);
    CHECK(put_face(terminal, "4", jpeg())["subStatusCode"] == "deviceFaceFull");
}

TEST_CASE("recording a person twice is refused, and modifying needs one", "[hik_sim]") {
    auto terminal = make_terminal(0, "no-set-up");
    CHECK(put_user(terminal, "7")["subStatusCode"] == "notSupport");
    auto const modify = [&] { return ask(terminal, "PUT", "/ISAPI/AccessControl/UserInfo/Modify?format=json", user("7")); };
    auto const record = [&] { return ask(terminal, "POST", "/ISAPI/AccessControl/UserInfo/Record?format=json", user("7")); };
    CHECK(modify()["subStatusCode"] == "employeeNoNotExist");
    CHECK(record()["statusCode"] == 1);
    CHECK(record()["subStatusCode"] == "employeeNoAlreadyExist");
    CHECK(modify()["statusCode"] == 1);
}

TEST_CASE("a deletion takes effect a while after its answer", "[hik_sim]") {
    Roster roster;
    Roster::Time const start{};
    roster.people()["7"] = {.user_info = "{}"};
    roster.start_deletion({"7", "absent"}, start);
    CHECK(roster.is_deleting(start));
    CHECK(roster.people().contains("7"));
    CHECK_FALSE(roster.is_deleting(start + std::chrono::seconds{1}));
    CHECK(roster.people().empty());
}
