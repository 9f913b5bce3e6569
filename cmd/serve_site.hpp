#pragma once
// What `serve` hands to the HTTP server: store, models and settings.

#include "cmd/context.hpp"
#include "cmd/device_verbs.hpp"
#include "lib/app/desk.hpp"
#include "lib/app/dispatch.hpp"
#include "lib/app/moment.hpp"
#include "lib/app/sightings.hpp"
#include "lib/http/site.hpp"

namespace bioctl::cmd {

class ServeSite {
public:
    /// Opens the store, and makes it if there is none.
    ServeSite(Context& cx, bool is_readonly);
    ServeSite(ServeSite const&) = delete;
    ServeSite& operator=(ServeSite const&) = delete;

    [[nodiscard]] http::Site& get() { return m_site; }
    [[nodiscard]] SyncWorkspace& work() { return m_work; }
    /// Takes over the settings as files and variables have them now. Throws Error{config}, and then changes nothing.
    void reload();

private:
    [[nodiscard]] app::DeskRules desk_rules(config::Settings const& settings) const;
    [[nodiscard]] http::SiteRules site_rules(config::Settings const& settings);

    Context& m_cx;
    bool m_is_readonly;
    SyncWorkspace m_work;
    face::ModelSet m_models;
    app::Office m_office;
    app::Zone m_zone;
    app::Sightings m_sightings;
    app::Dispatcher m_dispatcher;
    http::Site m_site;
};

}  // namespace bioctl::cmd
