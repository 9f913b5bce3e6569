#pragma once
// The registry in the shapes of the old service's files, and in our own.

#include <span>
#include <string>

#include "lib/app/moment.hpp"
#include "lib/store/onts.hpp"

namespace bioctl::app {

/// full         id, id_ccbs (id_pelanggan if the row came with that), name, lokasi, latitude, longitude, ip, kind, parent (an
/// id), tags,
///              enabled, then what an imported row had besides. Holds all there is; unknown coordinates are null.
/// wifi_sleman  the first seven; 0 for coordinates that are not known, as the old converters wrote them.
/// onts         the first seven and status, rto_count, last_on: of an ONT that was pinged what is known now, of others what the
/// file
///              said.
/// csvjson      no, ID, Nama, Lokasi, Latitude, Longitude, IP, Status; "" for unknown coordinates.
///
/// A field comes back as the file wrote it (" 192.0.2.1", a number for a text, "7.5 S") for as long as it still means what is
/// stored.
enum class OntShape { full, wifi_sleman, onts, csvjson };

/// An array, indented by 2, UTF-8 unescaped; without a newline at the end, for Python's json.dump wrote none. `zone`: of last_on.
[[nodiscard]] std::string to_json_array(std::span<store::Ont const> onts, OntShape shape, Zone const* zone = nullptr);

/// As GET /api/onts told them: an array on one line, see to_flask_json(). The first seven, `status` ("ON", "OFF", what the file
/// said, or "UNKNOWN"), and what an imported row had besides; coordinates are numbers or null.
[[nodiscard]] std::string to_live_array(std::span<store::Ont const> onts, Zone const& zone);

/// RFC 4180 with a header that `onts import` reads; without the fields that bioctl does not know.
[[nodiscard]] std::string to_csv(std::span<store::Ont const> onts);

/// Degrees in the fewest digits that read back to the same number, never with an exponent.
[[nodiscard]] std::string to_degrees(double degrees);

}  // namespace bioctl::app
