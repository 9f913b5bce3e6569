#include "lib/http/route.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "lib/base/brief.hpp"
#include "lib/base/causes.hpp"
#include "lib/base/text.hpp"
#include "lib/http/problem.hpp"

namespace bioctl::http {

namespace {

bool is_parameter(std::string_view part) {
    return part.size() > 2 && part.front() == '{' && part.back() == '}';
}

bool is_rest(std::string_view part) {
    return is_parameter(part) && part.ends_with("...}");
}

std::string name_in(std::string_view part) {
    auto const dots = is_rest(part) ? std::size_t{3} : 0;
    return std::string{part.substr(1, part.size() - 2 - dots)};
}

std::string joined(std::vector<std::string> const& parts, std::size_t from) {
    std::string text;
    for (std::size_t i = from; i < parts.size(); ++i) {
        if (i > from) text += '/';
        text += parts[i];
    }
    return text;
}

std::optional<std::vector<std::pair<std::string, std::string>>> match_parts(std::vector<std::string> const& parts,
                                                                            std::vector<std::string> const& segments) {
    std::vector<std::pair<std::string, std::string>> parameters;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (is_rest(parts[i])) {
            parameters.emplace_back(name_in(parts[i]), joined(segments, i));
            return parameters;
        }
        if (i >= segments.size()) return std::nullopt;
        if (is_parameter(parts[i])) {
            if (segments[i].empty()) return std::nullopt;
            parameters.emplace_back(name_in(parts[i]), segments[i]);
        } else if (parts[i] != segments[i]) {
            return std::nullopt;
        }
    }
    if (parts.size() != segments.size()) return std::nullopt;
    return parameters;
}

/// A handler that is not called for a query with a parameter that the documentation does not name: whoever asks for a rehearsal
/// that there is not (DELETE ...?dry_run=true) must not get the real thing.
Handler with_known_parameters(Handler handle, Doc const& doc) {
    std::vector<std::string_view> names;
    for (auto const& parameter : doc.parameters) {
        if (parameter.in == "query") names.push_back(parameter.name);
    }
    return [handle = std::move(handle), names = std::move(names)](Call const& call) {
        for (auto const& [name, value] : call.request.target.query) {
            if (std::ranges::find(names, name) != names.end()) continue;
            throw Error{Kind::usage,
                        fmt::format("there is no parameter '{}' here; there are: {}", brief(name),
                                    names.empty() ? std::string{"none"} : fmt::format("{}", fmt::join(names, ", ")))};
        }
        return handle(call);
    };
}

/// "/a/b" -> a, b; "/" -> "".
std::vector<std::string> parts_of(std::string_view pattern) {
    return split(pattern.substr(1), '/');
}

}  // namespace

std::string_view name_of(Family family) {
    switch (family) {
        case Family::attendance: return "attendance";
        case Family::laravel: return "laravel";
        case Family::biometric: return "biometric";
        case Family::monitor: return "monitor";
        case Family::push: return "push";
        case Family::api: return "api";
        case Family::operations: return "operations";
        case Family::pages: return "pages";
    }
    throw Error{Kind::bug, "a Family without a name"};
}

int status_of(Refusal refusal) {
    switch (refusal) {
        case Refusal::bad_request: return 400;
        case Refusal::no_credential:
        case Refusal::wrong_credential: return 401;
        case Refusal::forbidden: return 403;
        case Refusal::not_found: return 404;
        case Refusal::method_not_allowed: return 405;
        case Refusal::conflict: return 409;
        case Refusal::too_large: return 413;
        case Refusal::unsupported_type: return 415;
        case Refusal::too_many_requests: return 429;
        case Refusal::internal: return 500;
        case Refusal::not_possible: return 501;
        case Refusal::gateway: return 502;
        case Refusal::busy: return 503;
        case Refusal::storage: return 507;
    }
    throw Error{Kind::bug, "a Refusal without a status"};
}

std::string const& Call::parameter(std::string_view name) const {
    auto const found = std::ranges::find_if(parameters, [&](auto const& pair) { return pair.first == name; });
    if (found == parameters.end()) throw Error{Kind::bug, fmt::format("the pattern of this route has no {{{}}}", name)};
    return found->second;
}

