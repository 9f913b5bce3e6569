// Templates of what is sent. The first line of the input is the name of a person, the rest the template.

#include <nlohmann/json.hpp>

#include "lib/notify/notification.hpp"
#include "lib/notify/payload.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace bioctl;
using namespace bioctl::notify;

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const text = fuzz::text_of(data, size);
    auto const end = text.find('\n');
    std::string const name{text.substr(0, end)};
    auto const body = end == std::string_view::npos ? "" : text.substr(end + 1);
    auto const for_events = Template::parse(body);
    if (fuzz::is_taken(for_events)) {
        EventMessage message;
        message.name = name;
        message.device = name;
        message.picture = Bytes(3);
        fuzz::require(nlohmann::json::accept(for_events->fill(message)), "a filled template is JSON");
        fuzz::require(nlohmann::json::accept(for_events->fill(EventMessage{})), "a template filled with nothing is JSON");
    }
    auto const for_people = Template::parse(body, Template::Of::notifications);
    if (fuzz::is_taken(for_people)) {
        Notification const notification{.cause = name, .title = name, .lines = {name, name}, .counts = {{name, -1}}};
        fuzz::require(nlohmann::json::accept(for_people->fill(notification)), "a filled template is JSON");
    }
    return 0;
}
