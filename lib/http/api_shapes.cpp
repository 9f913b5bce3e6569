#include "lib/http/api_shapes.hpp"

#include <fmt/format.h>

#include "lib/base/brief.hpp"

namespace bioctl::http {

Json delivery_json(store::Delivery const& delivery) {
    return {{"id", delivery.id},
            {"target", delivery.target},
            {"event", delivery.event == 0 ? Json{} : Json(delivery.event)},
            {"state", delivery.state},
            {"attempts", delivery.attempts},
            {"created_at", time_json(delivery.created_at)},
            {"not_before", time_json(delivery.not_before)},
            {"finished_at", time_json(delivery.finished_at)},
            {"http_status", delivery.http_status == 0 ? Json{} : Json(delivery.http_status)},
            // Older versions stored the whole address of a target with it.
            {"reason", text_json(without_paths(delivery.reason))},
            {"idempotency_key", delivery.idempotency_key}};
}

std::string public_address(std::string_view url) {
    auto const scheme = url.find("://");
    if (scheme == std::string_view::npos) return std::string{url.substr(0, url.find(':'))};
    auto authority = url.substr(scheme + 3);
    authority = authority.substr(0, authority.find_first_of("/?#"));
    if (auto const at = authority.rfind('@'); at != std::string_view::npos) authority.remove_prefix(at + 1);
    return fmt::format("{}://{}", url.substr(0, scheme), authority);
}

}  // namespace bioctl::http
