#pragma once
// The parts of a channel's address behind the "?". Private to notify/.

#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.hpp"

namespace bioctl::notify {

struct Parameter {
    std::string name, value;
};

/// "%20" becomes a blank; "+" stays what it is. Kind::usage for a broken escape, and for one that stands for a control character:
/// those would end a line of a header, or an argument.
[[nodiscard]] Result<std::string> percent_decoded(std::string_view text);

struct Split {
    std::string_view base;  ///< before the first '?'
    std::vector<Parameter> parameters{};
};

/// "base?a=b&a=c": the parameters in their order, decoded. Kind::usage for a name that is not among `known`, and as above.
[[nodiscard]] Result<Split> split_address(std::string_view address, std::vector<std::string_view> const& known);

}  // namespace bioctl::notify
