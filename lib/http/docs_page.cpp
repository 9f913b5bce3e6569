// /docs: the operations of /openapi.json as a page that needs no script.

#include <fmt/format.h>

#include "lib/base/bytes.hpp"
#include "lib/base/html.hpp"
#include "lib/base/text.hpp"
#include "lib/http/json.hpp"
#include "lib/http/openapi.hpp"

namespace bioctl::http {

namespace {

constexpr std::string_view k_style =
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1f24;background:#fff}"
    "h2{margin-top:2rem;border-bottom:1px solid #d0d7de}details{border:1px solid #d0d7de;border-radius:6px;margin:.4rem 0}"
    "summary{padding:.4rem .7rem;cursor:pointer}details>div{padding:0 .9rem .7rem}code,pre{font:14px/1.45 ui-monospace,monospace}"
    "pre{background:#f6f8fa;padding:.6rem;overflow:auto}table{border-collapse:collapse}td,th{text-align:left;padding:.15rem "
    ".9rem "
    ".15rem 0;vertical-align:top}b.method{display:inline-block;min-width:4.5rem}"
    "@media(prefers-color-scheme:dark){body{color:#e6edf3;background:#0d1117}pre{background:#161b22}}";

std::string text_in(Json const& json, char const* name) {
    auto const found = json.find(name);
    return found != json.end() && found->is_string() ? html_escaped(found->get<std::string>()) : std::string{};
}

std::string schema_text(Json const& schema) {
    if (schema.empty()) return {};
    return fmt::format("<pre>{}</pre>", html_escaped(schema.dump(2)));
}

std::string parameters_html(Json const& operation) {
    if (!operation.contains("parameters")) return {};
    std::string rows;
    for (auto const& one : operation["parameters"])
        rows += fmt::format("<tr><td><code>{}</code></td><td>{}</td><td>{}</td></tr>\n", text_in(one, "name"), text_in(one, "in"),
                            text_in(one, "description"));
    return fmt::format("<h4>Parameters</h4><table>{}</table>", rows);
}

std::string content_html(Json const& holder) {
    std::string html;
    if (!holder.contains("content")) return html;
    for (auto const& [type, content] : holder["content"].items())
        html += fmt::format("<p><code>{}</code></p>{}", html_escaped(type), schema_text(content["schema"]));
    return html;
}

std::string security_html(Json const& operation) {
    if (!operation.contains("security")) return "<p>Open to anybody.</p>";
    return fmt::format("<p>Scope: <code>{}</code></p>", html_escaped(operation["security"][0]["api_key"][0].get<std::string>()));
}

std::string operation_html(std::string_view method, std::string_view path, Json const& operation) {
    std::string answers;
    for (auto const& [status, answer] : operation["responses"].items())
        answers += fmt::format("<details><summary>{} {}</summary><div>{}</div></details>", html_escaped(status),
                               text_in(answer, "description"), content_html(answer));
    auto const body = operation.contains("requestBody") ? fmt::format("<h4>Body</h4>{}", content_html(operation["requestBody"]))
                                                        : std::string{};
    return fmt::format(
        "<details id=\"{}\"><summary><b class=\"method\">{}</b> <code>{}</code> {}</summary><div>{}{}{}<h4>Answers</h4>{}</div>"
        "</details>\n",
        text_in(operation, "operationId"), html_escaped(method), html_escaped(path), text_in(operation, "summary"),
        security_html(operation), parameters_html(operation), body, answers);
}

std::string upper(std::string text) {
    for (auto& c : text) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    return text;
}

std::string family_html(Json const& document, std::string const& tag) {
    std::string html = fmt::format("<h2>{}</h2>\n", html_escaped(tag));
    for (auto const& [path, operations] : document["paths"].items()) {
        for (auto const& [method, operation] : operations.items()) {
            if (operation["tags"][0] == tag) html += operation_html(upper(method), path, operation);
        }
    }
    return html;
}

}  // namespace

DocsPage docs_page(std::string_view openapi_json) {
    auto const document = Json::parse(openapi_json);
    std::string body;
    for (auto const& tag : document["tags"])
        body += family_html(document, tag["name"].get<std::string>());
    std::string shapes;
    for (auto const& [name, schema] : document["components"]["schemas"].items())
        shapes += fmt::format("<details id=\"schema-{0}\"><summary>{0}</summary><div>{1}</div></details>\n", html_escaped(name),
                              schema_text(schema));
    DocsPage page;
    page.html = fmt::format(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
        "content=\"width=device-width\"><title>bioctl serve</title><style>{}</style></head><body>\n<h1>bioctl serve {}</h1>\n"
        "<p>The same for programs: <a href=\"openapi.json\">openapi.json</a>. Send an API key as <code>X-API-Key</code>, or log "
        "in; changes then want <code>X-CSRF-Token</code>, too.</p>\n{}<h2>Shapes</h2>\n{}</body></html>\n",
        k_style, text_in(document["info"], "version"), body, shapes);
    auto const digest = sha256(as_bytes(k_style));
    page.content_security_policy =
        fmt::format("default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
                    to_base64(ByteView{digest.bytes}));
    return page;
}

}  // namespace bioctl::http
