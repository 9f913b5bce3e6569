#include "lib/http/problem.hpp"

#include "lib/http/json.hpp"

namespace bioctl::http {

std::string_view code_of(Refusal refusal) {
    switch (refusal) {
        case Refusal::bad_request: return "bad_request";
        case Refusal::no_credential: return "no_credential";
        case Refusal::wrong_credential: return "wrong_credential";
        case Refusal::forbidden: return "forbidden";
        case Refusal::not_found: return "not_found";
        case Refusal::method_not_allowed: return "method_not_allowed";
        case Refusal::conflict: return "conflict";
        case Refusal::too_large: return "too_large";
        case Refusal::unsupported_type: return "unsupported_type";
        case Refusal::too_many_requests: return "too_many_requests";
        case Refusal::internal: return "internal";
        case Refusal::not_possible: return "not_possible";
        case Refusal::gateway: return "gateway";
        case Refusal::busy: return "busy";
        case Refusal::storage: return "storage";
    }
    throw Error{Kind::bug, "a Refusal without a code"};
}

Reply problem(Trouble const& trouble) {
    auto const status = status_of(trouble.refusal);
    Json json{{"type", "about:blank"}, {"title", reason_of(status)}, {"status", status}};
    if (!trouble.detail.empty()) json["detail"] = trouble.detail;
    json["code"] = code_of(trouble.refusal);
    auto reply = json_reply(json, status);
    reply.content_type = "application/problem+json";
    return reply;
}

}  // namespace bioctl::http
