#pragma once
// The photos of a request to /api/v2, and what is said of them. Private to http/.

#include <optional>
#include <string>
#include <string_view>

#include "lib/app/recognize.hpp"
#include "lib/http/api.hpp"
#include "lib/http/multipart.hpp"

namespace bioctl::http {

/// The photos of a request: fields of a form, or the whole body as one photo.
class Photos {
public:
    /// Throws Error{usage} for a form that is none. Refers to the request.
    explicit Photos(Request const& request);
    [[nodiscard]] std::optional<ByteView> find(std::string_view name) const;
    /// Throws Error{usage} if there is none of this name.
    [[nodiscard]] ByteView require(std::string_view name) const;
    [[nodiscard]] std::optional<std::string> text(std::string_view name) const;

private:
    Request const& m_request;
    bool m_is_bare = false;
    Form m_form;
};

/// What the photos show, by the field "modality". Throws Error{usage} for what is none.
[[nodiscard]] store::Modality modality_of(Photos const& photos);

/// 422
[[nodiscard]] Reply bad_photo(image::Failure const& failure);

/// Schema Recognition, as far as it is about faces.
[[nodiscard]] Json json_of(app::RecognizedPhoto const& photo, float threshold);
/// The part of it that only those get who look for palms.
void add_palm(Json& json, app::RecognizedPhoto const& photo, float threshold);

/// The answer that all routes with photos may give.
[[nodiscard]] Doc::Answer doc_no_good();

}  // namespace bioctl::http
