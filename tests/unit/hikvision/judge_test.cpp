#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include <fmt/format.h>

#include "lib/hikvision/documents.hpp"

using namespace bioctl::hikvision;
using namespace std::chrono_literals;

namespace {

struct Known {
    std::string sub_status;
    unsigned error_code;
    Refusal refusal;
};

// Every refusal that the dossier lists.
std::vector<Known> const k_known{
    {"notSupport", 0x40000001, Refusal::unsupported},
    {"invalidOperation", 0x40000006, Refusal::unsupported},
    {"methodNotAllowed", 0x40000004, Refusal::unsupported},
    {"lowPrivilege", 0x40000002, Refusal::no_permission},
    {"badAuthorization", 0x40000003, Refusal::no_permission},
    {"notActivated", 0x40000007, Refusal::no_permission},
    {"loginPasswordError", 0x4000000C, Refusal::wrong_login},
    {"loginPasswordError", 0x60000061, Refusal::wrong_login},
    {"incorrentUserNameOrPassword", 0x60000012, Refusal::wrong_login},
    {"MaxPassword attempts", 0x40002090, Refusal::locked},
    {"userNameLocked", 0x40001A19, Refusal::locked},
    {"loginNumLimit", 0x40002135, Refusal::locked},
    {"forbiddenIP", 0x60000070, Refusal::no_permission},
    {"badXmlFormat", 0x50000001, Refusal::bad_request},
    {"badJsonFormat", 0x50000002, Refusal::bad_request},
    {"badURLFormat", 0x50000003, Refusal::bad_request},
    {"badParameters", 0x60000001, Refusal::bad_request},
    {"badXmlContent", 0x60000003, Refusal::bad_request},
    {"badJsonContent", 0x60000017, Refusal::bad_request},
    {"MessageParametersLack", 0x60000019, Refusal::bad_request},
    {"beyondARGSRangeLimit", 0x60000025, Refusal::bad_request},
    {"timeFormatError", 0x60000041, Refusal::bad_request},
    {"beyondTimeRangeLimit", 0x60006047, Refusal::bad_request},
    {"noSearchIDResource", 0x60001046, Refusal::search_lost},
    {"invalidSearchConditions", 0x6000001A, Refusal::search_lost},
    {"deviceBusy", 0x20000004, Refusal::busy},
    {"serviceUnavailable", 0x20000002, Refusal::busy},
    {"upgrading", 0x20000003, Refusal::busy},
    {"noMemory", 0x20000001, Refusal::busy},
    {"searchTimeout", 0x2000000E, Refusal::busy},
    {"deployExceedMax", 0x60006018, Refusal::busy},
    {"employeeNoNotExist", 0x6000601F, Refusal::not_there},
    {"employeeNoAlreadyExist", 0x60006020, Refusal::already_there},
    {"illegalEmployeeNo", 0x60006036, Refusal::bad_request},
    {"deviceUserFull", 0x60007000, Refusal::full},
    {"deviceFaceFull", 0x60007001, Refusal::full},
    {"deviceUserAlreadyExist", 0x60007002, Refusal::already_there},
    {"deviceUserNotExist", 0x60007003, Refusal::not_there},
    {"deviceUserAlreadyExistFace", 0x60007004, Refusal::already_there},
    {"cardNoAlreadyExist", 0x60006033, Refusal::already_there},
    {"PicAnalysisNoTargetError", 0x60000036, Refusal::bad_photo},
    {"multipleFaceObjectError", 0x60000035, Refusal::bad_photo},
    {"SubpicAnalysisModelingError", 0x60000037, Refusal::bad_photo},
    {"picFormatError", 0x6000003B, Refusal::bad_photo},
    {"picResolutionInvalidError", 0x6000003C, Refusal::bad_photo},
    {"picSizeExceedError", 0x6000003D, Refusal::bad_photo},
    {"picSizeSmallError", 0x6000003E, Refusal::bad_photo},
    {"pictureFaceDetectZero", 0x6000604C, Refusal::bad_photo},
    {"faceTypeError", 0x6000604D, Refusal::bad_photo},
    {"pupilDistanceTooSmall", 0x6000603B, Refusal::bad_photo},
    {"faceDataLenShort", 0x6000603C, Refusal::bad_photo},
    {"faceLowQulity", 0x40006010, Refusal::bad_photo},
    {"faceResolutionOrRatioError", 0x40006011, Refusal::bad_photo},
    {"poorFaceQuality", 0x4000A007, Refusal::bad_photo},
    {"alreadyExistThisFace", 0x4000A008, Refusal::already_there},
    {"writeDatabaseError", 0x30000011, Refusal::other},
    {"rebootRequired", 0x70000001, Refusal::other},
    {"faceLibraryNumError", 0x6000002D, Refusal::full},
    {"faceLibDiskFull", 0x400020F4, Refusal::full},
};

std::string json_of(std::string const& sub_status, std::string const& error_code, int status_code = 6) {
    return fmt::format(R"({{"requestURL":"/ISAPI/x","statusCode":{},"statusString":"Invalid Content","subStatusCode":"{}",)"
                       R"("errorCode":{},"errorMsg":"major"}})",
                       status_code, sub_status, error_code);
}

std::string user_check(std::string const& inner) {
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?><userCheck version=\"2.0\" xmlns=\"http://www.isapi.org/ver20/XMLSchema\">"
           "<statusValue>401</statusValue><statusString>Unauthorized</statusString>" +
           inner + "</userCheck>";
}

}  // namespace

