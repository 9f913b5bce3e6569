// Where terminals push their events (Hikvision httpHosts). The path is random, the address is the device's own, and the 200 comes
// after the event is durable.

#include "lib/app/push.hpp"
#include "lib/base/text.hpp"
#include "lib/http/families.hpp"
#include "lib/http/multipart.hpp"
#include "lib/http/problem.hpp"
#include "lib/http/site.hpp"

namespace bioctl::http {

namespace {

constexpr std::size_t k_largest = 5 * 1024 * 1024;  // dossier, section 6b

/// The names of parts and their types differ between firmware: the first bytes say what it is.
void sort_part(std::string_view content, app::PushedMessage& message) {
    auto const text = trim(content);
    if (text.starts_with('{') || text.starts_with('<')) {
        if (message.event.empty()) message.event = text;
    } else if (content.starts_with("\xff\xd8") && message.picture.empty()) {
        message.picture = as_bytes(content);
    }
}

Reply receive(Call const& call) {
    app::PushedMessage message{
        .path = "/hik/" + call.parameter("path"), .client = call.request.client, .event = {}, .picture = {}};
    auto const form = Form::parse(call.request.headers.get("content-type"), call.request.body);
    if (form) {
        for (auto const& part : form->parts())
            sort_part(part.content, message);
    } else {
        sort_part(call.request.body, message);
    }
    auto const report = app::receive_push(call.site.push_setup(), message);
    if (!report.detail.empty()) call.site.tell(report.detail);
    switch (report.result) {
        case app::PushResult::unknown_path: return problem({Refusal::not_found, "nothing is here"});
        case app::PushResult::wrong_source: return problem({Refusal::forbidden, "this is not for you"});
        // A terminal would send what cannot be used again and again; polling goes on in any case.
        default: break;
    }
    Reply reply;
    reply.content_type = "text/plain";
    return reply;
}

}  // namespace

void add_push(Routes& routes) {
    for (auto const* method : {"POST", "PUT"}) {
        routes.add({.family = Family::push,
                    .method = method,
                    .pattern = "/hik/{path}",
                    .work = Work::store,
                    .max_body = k_largest,
                    .handle = receive,
                    .doc = {.summary = "Takes an event that a terminal pushes",
                            .answers = {{200, "stored, or of no use", "text/plain"},
                                        {403, "from another address than the device's"},
                                        {404, "no device pushes here"}}}});
    }
}

}  // namespace bioctl::http
