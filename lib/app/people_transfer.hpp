#pragma once
// What travels when people move between stores: the common form of the .npy and the JSON import and export.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/match/npy.hpp"
#include "lib/store/templates.hpp"

namespace bioctl::app {

/// The vector space of the old services' embeddings: face_recognition is dlib's ResNet.
inline constexpr std::string_view k_npy_space = "dlib-resnet-v1";

struct TransferTemplate {
    std::vector<double> values;  ///< of a face, as in the file; float32 values are exact in double
    match::Precision precision = match::Precision::float32;
    store::Template row;  ///< everything but id, person, contract and vector; of a palm with its code
};

struct TransferPerson {
    std::string person_id;
    std::string name;      ///< "" = none
    std::string contract;  ///< of the faces: face::Contract::id, "" = unknown
    std::string space;     ///< face::Contract::space, "" = unknown
    std::vector<TransferTemplate> templates;
};

/// Fills vector, exact and double_precision of a row. Kind::data says why these numbers cannot be a template: another number of
/// dimensions, NaN or infinite, beyond the range of float32, all zero.
Result<void> set_values(store::Template& row, std::span<double const> values, match::Precision precision, int dimensions);

/// The numbers as they were imported, or the float32 ones.
[[nodiscard]] std::vector<double> values_of(store::Template const& row);

/// One line of JSON without the newline; numbers are the shortest that read back as the same double. A source that is not UTF-8
/// is left out, JSON cannot hold it.
[[nodiscard]] std::string to_json_line(TransferPerson const& person);

/// The inverse, for lines from anywhere. Kind::data says what is wrong: not JSON, nested too deep, a field of the wrong type or
/// size, more than 10,000 templates. Unknown fields are ignored. The vectors are not judged, see set_values(), nor the codes of
/// palms.
Result<TransferPerson> from_json_line(std::string_view line);

}  // namespace bioctl::app
