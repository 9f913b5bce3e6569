#include "lib/http/api.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <semaphore>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "lib/app/media.hpp"
#include "lib/app/moment.hpp"
#include "lib/base/file.hpp"
#include "lib/base/text.hpp"
#include "lib/http/entity_tag.hpp"

namespace bioctl::http {

namespace {

[[noreturn]] void refuse_value(std::string_view name, std::string_view rule) {
    throw Error{Kind::usage, fmt::format("{} must be {}", name, rule)};
}

template <class Number>
std::optional<Number> number_from(std::string_view text) {
    Number number{};
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

}  // namespace

std::optional<std::string> Filters::text(std::string_view name) {
    auto all = texts(name);
    if (all.empty()) return std::nullopt;
    if (all.size() > 1) throw Error{Kind::usage, fmt::format("{} can be given once", name)};
    return std::move(all.front());
}

std::vector<std::string> Filters::texts(std::string_view name) {
    m_known.emplace(name);
    auto all = m_call.request.target.parameters(name);
    std::erase_if(all, [](std::string const& value) { return value.empty(); });
    return all;
}

std::optional<std::string> Filters::one_of(std::string_view name, std::initializer_list<std::string_view> words) {
    auto word = text(name);
    if (word && std::ranges::find(words, *word) == words.end())
        refuse_value(name, fmt::format("one of {}", fmt::join(words, ", ")));
    return word;
}

bool Filters::flag(std::string_view name) {
    auto const word = text(name);
    if (!word || *word == "false" || *word == "0") return false;
    if (*word != "true" && *word != "1") refuse_value(name, "true or false");
    return true;
}

std::optional<std::int64_t> Filters::whole(std::string_view name, std::int64_t least, std::int64_t most) {
    auto const word = text(name);
    if (!word) return std::nullopt;
    auto const number = number_from<std::int64_t>(*word);
    if (!number || *number < least || *number > most)
        refuse_value(name, fmt::format("a whole number from {} to {}", least, most));
    return number;
}

std::optional<double> Filters::number(std::string_view name, double least, double most) {
    auto const word = text(name);
    if (!word) return std::nullopt;
    auto const number = number_from<double>(*word);
    if (!number || !std::isfinite(*number) || *number < least || *number > most)
        refuse_value(name, fmt::format("a number from {} to {}", least, most));
    return number;
}

std::optional<Timestamp> Filters::time(std::string_view name) {
    auto word = text(name);
    if (!word) return std::nullopt;
    // A plus that was not encoded has become a blank: "2026-11-21T07:00:00 07:00".
    if (word->find('T') != std::string::npos) std::ranges::replace(*word, ' ', '+');
    auto const now = m_call.site.office().setup().clock.now();
    auto time = app::Zone{m_call.site.office().rules()->timezone}.parse(*word, now);
    if (!time) throw time.error().within(name);
    return *time;
}

app::PageWish Filters::page() {
    app::PageWish wish;
    if (auto const limit = whole("limit", 1, k_most_items)) wish.limit = *limit;
    wish.cursor = text("cursor");
    return wish;
}

void Filters::finish() const {
    for (auto const& [name, value] : m_call.request.target.query) {
        if (m_known.contains(name)) continue;
        throw Error{Kind::usage, fmt::format("there is no parameter '{}' here; there are: {}", printable(name),
                                             m_known.empty() ? "none" : fmt::format("{}", fmt::join(m_known, ", ")))};
    }
}

Fields::Fields(Call const& call) : m_json(Json::object()) {
    if (call.request.body.empty()) return;
    auto json = parse_json(call.request.body);
    if (!json) throw Error{Kind::usage, json.error().message()};
    if (!json->is_object()) throw Error{Kind::usage, "the body must be a JSON object"};
    m_json = std::move(*json);
}

Json const* Fields::find(std::string_view name) {
    m_known.emplace(name);
    auto const found = m_json.find(name);
    return found == m_json.end() || found->is_null() ? nullptr : &*found;
}

std::optional<std::string> Fields::text(std::string_view name) {
    auto const* value = find(name);
    if (!value) return std::nullopt;
    if (!value->is_string()) refuse_value(name, "a text");
    return value->get<std::string>();
}

std::string Fields::required_text(std::string_view name) {
    auto value = text(name);
    if (!value || value->empty()) throw Error{Kind::usage, fmt::format("the body must have \"{}\"", name)};
    return std::move(*value);
}

std::optional<bool> Fields::flag(std::string_view name) {
    auto const* value = find(name);
    if (!value) return std::nullopt;
    if (!value->is_boolean()) refuse_value(name, "true or false");
    return value->get<bool>();
}

std::optional<std::int64_t> Fields::whole(std::string_view name, std::int64_t least, std::int64_t most) {
    auto const* value = find(name);
    if (!value) return std::nullopt;
    // Of an unsigned number that is too large for us, get() would make a negative one.
    bool const is_whole = value->is_number_integer() && value->get<double>() >= static_cast<double>(least) &&
                          value->get<double>() <= static_cast<double>(most);
    if (!is_whole) refuse_value(name, fmt::format("a whole number from {} to {}", least, most));
    return value->get<std::int64_t>();
}

std::optional<std::vector<std::string>> Fields::texts(std::string_view name) {
    auto const* value = find(name);
    if (!value) return std::nullopt;
    if (!value->is_array()) refuse_value(name, "a list of texts");
    std::vector<std::string> texts;
    for (auto const& one : *value) {
        if (!one.is_string()) refuse_value(name, "a list of texts");
        texts.push_back(one.get<std::string>());
    }
    return texts;
}

std::optional<std::vector<std::int64_t>> Fields::ids(std::string_view name) {
    auto const* value = find(name);
    if (!value) return std::nullopt;
    constexpr std::size_t k_most = 1000;
    if (!value->is_array() || value->size() > k_most) refuse_value(name, fmt::format("a list of at most {} numbers", k_most));
    std::vector<std::int64_t> ids;
    for (auto const& one : *value) {
        if (!one.is_number_integer()) refuse_value(name, "a list of numbers");
        ids.push_back(one.get<std::int64_t>());
    }
    return ids;
}

std::optional<std::string> Fields::coordinate(std::string_view name) {
    auto const* value = find(name);
    if (!value) return std::nullopt;
    if (value->is_number()) return fmt::format("{:.10f}", value->get<double>());  // never 5e-05
    return text(name);
}

void Fields::finish() const {
    for (auto const& [name, value] : m_json.items()) {
        if (m_known.contains(name)) continue;
        throw Error{Kind::usage, fmt::format("there is no field '{}' here; there are: {}", printable(name),
                                             m_known.empty() ? "none" : fmt::format("{}", fmt::join(m_known, ", ")))};
    }
}

std::int64_t id_in_path(Call const& call, std::string_view name) {
    auto const& text = call.parameter(name);
    auto const id = number_from<std::int64_t>(text);
    if (!id || *id <= 0) throw Error{Kind::no_input, fmt::format("there is no number '{}' here", printable(text))};
    return *id;
}

Json time_json(Timestamp time) {
    return time == Timestamp{} ? Json{} : Json(to_rfc3339(time));
}

Json time_json(std::optional<Timestamp> const& time) {
    return time ? Json(to_rfc3339(*time)) : Json{};
}

Json text_json(std::string_view text) {
    return text.empty() ? Json{} : Json(text);
}

Reply refuse(Trouble const& trouble) {
    auto reply = problem(trouble);
    if (trouble.retry_after_s > 0) reply.headers.set("Retry-After", std::to_string(trouble.retry_after_s));
    if (reply.status == 401) reply.headers.set("WWW-Authenticate", "Bearer");
    return reply;
}

Reply cannot_process(std::string_view code, std::string_view detail) {
    constexpr int k_status = 422;
    auto reply = json_reply(
        {{"type", "about:blank"}, {"title", reason_of(k_status)}, {"status", k_status}, {"detail", detail}, {"code", code}},
        k_status);
    reply.content_type = "application/problem+json";
    return reply;
}

Reply no_content() {
    Reply reply;
    reply.status = 204;
    reply.content_type.clear();
    return reply;
}

Reply created(Call const& call, std::string_view name, Json const& json) {
    auto reply = json_reply(json, 201);
    reply.headers.set("Location", fmt::format("{}/{}", call.request.path(), percent_encoded(name)));
    return reply;
}

std::string percent_encoded(std::string_view text) {
    std::string encoded;
    for (char const c : text) {
        bool const is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                              c == '.' || c == '_' || c == '~';
        encoded += is_plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return encoded;
}

Reply list_reply(Call const& call, Json items, std::optional<std::string> const& next) {
    auto reply = json_reply({{"items", std::move(items)}, {"next_cursor", next ? Json(*next) : Json{}}});
    if (!next) return reply;
    std::string query;
    for (auto const& [name, value] : call.request.target.query) {
        if (name != "cursor") query += fmt::format("{}={}&", percent_encoded(name), percent_encoded(value));
    }
    reply.headers.add("Link", fmt::format("<{}?{}cursor={}>; rel=\"next\"", call.request.path(), query, percent_encoded(*next)));
    return reply;
}

Reply picture_reply(Call const& call, std::string_view path) {
    constexpr std::uint64_t k_largest = 50'000'000;
    if (path.empty()) return refuse({Refusal::not_found, "there is no picture"});
    auto const bytes = app::read_media(call.desk->media_dir(), path, k_largest);
    if (!bytes) {
        if (bytes.error().kind() == Kind::no_input) return refuse({Refusal::not_found, "the picture is no longer there"});
        throw Error{Kind::bug, bytes.error().message()};  // a fault of this machine, whatever kept the file from being read
    }
    constexpr int k_not_modified = 304;
    Reply reply;
    auto const text = as_text(*bytes);
    auto tag = tag_of(text);
    bool const is_known = has_already(call.request, tag);
    // Asked for again each time: who was removed, and who may no longer see it, is gone from the page, too.
    reply.headers.set("ETag", std::move(tag));
    reply.headers.set("Cache-Control", "private, no-cache");
    if (is_known) {
        reply.status = k_not_modified;
        reply.content_type.clear();
        return reply;
    }
    // Nothing but these two is stored. What is neither is not shown as a picture.
    bool const is_png = text.starts_with("\x89PNG");
    reply.content_type = is_png ? "image/png" : text.starts_with("\xff\xd8\xff") ? "image/jpeg" : "application/octet-stream";
    reply.body = text;
    return reply;
}

std::shared_ptr<void> peer_turn() {
    constexpr int k_most = 3;
    static std::counting_semaphore<k_most> free_turns{k_most};
    if (!free_turns.try_acquire()) return nullptr;
    return {&free_turns, [](void*) { free_turns.release(); }};
}

Reply refuse_no_turn() {
    constexpr int k_wait_s = 5;
    return refuse(
        {Refusal::busy, "other machines are being asked already, as many at once as may be; try again in a moment", k_wait_s});
}

void note(Call const& call, std::string_view action, std::string_view subject, app::AuditDetail const& detail) {
    app::record_after(call.desk->store(), call.desk->clock(), actor_of(call), action, subject, detail);
}

}  // namespace bioctl::http
