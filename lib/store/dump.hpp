#pragma once
// Every row of every table, without knowing what they mean: to write a store down as text, and to make one of that again.

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "lib/base/bytes.hpp"
#include "lib/store/store.hpp"

namespace bioctl::store {

/// Behind the name of a store's file: the file itself, and what SQLite makes beside it.
inline constexpr std::array<std::string_view, 4> k_companions{"", "-journal", "-wal", "-shm"};

/// NULL, INTEGER, REAL, TEXT, BLOB.
using Cell = std::variant<std::monostate, std::int64_t, double, std::string, Bytes>;

struct DumpTable {
    std::string name;
    std::vector<std::string> columns;
};

/// Makes a store of rows. It has the new name `file` only while it is made; unless finish() was called, it is deleted with this.
class Loader {
public:
    /// Throws Error: config for a schema that this program does not know; cannot_create if `file` is there.
    Loader(fs::path const& file, int schema_version);
    Loader(Loader const&) = delete;
    Loader& operator=(Loader const&) = delete;
    ~Loader();

    /// Rows that follow are of this one. Error{data} if the schema has no such table or column.
    void begin_table(DumpTable const& table);
    /// Error{data} if the row does not fit its table.
    void add(std::span<Cell const> row);
    /// Everything is on the disk, and of this program's schema, when this returns. Error{data} if rows refer to others that are
    /// not there.
    void finish();

private:
    struct State;
    std::unique_ptr<State> m_state;
};

}  // namespace bioctl::store
