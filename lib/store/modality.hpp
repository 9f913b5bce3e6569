#pragma once
// What a template is of.

#include <string_view>

namespace bioctl::store {

enum class Modality { face, palm };
/// "face", "palm"
[[nodiscard]] std::string_view name_of(Modality modality);

}  // namespace bioctl::store
