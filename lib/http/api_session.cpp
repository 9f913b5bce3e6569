// Logging in with a name and a password: a cookie that scripts cannot read, and a token that other pages do not have.

#include <fmt/format.h>

#include "lib/app/accounts.hpp"
#include "lib/base/secret.hpp"
#include "lib/http/api.hpp"
#include "lib/http/families.hpp"
#include "lib/http/gate.hpp"

namespace bioctl::http {

namespace {

constexpr std::string_view k_login_schema =
    R"({"type":"object","required":["name","password"],"additionalProperties":false,"properties":{"name":{"type":"string"},"password":{"type":"string","format":"password"}}})";
constexpr std::string_view k_session_schema = R"({"$ref":"#/components/schemas/Session"})";
constexpr std::string_view k_problem_type = "application/problem+json";
constexpr std::string_view k_problem_schema = R"({"$ref":"#/components/schemas/Problem"})";

/// Strict: whatever the settings let pages of other origins do, they do not log anybody in or out.
std::optional<Reply> refuse_other_origins(Request const& request) {
    auto const origin = request.headers.get("origin");
    auto const site = request.headers.get("sec-fetch-site");
    bool const is_other = origin.empty() ? site == "cross-site" || site == "same-site" : !is_same_origin(request, origin);
    if (!is_other) return std::nullopt;
    return refuse({Refusal::forbidden, "logging in and out is for the pages of this server only"});
}

constexpr std::string_view k_password_schema =
    R"({"type":"object","required":["current","password"],"additionalProperties":false,"properties":{"current":{"type":"string","format":"password"},"password":{"type":"string","format":"password"}}})";

std::string cookie_of(Call const& call, std::string_view token, std::chrono::seconds age) {
    auto const& base = call.site.base_path;
    return fmt::format("{}={}; Path={}; Max-Age={}; HttpOnly; SameSite=Strict{}", k_session_cookie, token,
                       base.empty() ? "/" : base, age.count(), call.request.is_tls ? "; Secure" : "");
}

Json json_of(Call const& call, app::Principal const& who, std::string_view csrf_token, std::optional<Timestamp> expires_at) {
    auto scopes = Json::array();
    for (auto const scope : who.scopes)
        scopes.push_back(app::name_of(scope));
    Json role;
    if (who.kind == "account") {
        if (auto const account = call.desk->store().accounts().get(who.name)) role = account->role;
    }
    return {{"name", who.name},
            {"kind", who.kind},
            {"role", std::move(role)},
            {"scopes", std::move(scopes)},
            {"csrf_token", text_json(csrf_token)},
            {"expires_at", time_json(expires_at)}};
}

Reply session_reply(Call const& call, app::NewSession const& session) {
    auto reply = json_reply(json_of(call, session.principal, session.csrf_token, session.expires_at));
    reply.headers.add("Set-Cookie", cookie_of(call, session.token, app::k_session_longest));
    return reply;
}

Reply log_in(Call const& call) {
    if (auto refusal = refuse_other_origins(call.request)) return std::move(*refusal);
    // A form of another page can send anything but this.
    if (call.request.media_type() != "application/json")
        return refuse({Refusal::unsupported_type, "log in with a body of the type application/json"});
    Fields fields{call};
    app::Credentials credentials{
        .name = fields.required_text("name"), .password = fields.required_text("password"), .peer = call.request.client};
    fields.finish();
    auto const answer = app::login(call.desk->store(), call.desk->clock(), credentials);
    wipe(credentials.password);
    if (!answer.session) {
        auto const wait = static_cast<int>(answer.retry_after.count());
        if (wait > 0) return refuse({Refusal::too_many_requests, "too many failed logins; wait before the next", wait});
        return refuse({Refusal::wrong_credential, std::string{app::k_login_refused}});
    }
    // Whoever had this browser before is out.
    if (auto const before = call.request.cookie(k_session_cookie); !before.empty())
        app::logout(call.desk->store(), call.desk->clock(), before, call.request.client);
    return session_reply(call, *answer.session);
}

/// By its owner, who proves again who that is: a browser that was left open is not enough. Guesses are counted as those of
/// logins.
Reply change_password(Call const& call) {
    if (auto refusal = refuse_other_origins(call.request)) return std::move(*refusal);
    if (call.csrf_token.empty()) return refuse({Refusal::no_credential, "nobody is logged in"});  // a key has no password
    Fields fields{call};
    app::Credentials credentials{.name = call.who.name, .password = fields.required_text("current"), .peer = call.request.client};
    auto password = fields.required_text("password");
    fields.finish();
    auto& store = call.desk->store();
    if (auto const fits = app::check_password(credentials.name, password); !fits)
        return cannot_process("bad_password", fits.error().message());
    auto const proof = app::login(store, call.desk->clock(), credentials);
    wipe(credentials.password);
    if (!proof.session) {
        auto const wait = static_cast<int>(proof.retry_after.count());
        if (wait > 0) return refuse({Refusal::too_many_requests, "too many failed logins; wait before the next", wait});
        return cannot_process("wrong_password", "the current password is wrong");
    }
    app::set_password(store, call.desk->clock(), actor_of(call), credentials.name, password);  // ends all sessions
    credentials.password = std::move(password);
    auto const fresh = app::login(store, call.desk->clock(), credentials);
    wipe(credentials.password);
    if (!fresh.session) return refuse({Refusal::wrong_credential, "the password is changed; log in again"});
    return session_reply(call, *fresh.session);
}

Reply show(Call const& call) {
    if (call.who.name.empty()) return refuse({Refusal::no_credential, "nobody is logged in"});
    std::optional<Timestamp> expires_at;
    if (!call.csrf_token.empty()) {
        auto const session = app::session(call.desk->store(), call.desk->clock(), call.request.cookie(k_session_cookie));
        if (session) expires_at = session->expires_at;
    }
    return json_reply(json_of(call, call.who, call.csrf_token, expires_at));
}

Reply log_out(Call const& call) {
    if (auto refusal = refuse_other_origins(call.request)) return std::move(*refusal);
    if (call.csrf_token.empty()) return refuse({Refusal::no_credential, "nobody is logged in"});
    if (!constant_time_equal(call.csrf_token, call.request.headers.get("x-csrf-token")))
        return refuse({Refusal::forbidden, "the CSRF token is missing or wrong; load the page again"});
    app::logout(call.desk->store(), call.desk->clock(), call.request.cookie(k_session_cookie), call.request.client);
    auto reply = no_content();
    reply.headers.add("Set-Cookie", cookie_of(call, "", std::chrono::seconds{0}));
    return reply;
}

}  // namespace

void add_api_session(Routes& routes) {
    constexpr auto family = Family::api;
    Doc::Answer const nobody{401, "nobody is logged in", k_problem_type, k_problem_schema};
    // Without a scope: the checks are here. And no change in the sense of --readonly, which is about what the store is for.
    // Hashing a password takes its time and takes turns: not on the threads that everybody waits for.
    routes.add(
        {.family = family,
         .method = "POST",
         .pattern = "/api/v2/session",
         .work = Work::peer,
         .handle = log_in,
         .doc = {.summary = "Log in; sets the cookie bioctl_session",
                 .body = Doc::Body{"application/json", k_login_schema},
                 .answers = {
                     {200, "logged in; send csrf_token as X-CSRF-Token with each change", "application/json", k_session_schema},
                     {401, "the name or the password is wrong", k_problem_type, k_problem_schema},
                     {403, "of a page of another origin", k_problem_type, k_problem_schema},
                     {415, "the body is not application/json", k_problem_type, k_problem_schema},
                     {429, "too many failures; Retry-After says how long to wait", k_problem_type, k_problem_schema}}}});
    routes.add({.family = family,
                .method = "GET",
                .pattern = "/api/v2/session",
                .handle = show,
                .doc = {.summary = "Who am I?", .answers = {{200, "who asks", "application/json", k_session_schema}, nobody}}});
    routes.add({.family = family,
                .method = "DELETE",
                .pattern = "/api/v2/session",
                .handle = log_out,
                .doc = {.summary = "Log out; wants X-CSRF-Token", .answers = {{204, "logged out"}, nobody}}});
    routes.add(
        {.family = family,
         .method = "PUT",
         .pattern = "/api/v2/session/password",
         .work = Work::peer,
         .scope = app::Scope::read,  // which every role has
         .is_change = true,
         .handle = change_password,
         .doc = {.summary = "Change the own password; ends all other sessions, and wants X-CSRF-Token",
                 .body = Doc::Body{"application/json", k_password_schema},
                 .answers = {{200, "changed; this is the new session", "application/json", k_session_schema},
                             nobody,
                             {422, "`code` says which: wrong_password, bad_password", k_problem_type, k_problem_schema},
                             {429, "too many failures; Retry-After says how long to wait", k_problem_type, k_problem_schema}}}});
}

}  // namespace bioctl::http
