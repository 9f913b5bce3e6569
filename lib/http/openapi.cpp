#include "lib/http/openapi.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "lib/base/text.hpp"
#include "lib/http/json.hpp"
#include "lib/http/schemas.hpp"

namespace bioctl::http {

namespace {

constexpr std::string_view k_problem_ref = R"({"$ref":"#/components/schemas/Problem"})";

Json schema_from(std::string_view text) {
    auto json = Json::parse(text, nullptr, false);
    if (json.is_discarded() || !json.is_object())
        throw Error{Kind::bug, fmt::format("a schema in the table of routes is no JSON object: {}", text)};
    return json;
}

/// "/assets/{path...}" -> "/assets/{path}": OpenAPI knows no parameter that takes several parts.
std::string path_from(std::string path) {
    for (auto dots = path.find("...}"); dots != std::string::npos; dots = path.find("...}"))
        path.erase(dots, 3);
    return path;
}

std::vector<std::string> parameters_in(std::string_view path) {
    std::vector<std::string> names;
    for (auto open = path.find('{'); open != std::string_view::npos; open = path.find('{', open + 1))
        names.emplace_back(path.substr(open + 1, path.find('}', open) - open - 1));
    return names;
}

Json parameters_of(Route const& route, std::string_view path) {
    auto parameters = Json::array();
    for (auto const& name : parameters_in(path)) {
        bool const is_described = std::ranges::any_of(
            route.doc.parameters, [&](Doc::Parameter const& one) { return one.in == "path" && one.name == name; });
        if (!is_described)
            parameters.push_back({{"name", name}, {"in", "path"}, {"required", true}, {"schema", {{"type", "string"}}}});
    }
    for (auto const& one : route.doc.parameters) {
        Json parameter{{"name", one.name}, {"in", one.in}};
        if (!one.summary.empty()) parameter["description"] = one.summary;
        if (one.is_required || one.in == "path") parameter["required"] = true;
        parameter["schema"] = schema_from(one.schema);
        parameters.push_back(std::move(parameter));
    }
    return parameters;
}

Json answer_of(std::string_view summary, std::string_view media_type, std::string_view schema) {
    Json answer{{"description", summary}};
    if (!media_type.empty()) answer["content"][std::string{media_type}]["schema"] = schema_from(schema);
    return answer;
}

bool has_body(int status) {
    constexpr int k_ok = 200, k_no_content = 204, k_not_modified = 304, k_permanent_redirect = 308;
    return status >= k_ok && status != k_no_content && status != k_not_modified && status != k_permanent_redirect;
}

Json answers_of(Route const& route) {
    constexpr std::string_view k_problem = "application/problem+json";
    auto answers = Json::object();
    for (auto const& one : route.doc.answers)
        answers[std::to_string(one.status)] =
            answer_of(one.summary, has_body(one.status) ? one.media_type : std::string_view{}, one.schema);
    if (route.family != Family::api) return answers;
    auto const otherwise = [&](std::string_view status, std::string_view summary) {
        if (!answers.contains(status)) answers[std::string{status}] = answer_of(summary, k_problem, k_problem_ref);
    };
    if (route.scope) {
        otherwise("401", "no API key and no session, or one that is not known");
        otherwise("403", "the scope is missing, the CSRF token is, or the server is for reading only");
    }
    otherwise("default", "what else may go wrong");
    return answers;
}

Json security_of(Route const& route) {
    auto const scope = app::name_of(*route.scope);
    auto security = Json::array();
    for (auto const* const scheme : {"api_key", "bearer", "session"}) {
        Json requirement;
        requirement[scheme] = Json::array({scope});
        security.push_back(std::move(requirement));
    }
    return security;
}

Json operation_of(Route const& route, std::string_view path) {
    Json operation{{"operationId", operation_id(route.method, path)},
                   {"tags", Json::array({name_of(route.family)})},
                   {"summary", route.doc.summary}};
    auto parameters = parameters_of(route, path);
    if (!parameters.empty()) operation["parameters"] = std::move(parameters);
    if (auto const& body = route.doc.body) {
        operation["requestBody"]["content"][std::string{body->media_type}]["schema"] = schema_from(body->schema);
    }
    operation["responses"] = answers_of(route);
    if (route.scope) operation["security"] = security_of(route);
    if (!route.topics.empty()) operation["x-topics"] = route.topics;
    return operation;
}

Json components() {
    Json json;
    json["securitySchemes"] = {{"api_key", {{"type", "apiKey"}, {"in", "header"}, {"name", "X-API-Key"}}},
                               {"bearer", {{"type", "http"}, {"scheme", "bearer"}, {"description", "an API key"}}},
                               {"session",
                                {{"type", "apiKey"},
                                 {"in", "cookie"},
                                 {"name", "bioctl_session"},
                                 {"description", "of POST /api/v2/session; changes want the header X-CSRF-Token, too"}}}};
    auto& schemas = json["schemas"];
    for (auto const& schema : named_schemas()) {
        schemas[std::string{schema.name}] = schema_from(schema.json);
        if (!schema.is_listed) continue;
        Json items{{"type", "array"}};
        items["items"]["$ref"] = fmt::format("#/components/schemas/{}", schema.name);
        Json properties;
        properties["items"] = std::move(items);
        properties["next_cursor"] = {{"type", Json::array({"string", "null"})}, {"description", "null on the last page"}};
        schemas[fmt::format("{}Page", schema.name)] = {
            {"type", "object"}, {"required", Json::array({"items", "next_cursor"})}, {"properties", std::move(properties)}};
    }
    return json;
}

}  // namespace

std::string operation_id(std::string_view method, std::string_view path) {
    auto id = to_lower_ascii(method);
    bool is_start = true;
    for (char const c : path) {
        bool const is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (c == '{') id += "By";
        if (is_letter) id += is_start && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        is_start = !is_letter;
    }
    // "/a" and "/a/" are two.
    if (path.size() > 1 && path.ends_with('/')) id += "Slash";
    return id;
}

std::string openapi_json(Routes const& routes) {
    Json document;
    document["openapi"] = "3.1.0";
    document["info"] = {
        {"title", "bioctl serve"},
        {"version", BIOCTL_VERSION},
        {"description", "The families of the services that bioctl replaces, and its own interface below /api/v2."},
        {"license", {{"name", "MIT"}, {"identifier", "MIT"}}}};
    document["servers"] = Json::array({{{"url", "/"}}});
    auto tags = Json::array();
    auto& paths = document["paths"] = Json::object();
    for (auto const& entry : routes.entries()) {
        auto const path = path_from(routes.path_of(entry));
        paths[path][to_lower_ascii(entry.route.method)] = operation_of(entry.route, path);
        Json const tag{{"name", name_of(entry.route.family)}};
        if (std::ranges::find(tags, tag) == tags.end()) tags.push_back(tag);
    }
    document["tags"] = std::move(tags);
    document["components"] = components();
    return dumped(document);
}

std::string served_below(std::string_view openapi_json, std::string_view base_path) {
    auto document = Json::parse(openapi_json);
    document["servers"][0]["url"] = base_path;
    return dumped(document);
}

}  // namespace bioctl::http
