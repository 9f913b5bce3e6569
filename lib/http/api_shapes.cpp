#include "lib/http/api_shapes.hpp"

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

}  // namespace bioctl::http
