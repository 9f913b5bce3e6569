#include "tests/support/cut_vfs.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <random>
#include <stdexcept>
#include <vector>

namespace bioctl::test {

namespace {

namespace fs = std::filesystem;

/// The least that a disk writes as one.
constexpr std::size_t k_sector = 512;

using Content = std::optional<std::string>;  ///< none: no such file

Content content_of(std::string const& path) {
    std::ifstream in{path, std::ios::binary};
    if (!in) return std::nullopt;
    return std::string{std::istreambuf_iterator<char>{in}, {}};
}

void set_content(std::string const& path, Content const& content) {
    if (!content) {
        fs::remove(path);
        return;
    }
    // Into the file that is there: SQLite has it open, and another of this name would be another file.
    int const file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    bool const is_written = file >= 0 && ::ftruncate(file, 0) == 0 &&
                            ::write(file, content->data(), content->size()) == static_cast<ssize_t>(content->size());
    ::close(file);
    if (!is_written) throw std::runtime_error{"cannot write " + path};
}

/// What was done to a file since its last sync.
struct Operation {
    enum class Kind { write, truncate } kind{};
    std::size_t offset = 0;  ///< of a truncation: the new size
    std::string bytes{};
};

void apply(Operation const& operation, std::string& to) {
    if (operation.kind == Operation::Kind::truncate) {
        to.resize(operation.offset);
        return;
    }
    to.resize(std::max(to.size(), operation.offset + operation.bytes.size()));
    to.replace(operation.offset, operation.bytes.size(), operation.bytes);
}

/// A file of SQLite, as the disk knows it.
struct File {
    std::string synced{};               ///< what is safe of its content
    std::vector<Operation> unsynced{};  ///< in their order
    bool is_named = true;               ///< the folder on the disk knows it, and not `before`
    Content before{};                   ///< of its name
    bool is_deleted = false;            ///< and the folder on the disk may not know that yet
};

File file_of(std::string const& path) {
    auto content = content_of(path);
    bool const is_there = content.has_value();
    return {.synced = std::move(content).value_or(std::string{}), .is_named = is_there};
}

}  // namespace

struct CutVfs::Disk {
    sqlite3_vfs vfs{};
    sqlite3_vfs* real = nullptr;
    std::map<std::string, File> files;
    std::mt19937 random;
    std::int64_t cut_at = 0, operations = 0, lost = 0;
    bool is_cut = false;

    /// The folder (all files are in one) is on the disk as it is now.
    void sync_folder() {
        for (auto& [name, file] : files) {
            file.is_named = file.is_named || !file.is_deleted;
            file.before.reset();
        }
    }

    bool happens() { return (random() & 1U) != 0; }

    /// True if the power is off, or goes off now, while `last` is on its way to the disk.
    bool is_off(std::string const& path, std::optional<Operation> last) {
        if (is_cut) return true;
        if (++operations != cut_at) return false;
        is_cut = true;
        if (last) files[path].unsynced.push_back(tear(*std::move(last)));
        for (auto const& [name, file] : files)
            lose(name, file);
        return true;
    }

    /// Some whole sectors of it, and of the last one a part.
    Operation tear(Operation last) {
        if (last.kind == Operation::Kind::write && !last.bytes.empty()) {
            last.bytes.resize(random() % last.bytes.size());
            if (happens()) last.bytes.resize(last.bytes.size() / k_sector * k_sector);
        }
        return last;
    }

