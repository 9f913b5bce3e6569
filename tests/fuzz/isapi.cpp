// What face terminals answer, XML or JSON.

#include "lib/base/text.hpp"
#include "lib/hikvision/documents.hpp"
#include "lib/hikvision/push_host.hpp"
#include "lib/hikvision/roster.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace bioctl;
using namespace bioctl::hikvision;

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const body = fuzz::text_of(data, size);
    fuzz::is_taken(parse_device_info(body));
    fuzz::is_taken(parse_device_time(body));
    fuzz::is_taken(parse_search_limits(body));
    fuzz::is_taken(parse_lock_policy(body));
    fuzz::is_taken(parse_picture_settings(body));
    auto const page = parse_event_page(body, std::chrono::minutes{420});
    if (fuzz::is_taken(page)) {
        for (auto const& row : page->rows) {
            fuzz::require(row.serial != 0 && is_utf8(row.raw), "a row has a serial and is UTF-8");
            fuzz::require(row.picture.empty() || row.picture.starts_with('/'), "a picture is a path");
        }
    }
    auto const hosts = parse_push_hosts(body);
    if (fuzz::is_taken(hosts)) {
        for (auto const& host : *hosts) {
            static_cast<void>(host.shown());
            auto const back = parse_push_hosts("<HttpHostNotificationList>" + to_xml(host) + "</HttpHostNotificationList>");
            fuzz::require(back.has_value(), "a listener of ours can be read");
        }
    }
    for (int const http_status : {200, 401, 500})
        static_cast<void>(explain_photo_refusal(judge(http_status, body)));
    auto const path = path_and_query(body);
    fuzz::require(path.empty() || path.starts_with('/'), "a path begins with a slash");
    return 0;
}
