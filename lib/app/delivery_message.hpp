#pragma once
// From a delivery in the store to what is sent. Private to the delivery.

#include <optional>

#include "lib/app/delivery.hpp"
#include "lib/notify/payload.hpp"

namespace bioctl::app {

struct LoadedMessage {
    notify::EventMessage message;
    bool is_picture_pending = false;
};

/// None if the event is no longer stored. The picture is read if it is there; one that has vanished from the disk counts as gone.
[[nodiscard]] std::optional<LoadedMessage> load_message(DeliverySetup const& setup, store::Delivery const& delivery);

[[nodiscard]] bool wants_picture(store::Target const& target);

/// A message that is no event: as it is stored, or filled into the target's template. Channels for people make text of it.
[[nodiscard]] tl::expected<notify::Rendered, notify::Unsendable> render_message(store::Target const& target,
                                                                                std::string const& body);

[[nodiscard]] tl::expected<notify::Rendered, notify::Unsendable> render_for(store::Target const& target,
                                                                            notify::EventMessage const& message);

}  // namespace bioctl::app
