#pragma once
// The figures of the store as Prometheus reads them: for /metrics, and for `bioctl metrics`.

#include "lib/app/exposition.hpp"
#include "lib/app/figures.hpp"
#include "lib/base/clock.hpp"

namespace bioctl::app {

/// Adds the families bioctl_people, bioctl_templates, bioctl_store_bytes, bioctl_devices, bioctl_deliveries, bioctl_onts,
/// bioctl_outages_open, ...; all gauges. `now` is for ages. Throws Error{bug} if one of them is there already.
void add_figures(Exposition& text, Figures const& figures, Timestamp now);

}  // namespace bioctl::app
