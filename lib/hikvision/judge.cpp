// What a refusal means. Source: dossier, section 8 (vendor's error list; the words that terminals send) and section 1 (the body
// of a 401).

#include <algorithm>
#include <array>

#include "lib/base/text.hpp"
#include "lib/hikvision/documents.hpp"
#include "lib/hikvision/tree.hpp"

namespace bioctl::hikvision {

namespace {

constexpr std::size_t k_max_text = 200;
constexpr std::chrono::seconds k_longest_lock = std::chrono::hours{24 * 7};  // a larger number is none

struct KnownCode {
    std::string_view sub_status;  ///< letters and digits, lower case; "" = known by its number only
    std::int64_t error_code;      ///< 0 = known by its word only
    Refusal refusal;
};

constexpr std::array k_known_codes{
    KnownCode{"notsupport", 0x40000001, Refusal::unsupported},
    KnownCode{"methodnotallowed", 0x40000004, Refusal::unsupported},
    KnownCode{"invalidoperation", 0x40000006, Refusal::unsupported},
    KnownCode{"lowprivilege", 0x40000002, Refusal::no_permission},
    KnownCode{"badauthorization", 0x40000003, Refusal::no_permission},
    KnownCode{"notactivated", 0x40000007, Refusal::no_permission},
    KnownCode{"forbiddenip", 0x60000070, Refusal::no_permission},
    KnownCode{"loginpassworderror", 0x4000000C, Refusal::wrong_login},
    KnownCode{"loginpassworderror", 0x60000061, Refusal::wrong_login},
    KnownCode{"incorrentusernameorpassword", 0x60000012, Refusal::wrong_login},  // as the terminals spell it
    KnownCode{"incorrectusernameorpassword", 0x60000012, Refusal::wrong_login},
    KnownCode{"maxpasswordattempts", 0x40002090, Refusal::locked},
    KnownCode{"usernamelocked", 0x40001A19, Refusal::locked},
    KnownCode{"loginnumlimit", 0x40002135, Refusal::locked},
    KnownCode{"badxmlformat", 0x50000001, Refusal::bad_request},
    KnownCode{"badjsonformat", 0x50000002, Refusal::bad_request},
    KnownCode{"badurlformat", 0x50000003, Refusal::bad_request},
    KnownCode{"badparameters", 0x60000001, Refusal::bad_request},
    KnownCode{"badxmlcontent", 0x60000003, Refusal::bad_request},
    KnownCode{"badjsoncontent", 0x60000017, Refusal::bad_request},
    KnownCode{"messageparameterslack", 0x60000019, Refusal::bad_request},
    KnownCode{"beyondargsrangelimit", 0x60000025, Refusal::bad_request},
    KnownCode{"timeformaterror", 0x60000041, Refusal::bad_request},
    KnownCode{"beyondtimerangelimit", 0x60006047, Refusal::bad_request},
    KnownCode{"illegalemployeeno", 0x60006036, Refusal::bad_request},
    KnownCode{"nosearchidresource", 0x60001046, Refusal::search_lost},
    KnownCode{"invalidsearchconditions", 0x6000001A, Refusal::search_lost},
    KnownCode{"nomemory", 0x20000001, Refusal::busy},
    KnownCode{"serviceunavailable", 0x20000002, Refusal::busy},
    KnownCode{"upgrading", 0x20000003, Refusal::busy},
    KnownCode{"devicebusy", 0x20000004, Refusal::busy},
    KnownCode{"searchtimeout", 0x2000000E, Refusal::busy},
    KnownCode{"", 0x40001164, Refusal::busy},  // searchIsNotCompleted...
    KnownCode{"deployexceedmax", 0x60006018, Refusal::busy},
    KnownCode{"employeenonotexist", 0x6000601F, Refusal::not_there},
    KnownCode{"deviceusernotexist", 0x60007003, Refusal::not_there},
    KnownCode{"employeenoalreadyexist", 0x60006020, Refusal::already_there},
    KnownCode{"deviceuseralreadyexist", 0x60007002, Refusal::already_there},
    KnownCode{"deviceuseralreadyexistface", 0x60007004, Refusal::already_there},
    KnownCode{"cardnoalreadyexist", 0x60006033, Refusal::already_there},
    KnownCode{"alreadyexistthisface", 0x4000A008, Refusal::already_there},
    KnownCode{"deviceuserfull", 0x60007000, Refusal::full},
    KnownCode{"devicefacefull", 0x60007001, Refusal::full},
    KnownCode{"facelibrarynumerror", 0x6000002D, Refusal::full},
    KnownCode{"facelibdiskfull", 0x400020F4, Refusal::full},
    KnownCode{"multiplefaceobjecterror", 0x60000035, Refusal::bad_photo},
    KnownCode{"picanalysisnotargeterror", 0x60000036, Refusal::bad_photo},
    KnownCode{"subpicanalysismodelingerror", 0x60000037, Refusal::bad_photo},
    KnownCode{"picformaterror", 0x6000003B, Refusal::bad_photo},
    KnownCode{"picresolutioninvaliderror", 0x6000003C, Refusal::bad_photo},
    KnownCode{"picsizeexceederror", 0x6000003D, Refusal::bad_photo},
    KnownCode{"picsizesmallerror", 0x6000003E, Refusal::bad_photo},
    KnownCode{"picturefacedetectzero", 0x6000604C, Refusal::bad_photo},
    KnownCode{"facetypeerror", 0x6000604D, Refusal::bad_photo},
    KnownCode{"pupildistancetoosmall", 0x6000603B, Refusal::bad_photo},
    KnownCode{"facedatalenshort", 0x6000603C, Refusal::bad_photo},
    KnownCode{"facelowqulity", 0x40006010, Refusal::bad_photo},  // as the terminals spell it
    KnownCode{"facelowquality", 0x40006010, Refusal::bad_photo},
    KnownCode{"faceresolutionorratioerror", 0x40006011, Refusal::bad_photo},
    KnownCode{"poorfacequality", 0x4000A007, Refusal::bad_photo},
    KnownCode{"writedatabaseerror", 0x30000011, Refusal::other},
    KnownCode{"rebootrequired", 0x70000001, Refusal::other},
};

std::string letters_and_digits(std::string_view text) {
    std::string kept;
    for (char const c : to_lower_ascii(text)) {
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) kept += c;
    }
    return kept;
}

std::optional<Refusal> by_word(std::string_view sub_status) {
    auto const word = letters_and_digits(sub_status);
    if (word.empty()) return std::nullopt;
    if (word == "ok") return Refusal::none;
    auto const* const found = std::find_if(k_known_codes.begin(), k_known_codes.end(),
                                           [&](KnownCode const& known) { return known.sub_status == word; });
    if (found == k_known_codes.end()) return std::nullopt;
    return found->refusal;
}

std::optional<Refusal> by_number(std::int64_t error_code) {
    auto const* const found = std::find_if(k_known_codes.begin(), k_known_codes.end(),
                                           [&](KnownCode const& known) { return known.error_code == error_code; });
    if (found == k_known_codes.end()) return std::nullopt;
    return found->refusal;
}

/// For words we do not know. An unknown reason of "invalid operation" does not mean that the operation will never be taken.
std::optional<Refusal> by_status_code(Status const& status) {
    switch (status.status_code) {
        case 2: return Refusal::busy;
        case 4: return status.sub_status.empty() ? Refusal::unsupported : Refusal::other;
        case 5:
        case 6: return Refusal::bad_request;
        case 3:
        case 7: return Refusal::other;
        default: return std::nullopt;
    }
}

Refusal by_http_status(int http_status) {
    if (http_status >= 200 && http_status < 300) return Refusal::none;
    switch (http_status) {
        case 400: return Refusal::bad_request;
        case 401: return Refusal::wrong_login;
        case 403: return Refusal::no_permission;
        case 404:
        case 405:
        case 501: return Refusal::unsupported;
        case 408:
        case 429:
        case 502:
        case 503:
        case 504: return Refusal::busy;
        default: return Refusal::other;
    }
}

std::string bounded_text(Json const& object, std::string_view key) {
    return to_valid_utf8(text_of(object, key).substr(0, k_max_text));
}

/// <userCheck>: whether anybody may still log in. "unlock" contains "lock", so the whole word counts.
void read_lock(Json const& check, Status& status) {
    auto const word = to_lower_ascii(text_of(check, "lockStatus"));
    auto const unlock = number_of(check, "unlockTime");
    if (unlock && *unlock >= 0) status.unlock_after = std::min(std::chrono::seconds{*unlock}, k_longest_lock);
    if (auto const tries = int_of(check, "retryLoginTime"); tries && *tries >= 0) status.tries_left = *tries;
    status.is_locked = word == "lock" || word == "locked" || (word.empty() && unlock.value_or(0) > 0);
}

/// The object that holds the fields: the body itself, or within its only member.
Json const& fields_of(Json const& tree) {
    for (auto const* root : {"ResponseStatus", "userCheck"}) {
        if (tree.is_object() && tree.contains(root)) return child(tree, root);
    }
    return tree;
}

}  // namespace