Result<std::vector<std::string_view>> topics_of(Route const& route, Target const& target) {
    auto const wanted = target.parameter("topics");
    if (!wanted) return route.topics;
    std::vector<std::string_view> topics;
    for (auto const& word : split(*wanted, ',')) {
        auto const found = std::ranges::find(route.topics, std::string_view{word});
        if (found == route.topics.end())
            return failure(Kind::usage, fmt::format("there is no topic '{}' here; there are: {}", printable(word.substr(0, 64)),
                                                    fmt::join(route.topics, ", ")));
        if (std::ranges::find(topics, *found) == topics.end()) topics.push_back(*found);
    }
    return topics;
}

std::vector<std::string> Routes::prefix_of(Family family) const {
    auto const found = std::ranges::find(m_mounts, family, &Mount::family);
    return found == m_mounts.end() ? std::vector<std::string>{} : found->prefix;
}

void Routes::add(Route route) {
    if (std::ranges::find(m_off, route.family) != m_off.end()) return;
    if (route.family == Family::api && route.handle) route.handle = with_known_parameters(std::move(route.handle), route.doc);
    Entry entry{.route = std::move(route), .parts = {}};
    entry.parts = prefix_of(entry.route.family);
    for (auto& part : parts_of(entry.route.pattern))
        entry.parts.push_back(std::move(part));
    for (auto const& other : m_entries) {
        if (other.parts == entry.parts && other.route.method == entry.route.method)
            throw Error{Kind::bug, fmt::format("two routes for {} {}", entry.route.method, path_of(entry))};
    }
    m_entries.push_back(std::move(entry));
}

void Routes::set_voice(Family family, Voice voice) {
    m_voices.emplace_back(family, std::move(voice));
}

void Routes::mount(Family family, std::string_view prefix) {
    Mount mount{.family = family, .prefix = {}};
    for (auto& part : split(prefix, '/')) {
        if (!part.empty()) mount.prefix.push_back(std::move(part));
    }
    m_mounts.push_back(std::move(mount));
}

void Routes::switch_off(Family family) {
    m_off.push_back(family);
}

Routes::Match Routes::match(std::string_view method, std::vector<std::string> const& segments) const {
    Match match;
    std::string_view const wanted = method == "HEAD" ? "GET" : method;
    // A literal part beats a parameter: "/people/export" is no person.
    std::size_t best = 0;
    for (auto const& entry : m_entries) {
        auto parameters = match_parts(entry.parts, segments);
        if (!parameters) continue;
        if (entry.route.method != wanted) {
            match.allowed.push_back(entry.route.method);
            if (!match.route) match.family = entry.route.family;
            continue;
        }
        auto const literals =
            static_cast<std::size_t>(std::ranges::count_if(entry.parts, [](auto const& part) { return !is_parameter(part); }));
        if (match.route && literals < best) continue;
        best = literals;
        match.route = &entry.route;
        match.family = entry.route.family;
        match.parameters = std::move(*parameters);
    }
    return match;
}

Reply Routes::refuse(Family family, Trouble const& trouble) const {
    auto const voice = std::ranges::find_if(m_voices, [&](auto const& pair) { return pair.first == family; });
    auto reply = voice == m_voices.end() ? problem(trouble) : voice->second(trouble);
    if (trouble.retry_after_s > 0) reply.headers.set("Retry-After", std::to_string(trouble.retry_after_s));
    if (reply.status == 401 && !reply.headers.has("WWW-Authenticate")) reply.headers.add("WWW-Authenticate", "Bearer");
    return reply;
}

std::string Routes::path_of(Entry const& entry) const {
    std::string path;
    for (auto const& part : entry.parts) {
        path += '/';
        path += part;
    }
    return path;
}

Trouble trouble_of(Error const& error) {
    bool const is_own = dynamic_cast<OwnFault const*>(&error) != nullptr;
    if (is_own && error.kind() == Kind::data) return {Refusal::internal, error.message()};
    bool const is_conflict = dynamic_cast<NameTaken const*>(&error) || dynamic_cast<RuleForbids const*>(&error);
    if (is_conflict) return {Refusal::conflict, error.message()};
    switch (error.kind()) {
        case Kind::usage:
        case Kind::data: return {Refusal::bad_request, error.message()};
        case Kind::no_input: return {Refusal::not_found, error.message()};
        case Kind::busy: return {Refusal::busy, error.message(), 1};
        case Kind::no_host:
        case Kind::unavailable:
        case Kind::protocol: return {Refusal::gateway, error.message()};
        case Kind::cannot_create:
        case Kind::io: return {Refusal::storage, error.message()};
        case Kind::permission:
        case Kind::config:
        case Kind::bug: return {Refusal::internal, error.message()};
    }
    return {Refusal::internal, error.message()};
}

}  // namespace bioctl::http