TEST_CASE("a body that says nothing is judged by the HTTP status alone", "[hikvision]") {
    for (std::string const body : {"", "<html><body><h1>Access Error: 401 Unauthorized</h1></body></html>", "not found",
                                   "{\"a\":", "[]", "{\"statusCode\":{},\"subStatusCode\":[]}"}) {
        CAPTURE(body);
        CHECK(judge(200, body).refusal == Refusal::none);
        CHECK(judge(204, body).refusal == Refusal::none);
        CHECK(judge(302, body).refusal == Refusal::other);
        CHECK(judge(400, body).refusal == Refusal::bad_request);
        CHECK(judge(401, body).refusal == Refusal::wrong_login);
        CHECK(judge(403, body).refusal == Refusal::no_permission);
        CHECK(judge(404, body).refusal == Refusal::unsupported);
        CHECK(judge(405, body).refusal == Refusal::unsupported);
        CHECK(judge(429, body).refusal == Refusal::busy);
        CHECK(judge(500, body).refusal == Refusal::other);
        CHECK(judge(501, body).refusal == Refusal::unsupported);
        CHECK(judge(503, body).refusal == Refusal::busy);
        CHECK_FALSE(judge(401, body).is_locked);
    }
}

TEST_CASE("every listed refusal is known by its word, in any case, and by its number, under HTTP 200 as well", "[hikvision]") {
    for (auto const& [word, code, refusal] : k_known) {
        CAPTURE(word);
        auto lower = word;
        for (auto& c : lower)
            c = static_cast<char>(std::tolower(c));
        for (int const http : {200, 400, 403, 500}) {
            CHECK(judge(http, json_of(word, "0")).refusal == refusal);
            CHECK(judge(http, json_of(lower, "0")).refusal == refusal);
            CHECK(judge(http, json_of("", std::to_string(code))).refusal == refusal);
            CHECK(judge(http, json_of("newWord", fmt::format("\"0x{:08X}\"", code))).refusal == refusal);
            auto const xml = fmt::format(
                "<ResponseStatus version=\"1.0\" xmlns=\"http://www.hikvision.com/ver10/XMLSchema\"><requestURL>/x</requestURL>"
                "<statusCode>6</statusCode><subStatusCode>{}</subStatusCode><errorCode>0x{:x}</errorCode></ResponseStatus>",
                word, code);
            CHECK(judge(http, xml).refusal == refusal);
        }
    }
}

TEST_CASE("the word of a refusal counts more than its number and its status", "[hikvision]") {
    CHECK(judge(404, json_of("deviceBusy", "1073741825", 4)).refusal == Refusal::busy);
    CHECK(judge(400, json_of("deviceUserAlreadyExist", "0", 4)).refusal == Refusal::already_there);
}

