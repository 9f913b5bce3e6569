#include "lib/http/json.hpp"

#include <array>

namespace bioctl::http {

namespace {

constexpr int k_deepest = 64;
constexpr std::size_t k_most_values = 100'000;
// Keys are looked up one after the other: those of a large object would take the square of their number.
constexpr std::size_t k_most_keys = 1'000;

}  // namespace

Result<Json> parse_json(std::string_view text) {
    std::size_t values = 0;
    bool is_too_much = false;
    std::array<std::size_t, k_deepest + 2> keys{};  // of the object that is open at this depth
    // Returning false only drops the value, but what is dropped takes no memory; the verdict comes at the end.
    auto const watch = [&](int depth, Json::parse_event_t event, Json& /*value*/) {
        if (depth > k_deepest || ++values > k_most_values) is_too_much = true;
        if (is_too_much) return false;
        auto const level = static_cast<std::size_t>(depth);
        if (event == Json::parse_event_t::object_start) keys[level + 1] = 0;
        if (event == Json::parse_event_t::key && ++keys[level] > k_most_keys) is_too_much = true;
        return !is_too_much;
    };
    auto json = Json::parse(text.begin(), text.end(), watch, false);
    if (is_too_much) return tl::unexpected{Error{Kind::data, "the JSON of the request is nested too deeply, or too large"}};
    if (json.is_discarded()) return tl::unexpected{Error{Kind::data, "the body of the request is not JSON"}};
    return json;
}

std::string dumped(Json const& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Reply json_reply(Json const& json, int status) {
    Reply reply;
    reply.status = status;
    reply.body = dumped(json);
    return reply;
}

}  // namespace bioctl::http
