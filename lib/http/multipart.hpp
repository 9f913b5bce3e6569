#pragma once
// The parts of a form (RFC 7578): fields and files.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/http/message.hpp"

namespace bioctl::http {

struct Part {
    std::string name;                      ///< "" for a part without one
    std::optional<std::string> file_name;  ///< none for a plain field; "" for a file input that nobody filled
    std::string content_type;              ///< as it was sent, "" if it was not
    std::string_view content;              ///< of the body that was parsed, and lives as long
};

/// The parts of a "multipart/form-data" or "application/x-www-form-urlencoded" body.
class Form {
public:
    Form() = default;
    Form(Form&&) = default;
    Form& operator=(Form&&) = default;
    Form(Form const&) = delete;  // the parts point into what it holds
    Form& operator=(Form const&) = delete;
    ~Form() = default;

    /// Kind::data for another type, no boundary, more than 100 parts, a part header of more than 8 kB, no end. `body` is kept by
    /// the caller.
    [[nodiscard]] static Result<Form> parse(std::string_view content_type, std::string_view body);

    [[nodiscard]] std::vector<Part> const& parts() const { return m_parts; }
    /// The first of this name.
    [[nodiscard]] Part const* find(std::string_view name) const;
    /// The text of a plain field; none if it is not there.
    [[nodiscard]] std::optional<std::string> field(std::string_view name) const;

private:
    [[nodiscard]] static Result<Form> parse_multipart(std::string_view content_type, std::string_view body);
    [[nodiscard]] static Result<Form> parse_urlencoded(std::string_view body);

    std::vector<Part> m_parts;
    std::vector<std::string> m_decoded;  // what the parts of an urlencoded form point into
};

/// A parameter of a header: "boundary" of 'multipart/form-data; boundary="x"'. None if it is not there.
[[nodiscard]] std::optional<std::string> header_parameter(std::string_view header, std::string_view name);

}  // namespace bioctl::http