TEST_CASE("an unknown word is judged by the status code of the body", "[hikvision]") {
    CHECK(judge(200, json_of("newWord", "0", 2)).refusal == Refusal::busy);
    CHECK(judge(200, json_of("newWord", "0", 3)).refusal == Refusal::other);
    CHECK(judge(200, json_of("newWord", "0", 4)).refusal == Refusal::other);
    CHECK(judge(200, json_of("", "0", 4)).refusal == Refusal::unsupported);
    CHECK(judge(200, json_of("newWord", "0", 5)).refusal == Refusal::bad_request);
    CHECK(judge(200, json_of("newWord", "0", 7)).refusal == Refusal::other);
    CHECK(judge(401, json_of("newWord", "0", 4)).refusal == Refusal::wrong_login);
}

TEST_CASE("an answer that says OK is no refusal, unless its HTTP status is one", "[hikvision]") {
    auto const ok = R"({"statusCode":1,"statusString":"OK","subStatusCode":"ok"})";
    CHECK(judge(200, ok).refusal == Refusal::none);
    CHECK(judge(200, ok).status_code == 1);
    CHECK(judge(200, R"({"statusCode":0})").refusal == Refusal::none);
    CHECK(judge(503, ok).refusal == Refusal::busy);
    CHECK(judge(200, "<userCheck><statusValue>200</statusValue><statusString>OK</statusString></userCheck>").refusal ==
          Refusal::none);
    CHECK(judge(200, R"({"AcsEvent":{"responseStatusStrg":"OK"}})").refusal == Refusal::none);
}

TEST_CASE("what a refusal names is kept, and bounded", "[hikvision]") {
    auto const status = judge(400, json_of("MessageParametersLack", "1610612761"));
    CHECK(status.status_code == 6);
    CHECK(status.sub_status == "MessageParametersLack");
    CHECK(status.detail == "major");
    CHECK(judge(400, R"({"statusCode":6,"subStatusCode":"x","description":"too many"})").detail == "too many");
    CHECK(judge(400, json_of("x", "0").insert(1, "\"errorMsg\":\"" + std::string(100'000, 'e') + "\",")).detail.size() <= 210);
}

TEST_CASE("a lock is told by the whole word: unlock contains lock", "[hikvision]") {
    auto const with = [](std::string const& word) { return judge(401, user_check("<lockStatus>" + word + "</lockStatus>")); };
    for (auto const* word : {"lock", "locked", "Lock", "LOCKED", " lock "}) {
        CHECK(with(word).is_locked);
        CHECK(with(word).refusal == Refusal::locked);
    }
    for (auto const* word : {"unlock", "unlocked", "Unlock", "clock", ""}) {
        CHECK_FALSE(with(word).is_locked);
        CHECK(with(word).refusal == Refusal::wrong_login);
    }
}

TEST_CASE("the time until a lock opens and the tries that are left are read where they are said", "[hikvision]") {
    auto const locked =
        judge(401, user_check("<lockStatus>lock</lockStatus><unlockTime>111</unlockTime><retryLoginTime>0</retryLoginTime>"));
    CHECK(locked.is_locked);
    CHECK(locked.unlock_after == 111s);
    CHECK(locked.tries_left == 0);
    auto const open =
        judge(401, R"({"userCheck":{"statusValue":401,"lockStatus":"unlock","unlockTime":"0","retryLoginTime":"4"}})");
    CHECK_FALSE(open.is_locked);
    CHECK(open.tries_left == 4);
    CHECK(judge(401, user_check("<unlockTime>1800</unlockTime>")).is_locked);
    auto const silent = judge(401, user_check(""));
    CHECK(silent.refusal == Refusal::wrong_login);
    CHECK_FALSE(silent.unlock_after.has_value());
    CHECK_FALSE(silent.tries_left.has_value());
    CHECK_FALSE(judge(401, user_check("<unlockTime>-5</unlockTime><retryLoginTime>x</retryLoginTime>")).unlock_after.has_value());
}

TEST_CASE("a userCheck of 401 under HTTP 200 is a wrong login", "[hikvision]") {
    CHECK(judge(200, user_check("")).refusal == Refusal::wrong_login);
    CHECK(judge(200, user_check("<lockStatus>locked</lockStatus>")).refusal == Refusal::locked);
}
