#include <CLI/CLI.hpp>

#include "cmd/install_paths.hpp"
#include "cmd/verbs.hpp"
#include "cmd/version.hpp"
#include "lib/app/doctor.hpp"

namespace bioctl::cmd {

namespace {

struct DoctorOptions {
    bool deep = false;
};

void add_doctor(CLI::App& verb, DoctorOptions& o) {
    verb.add_flag("--deep", o.deep, "Also read every byte of the models and look for every portrait");
}

std::vector<fs::path> config_files(config::Layers const& layers) {
    std::vector<fs::path> files;
    std::error_code error;
    for (auto const& file : {layers.config_flag, layers.user_file, layers.system_file}) {
        if (file && fs::exists(*file, error)) files.push_back(*file);
    }
    return files;
}

void tell(app::Check const& check, Context& cx) {
    auto const remedy = check.remedy.empty() ? ui::Value{} : ui::Value{check.remedy};
    cx.out.record("check",
                  {{"name", check.name}, {"status", app::name_of(check.health)}, {"detail", check.detail}, {"remedy", remedy}});
}

int run_doctor(DoctorOptions const& o, Context& cx) {
    app::Patient const patient{cx.data_dir(),
                               config_files(cx.layers),
                               [&] { return cx.models(); },
                               [&] { return cx.open_store(store::Access::read_only); },
                               cx.store_file(),
                               cx.media_dir(),
                               image_plugin(),
                               library_versions(),
                               cx.clock};
    cx.out.columns({"status", "name", "detail", "remedy"});
    auto const depth = o.deep ? app::Depth::deep : app::Depth::quick;
    bool const healthy = app::examine(patient, depth, [&](app::Check const& check) { tell(check, cx); });
    return healthy ? k_exit_yes : k_exit_no;
}

}  // namespace

Verb doctor_verb() {
    return verb("doctor", "Check whether this installation is healthy", Group::setup, add_doctor, run_doctor);
}

}  // namespace bioctl::cmd
