#pragma once
// A value or an Error, for failures the caller goes on from (one bad photo of a batch). See error.hpp for the other two ways out.

#include <utility>

#include <tl/expected.hpp>

#include "lib/base/error.hpp"

namespace bioctl {

/// Cannot be ignored: -Werror=unused-result makes a dropped Result a build failure.
template <class T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
public:
    using tl::expected<T, Error>::expected;

    /// The value, or throws the Error: for callers that cannot go on.
    T or_throw() && {
        if (!this->has_value()) throw this->error();
        if constexpr (!std::is_void_v<T>) return std::move(**this);
    }
};

/// The failure branch of a Result<T>.
[[nodiscard]] inline tl::unexpected<Error> failure(Kind kind, std::string const& message) {
    return tl::unexpected<Error>(Error{kind, message});
}
[[nodiscard]] inline tl::unexpected<Error> failure(Error error) {
    return tl::unexpected<Error>(std::move(error));
}

}  // namespace bioctl
