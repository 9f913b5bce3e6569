#pragma once
// Replies as a Flask application gives them: JSON in one line with sorted keys, errors of the framework as small pages. Private
// to http/.

#include <string>
#include <string_view>
#include <variant>

#include "lib/app/moment.hpp"
#include "lib/http/json.hpp"
#include "lib/http/route.hpp"

namespace bioctl::http {

/// The text with a newline behind it.
[[nodiscard]] Reply flask_text(std::string json, int status = 200);
[[nodiscard]] Reply flask_reply(Json const& json, int status = 200);
/// {"message": ..., "success": ...}
[[nodiscard]] Reply flask_message(std::string_view message, bool is_success, int status = 200);

/// "404 Not Found" as a page. `detail` for people, "" = what the framework says of this status.
[[nodiscard]] Reply flask_page(int status, std::string_view detail = "");
/// Words of the framework for what it knows; ours for the rest.
[[nodiscard]] Reply flask_voice(Trouble const& trouble);

/// The body of a request as JSON, or the page that the framework refuses it with: 415 without the media type, 400.
[[nodiscard]] std::variant<Json, Reply> flask_body(Request const& request);

/// The zone of the settings.
[[nodiscard]] app::Zone zone_of(Call const& call);

/// datetime.isoformat(): local, without an offset, "2026-11-21T07:15:00.123000"; without the fraction when it is 0.
[[nodiscard]] std::string naive_time(app::Zone const& zone, Timestamp time);

/// With an ETag; 304 without a body if the client has it already.
[[nodiscard]] Reply unless_known(Request const& request, Reply reply);

}  // namespace bioctl::http