Status judge(int http_status, std::string_view body) {
    Status status;
    bool const is_success = by_http_status(http_status) == Refusal::none;
    // Spares a page of events a second reading.
    auto const mentions = [&](std::string_view word) { return body.find(word) != std::string_view::npos; };
    if (is_success && !mentions("tatusCode") && !mentions("userCheck")) return status;
    auto const tree = read_tree(body).value_or(Json::object());
    auto const& fields = fields_of(tree);
    status.status_code = int_of(fields, "statusCode").value_or(0);
    status.sub_status = bounded_text(fields, "subStatusCode");
    status.detail = bounded_text(fields, "errorMsg");
    if (status.detail.empty()) status.detail = bounded_text(fields, "description");
    read_lock(fields, status);

    // userCheck repeats the HTTP status, and says 401 under HTTP 200 too.
    auto const http = is_success ? int_of(fields, "statusValue").value_or(http_status) : http_status;
    auto refusal = by_word(status.sub_status);
    if (!refusal) refusal = by_number(number_of(fields, "errorCode").value_or(-1));
    if (!refusal && http != 401) refusal = by_status_code(status);
    status.refusal = refusal.value_or(by_http_status(http));
    if (status.refusal == Refusal::none && !is_success) status.refusal = by_http_status(http);
    if (status.is_locked) status.refusal = Refusal::locked;
    if (status.refusal == Refusal::locked) status.is_locked = true;
    return status;
}

}  // namespace bioctl::hikvision
