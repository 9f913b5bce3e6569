#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <thread>

#include <fmt/format.h>
#include <systemd/sd-daemon.h>
#include <CLI/CLI.hpp>

#include "cmd/access_log.hpp"
#include "cmd/background.hpp"
#include "cmd/device_verbs.hpp"
#include "cmd/event_verbs.hpp"
#include "cmd/face_options.hpp"
#include "cmd/live_feed.hpp"
#include "cmd/serve_site.hpp"
#include "cmd/service.hpp"
#include "cmd/verbs.hpp"
#include "lib/app/accounts.hpp"
#include "lib/app/delivery.hpp"
#include "lib/base/text.hpp"
#include "lib/http/all_routes.hpp"
#include "lib/http/server.hpp"

namespace bioctl::cmd {

namespace {

struct ServeOptions {
    std::vector<std::string> listen, trusted_proxies, off, mounts;
    std::string tls_cert, tls_key, base_path;
    int workers = 0;
    double rate = 50;
    std::size_t max_connections = 4096;
    bool is_readonly = false, no_access_log = false, no_deliver = false;
};

void add_serve(CLI::App& verb, ServeOptions& o) {
    verb.add_option("--listen", o.listen,
                    "Where to listen: 127.0.0.1:8080, [::1]:8080, :8080 for all; may be given several times")
        ->type_name("ADDR:PORT");
    auto* const cert =
        verb.add_option("--tls-cert", o.tls_cert, "Certificate with its chain, PEM: HTTPS instead of HTTP")->type_name("FILE");
    auto* const key = verb.add_option("--tls-key", o.tls_key, "Its private key, PEM")->type_name("FILE");
    cert->needs(key);
    key->needs(cert);
    verb.add_option("--workers", o.workers, "Photos looked at at once; 0 is the number of cores")
        ->type_name("N")
        ->check(CLI::Range(0, 256));
    verb.add_option("--base-path", o.base_path, "Everything is below this path, as a proxy in front hands it on")
        ->type_name("PATH");
    verb.add_option("--trusted-proxy", o.trusted_proxies, "A proxy whose X-Forwarded-For is believed; may be given several times")
        ->type_name("CIDR");
    verb.add_option("--off", o.off, "Leave out a family of addresses: attendance, laravel, biometric, ...")->type_name("FAMILY");
    verb.add_option("--mount", o.mounts, "Another place for a family: attendance=/face")->type_name("FAMILY=PATH");
    verb.add_option("--rate", o.rate, "Requests a second of one client, 0 = no limit; this machine itself has none")
        ->type_name("N")
        ->check(CLI::Range(0.0, 1e6))
        ->capture_default_str();
    verb.add_option("--max-connections", o.max_connections, "Connections at once")
        ->type_name("N")
        ->check(CLI::Range(std::size_t{8}, std::size_t{1'000'000}))
        ->capture_default_str();
    verb.add_flag("--readonly", o.is_readonly, "Answer, but change nothing");
    verb.add_flag("--no-access-log", o.no_access_log, "Print no record of each request");
    verb.add_flag("--no-deliver", o.no_deliver, "Leave the deliveries to another process");
}

volatile std::sig_atomic_t g_wants_reload = 0;

extern "C" void on_reload_signal(int /*number*/) {
    g_wants_reload = 1;
}

/// Thousands of connections want thousands of descriptors; the hard limit is the administrator's, the soft one is ours.
void raise_descriptor_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

std::size_t most_connections(std::size_t wanted) {
    constexpr std::size_t k_for_others = 128;  // store, models, deliveries
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return wanted;
    auto const all = static_cast<std::size_t>(limit.rlim_cur);
    return std::min(wanted, all > 2 * k_for_others ? all - k_for_others : k_for_others);
}

std::vector<int> inherited_sockets() {
    std::vector<int> sockets;
    int const count = sd_listen_fds(1);
    for (int i = 0; i < count; ++i)
        sockets.push_back(SD_LISTEN_FDS_START + i);
    return sockets;
}

std::string base_path_of(std::string path) {
    while (path.ends_with('/'))
        path.pop_back();
    if (!path.empty() && path.front() != '/') path.insert(path.begin(), '/');
    return path;
}

http::ServerOptions server_options(ServeOptions const& o) {
    http::ServerOptions options;
    options.inherited = inherited_sockets();
    for (auto const& text : o.listen)
        options.listen.push_back(http::listen_address_from(text).or_throw());
    if (options.listen.empty() && options.inherited.empty()) options.listen.push_back({});
    if (!o.tls_cert.empty()) options.tls = http::TlsFiles{o.tls_cert, o.tls_key};
    options.base_path = base_path_of(o.base_path);
    for (auto const& text : o.trusted_proxies)
        options.trusted_proxies.push_back(http::Network::parse(text).or_throw());
    options.limits.connections = most_connections(o.max_connections);
    options.limits.websockets = options.limits.connections / 2;
    options.gate.rate = o.rate;
    options.gate.burst = std::max(1.0, 4 * o.rate);
    int const cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    options.inference_workers = o.workers > 0 ? o.workers : cores;
    constexpr std::size_t k_waiting_for_each = 16;
    options.inference_queue = k_waiting_for_each * static_cast<std::size_t>(options.inference_workers);
    return options;
}

http::Routes routes_of(ServeOptions const& o) {
    http::Routes routes;
    for (auto const& name : o.off)
        routes.switch_off(http::family_from(name).or_throw());
    for (auto const& text : o.mounts) {
        auto const equals = text.find('=');
        if (equals == std::string::npos)
            throw Error{Kind::usage, fmt::format("--mount {}: write it as attendance=/face", printable(text))};
        routes.mount(http::family_from(text.substr(0, equals)).or_throw(), text.substr(equals + 1));
    }
    http::add_all_routes(routes);
    return routes;
}

/// Nobody gets in from elsewhere before somebody was given access.
void require_credentials(Context& cx, std::vector<std::string> const& addresses) {
    auto const is_open = [](std::string const& address) {
        auto const host = address.substr(address.find("//") + 2);
        return !host.starts_with("127.") && !host.starts_with("[::1]");
    };
    auto const open = std::ranges::find_if(addresses, is_open);
    if (open == addresses.end()) return;
    auto store = cx.open_store(store::Access::read_write);
    if (app::has_any_credential(store)) return;
    throw Error{Kind::config,
                fmt::format("{} can be reached from other machines, and nobody needs a password or a key yet; make one "
                            "first: `bioctl accounts add admin --role admin`, or for a program `bioctl accounts keys "
                            "create NAME --scope recognize --scope enrol`",
                            *open)};
}

void deliver_until_stopped(Context& cx, SyncWorkspace& work) {
    DeliveryTalk talk{cx};
    app::Deliverer deliverer{delivery_setup(cx, work), [](app::DeliveryTry const&) {}};
    Patient patient{cx.talk, "deliveries"};
    until_stopped([&] {
        patient.run([&] {
            if (auto const turn = delivery_turn(cx, std::chrono::seconds{0}))
                static_cast<void>(deliverer.run(std::chrono::seconds{1}, app::Drain::in_time));
        });
        pause_until_stopped(std::chrono::milliseconds{500});
    });
}

/// The gallery is read again soon after it has changed, by whoever: the next photo need not wait for it, and /health is right.
void keep_gallery(ServeSite& site) {
    constexpr std::chrono::milliseconds k_between{1000};
    std::optional<app::Desk> desk;
    until_stopped([&] {
        try {
            if (!desk) desk.emplace(site.get().office());
            static_cast<void>(desk->faces());
        } catch (std::exception const&) {
            // Who asks for a face meets the same, and is told.
        }
        pause_until_stopped(k_between);
    });
}

/// Certificates and settings, again. What is wrong is said, and things stay as they are.
void reload(ServeSite& site, http::Server& server, Context& cx) {
    try {
        server.reload_tls();
        site.reload();
        cx.talk.note("certificate and settings are read again");
    } catch (Error const& error) {
        cx.talk.warn(fmt::format("nothing is changed: {}", error.message()));
    }
}

int run_serve(ServeOptions const& o, Context& cx) {
    raise_descriptor_limit();
    auto options = server_options(o);
    auto const routes = routes_of(o);
    ServeSite site{cx, o.is_readonly};
    AccessLog log{cx};
    if (!o.no_access_log) options.on_access = [&](http::Access const& access) { log.tell(access); };
    options.on_trouble = [&](std::string const& line) { cx.talk.warn(line); };
    http::Server server{site.get(), routes, std::move(options)};
    require_credentials(cx, server.addresses());
    std::signal(SIGHUP, on_reload_signal);
    Background deliveries{[&] {
        if (!o.no_deliver && !o.is_readonly) deliver_until_stopped(cx, site.work());
    }};
    Background watcher{[&] {
        until_stopped([&] {
            if (g_wants_reload != 0) {
                g_wants_reload = 0;
                reload(site, server, cx);
            }
            pause_until_stopped(std::chrono::milliseconds{100});
        });
        server.stop();
    }};
    Background gallery{[&] { keep_gallery(site); }};
    Background feed{[&] { feed_until_stopped(cx, site.get().hub()); }};
    Background heartbeat{[&] { beat(cx.talk, [&] { site.work().writer().write([](store::Store&) {}); }); }};
    for (auto const& address : server.addresses())
        cx.talk.note(fmt::format("listening on {}", address));
    tell_ready("listening on " + server.addresses().front());
    server.run();
    tell_stopping();
    watcher.join();
    feed.join();
    gallery.join();
    heartbeat.join();
    deliveries.join();
    return k_exit_yes;
}

}  // namespace

Verb serve_verb() {
    return verb("serve", "Answer over HTTP what the other verbs answer", Group::setup, add_serve, run_serve);
}

}  // namespace bioctl::cmd
