#pragma once
// stdout: the answer of a verb, as records. One record, three renderings: an aligned table with a header on a terminal,
// tab-separated without header otherwise, NDJSON with --json.

#include <cstddef>
#include <functional>
#include <initializer_list>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>

#include "cmd/ui/value.hpp"

namespace bioctl::ui {

enum class Rendering { table, tabs, json };
enum class HeaderStyle { plain, bold };

/// Thread rules: one thread writes.
class Output {
public:
    /// `out` outlives the object. A broken pipe (EPIPE) throws BrokenPipe, which main turns into a quiet end;
    /// any other failed write throws Error{Kind::io}.
    Output(std::ostream& out, Rendering rendering, HeaderStyle header = HeaderStyle::plain);
    ~Output();

    /// The columns of the text renderings, in order, by field name; a dotted name reaches into an object ("box.top").
    /// Fields that are not columns are printed with --json only. Record types not in the table print the columns they have;
    /// without any of them they are not printed. A second call begins another table. Without a call the fields of the first
    /// record are the columns.
    void columns(std::initializer_list<std::string_view> names);

    /// Prints {"type": type, fields...}. In the text renderings null is "-", an array is joined by commas, an object is shown as
    /// the array of its values.
    void record(std::string_view type, Fields const& fields);

    /// A record for --json only (summaries that the text renderings tell on stderr).
    void json_only(std::string_view type, Fields const& fields);

    /// Text that is no record: help, a man page, a completion script. Also under --json.
    void text(std::string_view text);

    /// Writes out what is buffered (the table waits for column widths). Called by main at the end, and when a verb idles.
    void flush();

    /// Called before anything reaches the stream: a progress bar on the same terminal has to go first.
    void before_write(std::function<void()> hook);

    [[nodiscard]] Rendering rendering() const;

    /// How many records were printed so far: a list that stays empty says so on stderr.
    [[nodiscard]] std::size_t records() const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

struct BrokenPipe {};

/// One NDJSON line without the newline. Strings that are not UTF-8 are repaired (U+FFFD) and the field "<name>_base64" with the
/// exact bytes is added behind.
[[nodiscard]] std::string to_json_line(std::string_view type, Fields const& fields);

}  // namespace bioctl::ui