    void lose(std::string const& name, File const& file) {
        if (file.is_deleted && happens()) return;
        if (!file.is_named && (file.is_deleted || happens())) {
            lost += static_cast<std::int64_t>(file.unsynced.size());
            set_content(name, file.before);
            return;
        }
        auto content = file.synced;
        for (auto const& operation : file.unsynced) {
            if (happens()) {
                apply(operation, content);
            } else {
                ++lost;
            }
        }
        set_content(name, content);
    }
};

namespace {

CutVfs::Disk* g_disk = nullptr;

/// What SQLite holds for an open file: ours, then that of the real VFS behind it.
struct Handle {
    sqlite3_file base;
    std::string* path;  ///< empty: a temporary file, which no power cut matters to
};

sqlite3_file* real_of(sqlite3_file* file) {
    return reinterpret_cast<sqlite3_file*>(reinterpret_cast<std::byte*>(file) + sizeof(Handle));
}

std::string const& path_of(sqlite3_file* file) {
    return *reinterpret_cast<Handle*>(file)->path;
}

template <auto Method, class... Arguments>
int pass(sqlite3_file* file, Arguments... arguments) {
    auto* const real = real_of(file);
    return (real->pMethods->*Method)(real, arguments...);
}

int do_close(sqlite3_file* file) {
    auto* const real = real_of(file);
    int const result = real->pMethods != nullptr ? real->pMethods->xClose(real) : SQLITE_OK;
    delete reinterpret_cast<Handle*>(file)->path;
    return result;
}

int do_read(sqlite3_file* file, void* to, int count, sqlite3_int64 offset) {
    if (g_disk->is_cut) return SQLITE_IOERR_READ;
    return pass<&sqlite3_io_methods::xRead>(file, to, count, offset);
}

int do_write(sqlite3_file* file, void const* from, int count, sqlite3_int64 offset) {
    auto const& path = path_of(file);
    if (!path.empty()) {
        Operation operation{Operation::Kind::write, static_cast<std::size_t>(offset),
                            std::string(static_cast<char const*>(from), static_cast<std::size_t>(count))};
        if (g_disk->is_off(path, operation)) return SQLITE_IOERR_WRITE;
        g_disk->files[path].unsynced.push_back(std::move(operation));
    }
    return pass<&sqlite3_io_methods::xWrite>(file, from, count, offset);
}

int do_truncate(sqlite3_file* file, sqlite3_int64 size) {
    auto const& path = path_of(file);
    if (!path.empty()) {
        Operation operation{Operation::Kind::truncate, static_cast<std::size_t>(size), {}};
        if (g_disk->is_off(path, operation)) return SQLITE_IOERR_TRUNCATE;
        g_disk->files[path].unsynced.push_back(std::move(operation));
    }
    return pass<&sqlite3_io_methods::xTruncate>(file, size);
}

int do_sync(sqlite3_file* file, int /*flags*/) {
    auto const& path = path_of(file);
    if (path.empty()) return SQLITE_OK;
    if (g_disk->is_off(path, std::nullopt)) return SQLITE_IOERR_FSYNC;
    auto& known = g_disk->files[path];
    for (auto const& operation : known.unsynced)
        apply(operation, known.synced);
    known.unsynced.clear();
    // The real VFS syncs the folder, too, when it syncs a new file for the first time.
    if (!known.is_named) g_disk->sync_folder();
    return SQLITE_OK;
}

sqlite3_io_methods const k_methods{
    .iVersion = 2,  // without xFetch: nothing is mapped
    .xClose = do_close,
    .xRead = do_read,
    .xWrite = do_write,
    .xTruncate = do_truncate,
    .xSync = do_sync,
    .xFileSize = [](sqlite3_file* f, sqlite3_int64* size) { return pass<&sqlite3_io_methods::xFileSize>(f, size); },
    .xLock = [](sqlite3_file* f, int level) { return pass<&sqlite3_io_methods::xLock>(f, level); },
    .xUnlock = [](sqlite3_file* f, int level) { return pass<&sqlite3_io_methods::xUnlock>(f, level); },
    .xCheckReservedLock = [](sqlite3_file* f, int* out) { return pass<&sqlite3_io_methods::xCheckReservedLock>(f, out); },
    .xFileControl = [](sqlite3_file* f, int what,
                       void* value) { return pass<&sqlite3_io_methods::xFileControl>(f, what, value); },
    // What the real one says of this disk (no torn sectors, writes in order) is not true of ours.
    .xSectorSize = [](sqlite3_file*) { return static_cast<int>(k_sector); },
    .xDeviceCharacteristics = [](sqlite3_file*) { return 0; },
    .xShmMap = [](sqlite3_file* f, int region, int size, int extend,
                  void volatile** at) { return pass<&sqlite3_io_methods::xShmMap>(f, region, size, extend, at); },
    .xShmLock = [](sqlite3_file* f, int offset, int n,
                   int flags) { return pass<&sqlite3_io_methods::xShmLock>(f, offset, n, flags); },
    .xShmBarrier = [](sqlite3_file* f) { real_of(f)->pMethods->xShmBarrier(real_of(f)); },
    .xShmUnmap = [](sqlite3_file* f, int is_delete) { return pass<&sqlite3_io_methods::xShmUnmap>(f, is_delete); },
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

int do_open(sqlite3_vfs* /*vfs*/, char const* name, sqlite3_file* file, int flags, int* out_flags) {
    if (g_disk->is_cut) return SQLITE_CANTOPEN;
    constexpr int k_kept = SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL;
    bool const is_kept = name != nullptr && (flags & k_kept) != 0;
    // To read it is to close it, which drops the locks that this process has on it: only before SQLite has any.
    if (is_kept && !g_disk->files.contains(name)) g_disk->files.emplace(name, file_of(name));
    int const result = g_disk->real->xOpen(g_disk->real, name, real_of(file), flags, out_flags);
    auto* const handle = reinterpret_cast<Handle*>(file);
    file->pMethods = nullptr;
    if (result != SQLITE_OK) return result;
    handle->path = new std::string{is_kept ? name : ""};
    file->pMethods = &k_methods;
    if (is_kept && g_disk->files.at(name).is_deleted) g_disk->files.at(name).is_deleted = false;
    return SQLITE_OK;
}

/// Without a sync of the folder the file may be there again after the cut.
int do_delete(sqlite3_vfs* /*vfs*/, char const* name, int syncs_folder) {
    if (g_disk->is_off(name, std::nullopt)) return SQLITE_IOERR_DELETE;
    int const result = g_disk->real->xDelete(g_disk->real, name, syncs_folder);
    auto const known = g_disk->files.find(name);
    if (known == g_disk->files.end()) return result;
    auto& file = known->second;
    auto before = file.is_named ? Content{std::move(file.synced)} : std::move(file.before);
    file = {.is_named = false, .before = std::move(before), .is_deleted = true};
    if (syncs_folder != 0) g_disk->sync_folder();
    return result;
}

}  // namespace

CutVfs::CutVfs(std::int64_t cut_at, std::uint32_t seed) : m_disk(std::make_unique<Disk>()) {
    if (g_disk != nullptr) throw std::logic_error{"one CutVfs at a time"};
    m_disk->real = sqlite3_vfs_find(nullptr);
    m_disk->vfs = *m_disk->real;
    m_disk->vfs.zName = "cut";
    m_disk->vfs.pNext = nullptr;
    m_disk->vfs.szOsFile = static_cast<int>(sizeof(Handle)) + m_disk->real->szOsFile;
    m_disk->vfs.xOpen = do_open;
    m_disk->vfs.xDelete = do_delete;
    m_disk->cut_at = cut_at;
    m_disk->random.seed(seed);
    g_disk = m_disk.get();
    sqlite3_vfs_register(&m_disk->vfs, 1);
}

CutVfs::~CutVfs() {
    sqlite3_vfs_unregister(&m_disk->vfs);
    sqlite3_vfs_register(m_disk->real, 1);
    g_disk = nullptr;
}

std::int64_t CutVfs::operations() const {
    return m_disk->operations;
}

bool CutVfs::is_cut() const {
    return m_disk->is_cut;
}

std::int64_t CutVfs::lost() const {
    return m_disk->lost;
}

}  // namespace bioctl::test
