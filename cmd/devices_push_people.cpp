#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include "cmd/device_verbs.hpp"
#include "cmd/ui/confirm.hpp"
#include "lib/app/devices.hpp"
#include "lib/app/push_people.hpp"
#include "lib/base/text.hpp"

namespace bioctl::cmd {

namespace {

struct PushOptions {
    std::vector<std::string> devices, only;
    bool prune = false, prune_all = false, yes = false;
    bool again = false, dry_run = false;
    int jobs = 4;
};

void add_push(CLI::App& verb, PushOptions& o) {
    verb.add_option("--device", o.devices, "Only to this device; may be given several times")->type_name("NAME");
    auto* const only = verb.add_option("--only", o.only, "Only this person; may be given several times")->type_name("ID");
    auto* const prune =
        verb.add_flag("--prune", o.prune, "Remove from the devices whom bioctl has put there and who is no longer enrolled");
    prune->excludes(only);
    verb.add_flag("--prune-all", o.prune_all, "Remove from the devices everybody who is not enrolled")
        ->excludes(only)
        ->excludes(prune);
    verb.add_flag("-y,--yes", o.yes, "Do not ask before --prune-all");
    verb.add_flag("--again", o.again, "Send also faces that the devices have taken already");
    verb.add_option("-j,--jobs", o.jobs, "Devices at once")->type_name("N")->check(CLI::Range(1, 64))->capture_default_str();
    verb.add_flag("-n,--dry-run", o.dry_run, "Change nothing, say what would be done");
}

app::PushRules rules_of(PushOptions const& o, Context const& cx) {
    app::PushRules rules;
    rules.only = o.only;
    if (o.prune) rules.prune = app::PushPrune::pushed;
    if (o.prune_all) rules.prune = app::PushPrune::everybody;
    rules.again = o.again;
    rules.mode = o.dry_run ? app::Mode::dry_run : app::Mode::write;
    rules.jobs = o.jobs;
    rules.health.warning_after = cx.settings.device_warning_after();
    rules.health.offline_after = cx.settings.device_offline_after();
    return rules;
}

bool is_trouble(app::Pushed result) {
    return result == app::Pushed::no_photo || result == app::Pushed::rejected || result == app::Pushed::failed;
}

int run_push(PushOptions const& o, Context& cx) {
    std::vector<store::Device> devices;
    {
        auto store = open_device_store(cx, store::Access::read_only);
        devices = app::choose_devices(store, o.devices);
    }
    auto const question =
        fmt::format("Remove everybody who is not enrolled from {}?", counted(devices.size(), "device", "devices"));
    if (o.prune_all && !o.yes && !o.dry_run && !ui::confirm(question)) return k_exit_no;
    SyncWorkspace const work{cx};
    std::size_t done = 0, changed = 0, troubles = 0, given_up = 0;
    cx.out.columns({"device", "person_id", "result", "detail"});
    app::push_people(
        work.get(), devices, rules_of(o, cx),
        [&](app::PushedPerson const& person) {
            ++done;
            troubles += is_trouble(person.result) ? 1U : 0U;
            changed += is_trouble(person.result) || person.result == app::Pushed::unchanged ? 0U : 1U;
            cx.out.record("pushed", {{"device", person.device},
                                     {"person_id", person.person_id},
                                     {"result", app::name_of(person.result)},
                                     {"detail", text_or_null(person.detail)}});
        },
        [&](app::DevicePush const& push) {
            cx.out.json_only(
                "device_push",
                {{"device", push.device}, {"people", push.people}, {"left", push.left}, {"reason", text_or_null(push.reason)}});
            if (push.reason.empty()) return;
            ++given_up;
            auto const prefix = push.reason.starts_with(push.device + ":") ? "" : printable(push.device) + ": ";
            auto const left = push.left == 0 ? "" : fmt::format(" ({} left)", counted(push.left, "person", "people"));
            cx.talk.warn(fmt::format("{}{}{}", prefix, push.reason, left));
        });
    cx.out.flush();
    cx.talk.note(fmt::format("{} changed, {} left as they were, {} not possible", changed, done - changed - troubles, troubles));
    if (stop_signal.load() != 0) return 128 + stop_signal.load();
    return troubles > 0 || given_up > 0 ? k_exit_partial : k_exit_yes;
}

}  // namespace

Verb devices_push_people_verb() {
    return verb("push-people", "Put the enrolled people on devices", Group::devices, add_push, run_push);
}

}  // namespace bioctl::cmd
