// What the server says of itself: /openapi.json and /docs.

#include <memory>
#include <mutex>

#include <fmt/format.h>

#include "lib/base/bytes.hpp"
#include "lib/base/text.hpp"
#include "lib/http/entity_tag.hpp"
#include "lib/http/families.hpp"
#include "lib/http/json.hpp"
#include "lib/http/openapi.hpp"
#include "lib/http/site.hpp"

namespace bioctl::http {

namespace {

/// Thread-safe but for describe(), which comes first.
class Description {
public:
    void describe(Routes const& routes) { m_json = openapi_json(routes); }

    struct Texts {
        std::string json, json_tag;
        DocsPage docs;
        std::string docs_tag;
    };
    /// Made when somebody asks first: by then the base path is known.
    [[nodiscard]] Texts const& get(std::string_view base_path) {
        std::call_once(m_once, [&] {
            m_texts.json = base_path.empty() ? m_json : served_below(m_json, base_path);
            m_texts.json_tag = tag_of(m_texts.json);
            m_texts.docs = docs_page(m_texts.json);
            m_texts.docs_tag = tag_of(m_texts.docs.html);
        });
        return m_texts;
    }

private:
    std::string m_json;
    std::once_flag m_once;
    Texts m_texts;
};

Reply cached(Request const& request, std::string_view tag, std::string_view type, std::string const& body) {
    Reply reply;
    reply.content_type = type;
    reply.headers.set("ETag", std::string{tag});
    reply.headers.set("Cache-Control", "no-cache");
    constexpr int k_not_modified = 304;
    if (has_already(request, tag)) {
        reply.status = k_not_modified;
        reply.content_type.clear();
    } else {
        reply.body = body;
    }
    return reply;
}

}  // namespace

void add_operations(Routes& routes) {
    auto const description = std::make_shared<Description>();
    Doc::Parameter const if_none_match{"If-None-Match", "header", R"({"type":"string"})", "the ETag that the client has"};
    routes.add({.family = Family::operations,
                .method = "GET",
                .pattern = "/openapi.json",
                .handle =
                    [description](Call const& call) {
                        auto const& texts = description->get(call.site.base_path);
                        return cached(call.request, texts.json_tag, "application/json", texts.json);
                    },
                .doc = {.summary = "This description, as OpenAPI 3.1",
                        .parameters = {if_none_match},
                        .answers = {{200, "the description", "application/json", R"({"type":"object"})"},
                                    {304, "the client has it already"}}},
                .is_public = true});
    routes.add(
        {.family = Family::operations,
         .method = "GET",
         .pattern = "/docs",
         .handle =
             [description](Call const& call) {
                 auto const& texts = description->get(call.site.base_path);
                 auto reply = cached(call.request, texts.docs_tag, "text/html; charset=utf-8", texts.docs.html);
                 reply.headers.set("Content-Security-Policy", texts.docs.content_security_policy);
                 return reply;
             },
         .doc = {.summary = "This description, as a page",
                 .parameters = {if_none_match},
                 .answers = {{200, "the page", "text/html", R"({"type":"string"})"}, {304, "the client has it already"}}}});
    description->describe(routes);
}

}  // namespace bioctl::http
