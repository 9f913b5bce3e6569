#include "cmd/ui/output.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <optional>
#include <vector>

#include "cmd/ui/render.hpp"
#include "cmd/ui/table.hpp"
#include "lib/base/error.hpp"

namespace bioctl::ui {

namespace {

constexpr std::size_t k_buffer = 65536;
// Slow verbs are seen line by line by the program behind the pipe, fast ones do not pay a system call for each record.
constexpr std::chrono::milliseconds k_longest_wait{100};

Value const* find(Fields const& fields, std::string_view name) {
    auto const exact = std::find_if(fields.begin(), fields.end(), [&](Field const& field) { return field.first == name; });
    if (exact != fields.end()) return &exact->second;
    auto const dot = name.find('.');
    if (dot == std::string_view::npos) return nullptr;
    auto const* outer = find(fields, name.substr(0, dot));
    auto const* object = outer == nullptr ? nullptr : std::get_if<Value::Object>(&outer->variant());
    return object == nullptr ? nullptr : find(*object, name.substr(dot + 1));
}

bool is_number(Value const& value) {
    auto const& variant = value.variant();
    return std::holds_alternative<std::int64_t>(variant) || std::holds_alternative<double>(variant) ||
           std::holds_alternative<Value::Decimal>(variant) || std::holds_alternative<std::monostate>(variant);
}

std::string joined(std::vector<Cell> const& row) {
    std::string line;
    for (auto const& cell : row) {
        if (&cell != &row.front()) line += '\t';
        line += cell.text;
    }
    return line + '\n';
}

}  // namespace

struct Output::Impl {
    Impl(std::ostream& stream, Rendering r, HeaderStyle h) : out(stream), rendering(r), header(h) {}

    std::ostream& out;
    Rendering rendering;
    HeaderStyle header;
    std::vector<std::string> columns;
    std::optional<Table> table;
    std::string buffer;
    std::size_t records = 0;
    std::chrono::steady_clock::time_point last_write = std::chrono::steady_clock::now();
    std::function<void()> hook;

    void add(std::string_view text) {
        buffer += text;
        bool const waited = std::chrono::steady_clock::now() - last_write >= k_longest_wait;
        if (buffer.size() >= k_buffer || waited) write();
    }

    void end_table() {
        if (table) buffer += table->flush();
    }

    void write() {
        last_write = std::chrono::steady_clock::now();
        if (buffer.empty() && out.good()) return;
        if (hook) hook();
        errno = 0;
        out.write(buffer.data(), static_cast<std::streamsize>(buffer.size()));
        out.flush();
        int const cause = errno;
        buffer.clear();
        if (out.good()) return;
        if (cause == EPIPE) throw BrokenPipe{};
        throw_errno("standard output", cause == 0 ? EIO : cause, Kind::io);
    }

    void add_row(Fields const& fields) {
        if (columns.empty()) use_fields(fields);
        std::vector<Cell> row;
        bool is_empty = true;
        for (auto const& name : columns) {
            auto const* value = find(fields, name);
            is_empty = is_empty && value == nullptr;
            row.push_back(value == nullptr ? Cell{"-", true} : Cell{to_text(*value), is_number(*value)});
        }
        if (is_empty) return;
        if (rendering == Rendering::tabs) return add(joined(row));
        if (!table)
            table.emplace(columns, header == HeaderStyle::bold ? Table::Emphasis{"\033[1m", "\033[0m"} : Table::Emphasis{});
        add(table->add(std::move(row)));
    }

    void use_fields(Fields const& fields) {
        for (auto const& field : fields)
            columns.push_back(field.first);
    }
};

Output::Output(std::ostream& out, Rendering rendering, HeaderStyle header)
    : m_impl(std::make_unique<Impl>(out, rendering, header)) {}

// While an exception passes: what was answered before the failure still reaches the reader.
Output::~Output() {
    try {
        flush();
    } catch (BrokenPipe const&) {  // nobody reads any more
    } catch (Error const&) {       // the failure on its way says more than this one
    }
}

void Output::columns(std::initializer_list<std::string_view> names) {
    m_impl->end_table();
    m_impl->table.reset();
    m_impl->columns.assign(names.begin(), names.end());
}

void Output::record(std::string_view type, Fields const& fields) {
    ++m_impl->records;
    if (m_impl->rendering == Rendering::json) return m_impl->add(to_json_line(type, fields) + '\n');
    m_impl->add_row(fields);
}

void Output::json_only(std::string_view type, Fields const& fields) {
    if (m_impl->rendering == Rendering::json) record(type, fields);
}

void Output::text(std::string_view text) {
    m_impl->end_table();
    m_impl->add(text);
}

void Output::flush() {
    m_impl->end_table();
    m_impl->write();
}

void Output::before_write(std::function<void()> hook) {
    m_impl->hook = std::move(hook);
}

Rendering Output::rendering() const {
    return m_impl->rendering;
}

std::size_t Output::records() const {
    return m_impl->records;
}

}  // namespace bioctl::ui
