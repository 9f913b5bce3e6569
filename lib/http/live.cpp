// What happens, as it happens: the one WebSocket of the live pages.

#include "lib/http/families.hpp"
#include "lib/http/hub.hpp"

namespace bioctl::http {

void add_live(Routes& routes) {
    routes.add({.family = Family::pages,
                .method = "GET",
                .pattern = "/ws/live",
                .work = Work::live,
                .scope = app::Scope::read,
                .doc = {.summary = "WebSocket: a JSON object for each thing that happens",
                        .parameters = {{"topics", "query", R"({"type":"string"})",
                                        "recognitions, events, devices, onts, notifications, with commas; all without it"}},
                        .answers = {{101, "a WebSocket"}, {400, "there is no such topic"}}},
                .topics = {k_topics.begin(), k_topics.end()}});
}

}  // namespace bioctl::http
