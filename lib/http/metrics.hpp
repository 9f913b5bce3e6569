#pragma once
// What /metrics says.

#include <string>

#include "lib/app/figures.hpp"
#include "lib/http/site.hpp"

namespace bioctl::http {

/// `now` is for ages; the text is that of exposition.hpp.
[[nodiscard]] std::string metrics_text(Site& site, app::Figures const& figures, Timestamp now);

}  // namespace bioctl::http
