#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include <fmt/format.h>
#include <sys/stat.h>

#include "cmd/verbs.hpp"
#include "lib/app/exposition.hpp"
#include "lib/app/figures.hpp"
#include "lib/app/figures_text.hpp"
#include "lib/base/bytes.hpp"
#include "lib/base/file.hpp"
#include "lib/base/text.hpp"

namespace bioctl::cmd {

namespace {

struct MetricsOptions {
    std::optional<std::string> textfile;
};

void add_metrics(CLI::App& verb, MetricsOptions& o) {
    verb.add_option("--textfile", o.textfile, "Write them to this file, for the textfile collector of node_exporter")
        ->type_name("FILE");
}

/// The collector runs as another user: whatever the umask of cron or of a unit, it has to read the file, from its first moment
/// on.
class ReadableByAll {
public:
    ReadableByAll() : m_before(::umask(S_IWGRP | S_IWOTH)) {}
    ReadableByAll(ReadableByAll const&) = delete;
    ReadableByAll& operator=(ReadableByAll const&) = delete;
    ~ReadableByAll() { ::umask(m_before); }

private:
    mode_t m_before;
};

int run_metrics(MetricsOptions const& o, Context& cx) {
    auto store = cx.open_store(store::Access::read_only);
    app::Exposition exposition;
    app::add_figures(exposition, app::figures_of(store), cx.clock.now());
    if (!o.textfile) {
        cx.out.text(exposition.text());
        return k_exit_yes;
    }
    fs::path const file{*o.textfile};
    if (file.extension() != ".prom")
        cx.talk.warn(fmt::format("node_exporter reads only files whose name ends in .prom, not {}", printable(file.native())));
    constexpr unsigned k_for_all = 0644;
    ReadableByAll const umask;
    write_file(file, as_bytes(exposition.text()), Durability::fast, k_for_all);
    return k_exit_yes;
}

}  // namespace

Verb metrics_verb() {
    return verb("metrics", "Print figures of the store for Prometheus", Group::setup, add_metrics, run_metrics);
}

}  // namespace bioctl::cmd
