#pragma once
// What the parts of /api/v2 share: how queries and bodies are read, and how lists and refusals are written. Private to http/.

#include <initializer_list>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lib/app/pages.hpp"
#include "lib/http/json.hpp"
#include "lib/http/problem.hpp"
#include "lib/http/site.hpp"

namespace bioctl::http {

inline constexpr std::size_t k_api_photo_body = 51'000'000;
inline constexpr std::int64_t k_most_items = 1000;  ///< on a page

/// The query of a request. Values that cannot be taken throw Error{usage} naming the parameter, and so does finish() for a
/// parameter that nobody asked for: a slip must not look like a filter that found nothing.
class Filters {
public:
    explicit Filters(Call const& call) : m_call(call) {}

    [[nodiscard]] std::optional<std::string> text(std::string_view name);
    [[nodiscard]] std::vector<std::string> texts(std::string_view name);
    [[nodiscard]] std::optional<std::string> one_of(std::string_view name, std::initializer_list<std::string_view> words);
    [[nodiscard]] bool flag(std::string_view name);  ///< true, false, 1, 0
    [[nodiscard]] std::optional<std::int64_t> whole(std::string_view name, std::int64_t least, std::int64_t most);
    [[nodiscard]] std::optional<double> number(std::string_view name, double least, double most);
    /// RFC 3339, and what the verbs take: "2h", "today", "2026-11-21" in the configured zone.
    [[nodiscard]] std::optional<Timestamp> time(std::string_view name);
    /// `limit` and `cursor`.
    [[nodiscard]] app::PageWish page();
    void finish() const;

private:
    Call const& m_call;
    std::set<std::string, std::less<>> m_known;
};

/// The JSON object that a request carries. Throws Error{usage} as Filters does; null is as if the field were not there.
class Fields {
public:
    /// No body at all is an empty object.
    explicit Fields(Call const& call);

    [[nodiscard]] std::optional<std::string> text(std::string_view name);
    [[nodiscard]] std::string required_text(std::string_view name);
    [[nodiscard]] std::optional<bool> flag(std::string_view name);
    [[nodiscard]] std::optional<std::int64_t> whole(std::string_view name, std::int64_t least, std::int64_t most);
    [[nodiscard]] std::optional<std::vector<std::string>> texts(std::string_view name);
    [[nodiscard]] std::optional<std::vector<std::int64_t>> ids(std::string_view name);
    /// A number, or a text that a person would write: "7.7956 S".
    [[nodiscard]] std::optional<std::string> coordinate(std::string_view name);
    [[nodiscard]] bool is_empty() const { return m_json.empty(); }
    void finish() const;

private:
    [[nodiscard]] Json const* find(std::string_view name);

    Json m_json;
    std::set<std::string, std::less<>> m_known;
};

/// The number that a part of the path names. Throws Error{no_input} for anything else: there is no such thing.
[[nodiscard]] std::int64_t id_in_path(Call const& call, std::string_view name = "id");

// A time that was never, and a text that is empty, are null.
[[nodiscard]] Json time_json(Timestamp time);
[[nodiscard]] Json time_json(std::optional<Timestamp> const& time);
[[nodiscard]] Json text_json(std::string_view text);
template <class Value>
[[nodiscard]] Json value_json(std::optional<Value> const& value) {
    return value ? Json(*value) : Json{};
}

[[nodiscard]] Reply refuse(Trouble const& trouble);
/// 422: the request is understood, and what it carries is no good. `code` is a word for programs.
[[nodiscard]] Reply cannot_process(std::string_view code, std::string_view detail);
[[nodiscard]] Reply no_content();
/// 201, with the Location of what is new: right below the list that the request was sent to.
[[nodiscard]] Reply created(Call const& call, std::string_view name, Json const& json);
/// A part of a path or a value of a query.
[[nodiscard]] std::string percent_encoded(std::string_view text);

/// {"items": [...], "next_cursor": ...} and a Link to the next page.
[[nodiscard]] Reply list_reply(Call const& call, Json items, std::optional<std::string> const& next);
template <class Item, class JsonOf>
[[nodiscard]] Reply page_reply(Call const& call, app::Page<Item> const& page, JsonOf const& json_of) {
    auto items = Json::array();
    for (auto const& item : page.items)
        items.push_back(json_of(item));
    return list_reply(call, std::move(items), page.next);
}

/// A picture below the media folder; 404 if it is not there. `path` comes from the store.
[[nodiscard]] Reply picture_reply(Call const& call, std::string_view path);

/// Of the few requests at once that may keep a worker waiting for another machine: the other workers are left for logins. None if
/// all are under way.
[[nodiscard]] std::shared_ptr<void> peer_turn();
[[nodiscard]] Reply refuse_no_turn();

/// Writes the audit log for a change that has been made.
void note(Call const& call, std::string_view action, std::string_view subject, app::AuditDetail const& detail = {});

// For the documentation: what most operations share.
inline constexpr Doc::Parameter k_doc_limit{"limit", "query", R"({"type":"integer","minimum":1,"maximum":1000,"default":100})",
                                            "items on a page"};
inline constexpr Doc::Parameter k_doc_cursor{"cursor", "query", R"({"type":"string"})", "next_cursor of the page before"};
inline constexpr Doc::Parameter k_doc_since{"since", "query", R"({"type":"string"})",
                                            "from this time on: RFC 3339, or 2h, 3d, today, 2026-11-21 in the server's zone"};
inline constexpr Doc::Parameter k_doc_until{"until", "query", R"({"type":"string"})", "before this time"};
inline constexpr std::string_view k_schema_flag = R"({"type":"boolean","default":false})";
inline constexpr std::string_view k_schema_texts = R"({"type":"array","items":{"type":"string"}})";
inline constexpr Doc::Answer k_doc_done{204, "done"};
inline constexpr Doc::Answer k_doc_unknown{404, "there is no such thing", "application/problem+json",
                                           R"({"$ref":"#/components/schemas/Problem"})"};
inline constexpr Doc::Answer k_doc_no_turn{503, "as many other machines are asked already as may be at once; see Retry-After",
                                           "application/problem+json", R"({"$ref":"#/components/schemas/Problem"})"};
inline constexpr Doc::Answer k_doc_conflict{409, "the name is taken", "application/problem+json",
                                            R"({"$ref":"#/components/schemas/Problem"})"};

}  // namespace bioctl::http
