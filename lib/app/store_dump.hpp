#pragma once
// A store with its portraits and pictures as lines of JSON: to look into, to compare, to take to another machine or another
// program. A backup is what brings a store back as it was, see store_backup.hpp.
//
//   {"type":"store","format":1,"bioctl":"0.1.0","schema_version":7,"moment":"2026-11-22T05:15:00.000Z"}
//   {"type":"table","name":"person","columns":["key","id","name","created_at","updated_at"]}
//   [1,"anna","Anna",1763788500000,1763788500000]
//   {"type":"file","path":"media/faces/aa/1.jpg","base64":"/9j/..."}
//   {"type":"end","rows":1,"files":1,"sha256":"..."}
//
// A BLOB is {"base64":"..."}, text that is not UTF-8 {"text_base64":"..."}, an infinite number {"real":"inf"} or {"real":"-inf"}.
// The digest is of all bytes before its line.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <string>

#include "lib/app/audit.hpp"
#include "lib/base/clock.hpp"
#include "lib/store/store.hpp"

namespace bioctl::app {

namespace fs = std::filesystem;

struct DumpPlan {
    fs::path data_dir;
    std::string bioctl_version;
    Actor actor;  ///< of the row in the audit log of the store that is made
    std::function<bool(std::uint64_t rows, std::uint64_t files)> go_on;
};

struct DumpReport {
    std::uint64_t rows = 0, files = 0;
    std::uint64_t absent = 0;  ///< files that rows name and that are not there
    int schema_version = 0;    ///< that was written, or was read
};

/// What the store holds at one moment, what is sealed in clear, with the key of its secrets. Throws Error: io if `out` fails.
DumpReport export_store(store::Store& store, Clock const& clock, DumpPlan const& plan, std::ostream& out);

/// Makes the store of data_dir, which must not have one yet. Nothing is left of it if it fails. Throws Error: cannot_create if
/// there is one; data, naming the line, if `in` is not whole or not what export_store() wrote; config if it is of a newer schema;
/// permission, io.
DumpReport import_store(Clock const& clock, DumpPlan const& plan, std::istream& in);

}  // namespace bioctl::app
