#include "lib/store/sealed_vfs.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <map>
#include <mutex>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <sqlite3.h>

#include "lib/base/error.hpp"

namespace bioctl::store {

namespace {

// SQLite's default since 3.12, and what all stores have.
constexpr sqlite3_int64 k_page = 4096;
// https://www.sqlite.org/fileformat2.html#the_write_ahead_log
constexpr sqlite3_int64 k_log_header = 32, k_frame_header = 24;
constexpr sqlite3_int64 k_frame = k_frame_header + k_page;

using Page = std::array<std::byte, static_cast<std::size_t>(k_page)>;

/// What a layer knows; lives as long as the process.
struct Layer {
    std::string name;
    std::shared_ptr<Vault const> vault;
    sqlite3_vfs* below = nullptr;
    sqlite3_vfs vfs{};
};

/// plain: SQLite's list of journals, which has names of files only.
enum class Part { store, log, journal, nameless, plain };

constexpr auto k_extra = static_cast<std::size_t>(Vault::k_page_extra);

/// SQLite gives the room: szOsFile bytes, the layer below has its own right behind. A C struct with constructed members.
struct File {
    sqlite3_file base;
    Layer const* layer;
    Part part;
    std::optional<EphemeralCipher> cipher;  // of Part::nameless

    [[nodiscard]] sqlite3_file* below() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

File& self(sqlite3_file* file) {
    return *reinterpret_cast<File*>(file);
}

sqlite3_file* below(sqlite3_file* file) {
    return self(file).below();
}

sqlite3_io_methods const& methods_below(sqlite3_file* file) {
    return *below(file)->pMethods;
}

/// Where the page begins that the byte at `offset` is of; std::nullopt if that byte is of none.
std::optional<sqlite3_int64> page_at(Part part, sqlite3_int64 offset) {
    if (part == Part::store) return offset - offset % k_page;
    if (offset < k_log_header) return std::nullopt;
    auto const frame = (offset - k_log_header) / k_frame * k_frame + k_log_header;
    if (offset - frame < k_frame_header) return std::nullopt;
    return frame + k_frame_header;
}

/// Where the next page begins behind a byte that is of none.
sqlite3_int64 next_page(sqlite3_int64 offset) {
    if (offset < k_log_header) return k_log_header + k_frame_header;
    return (offset - k_log_header) / k_frame * k_frame + k_log_header + k_frame_header;
}

/// What SQLite looks at before it knows of the log. A power cut may have torn the first page while the log, which still has it,
/// was being written back: then these are the sizes that all stores have, and the page itself comes from the log, or does not
/// open.
void fill_first_bytes(Page& page) {
    constexpr std::string_view k_begin{"SQLite format 3\0\x10\x00\x02\x02\x28\x40\x20\x20", 24};
    static_assert(k_begin[20] == Vault::k_page_extra);
    page.fill(std::byte{0});
    std::memcpy(page.data(), k_begin.data(), k_begin.size());
}

/// Whether SQLite has a checksum of its own for what it is reading, and so finds out by itself: while it recovers the log it
/// reads whole frames.
enum class Torn { is_told, is_not };

/// What a page holds. One that was never written is as it is: SQLite's own rules say what that means.
int read_page(sqlite3_file* file, Page& page, sqlite3_int64 where, Torn torn) {
    int const result = methods_below(file).xRead(below(file), page.data(), static_cast<int>(k_page), where);
    bool const is_blank = std::ranges::all_of(page, [](std::byte b) { return b == std::byte{0}; });
    if (is_blank || (result != SQLITE_OK && result != SQLITE_IOERR_SHORT_READ)) return result;
    bool const is_whole = result == SQLITE_OK && self(file).layer->vault->open_page(page, static_cast<std::uint64_t>(where));
    if (is_whole || torn == Torn::is_told) return result;
    return SQLITE_IOERR_DATA;
}

int read_around(sqlite3_file* file, std::span<std::byte> into, sqlite3_int64 offset) {
    bool const is_recovery = self(file).part == Part::log && static_cast<sqlite3_int64>(into.size()) == k_frame;
    bool const is_look = self(file).part == Part::store && static_cast<sqlite3_int64>(into.size()) < k_page;
    Page page;
    while (!into.empty()) {
        auto const start = page_at(self(file).part, offset);
        auto const end = start ? *start + k_page : next_page(offset);
        auto const count = std::min<std::size_t>(into.size(), static_cast<std::size_t>(end - offset));
        int result = SQLITE_OK;
        if (start) {
            result = read_page(file, page, *start, is_recovery ? Torn::is_told : Torn::is_not);
            if (result == SQLITE_IOERR_DATA && is_look && *start == 0) {
                fill_first_bytes(page);
                result = SQLITE_OK;
            }
            std::memcpy(into.data(), page.data() + (offset - *start), count);
        } else {
            result = methods_below(file).xRead(below(file), into.data(), static_cast<int>(count), offset);
        }
        if (result != SQLITE_OK) {
            // SQLite wants what lies beyond the end to be zeros.
            if (result == SQLITE_IOERR_SHORT_READ) std::ranges::fill(into.subspan(count), std::byte{0});
            return result;
        }
        into = into.subspan(count);
        offset += static_cast<sqlite3_int64>(count);
    }
    return SQLITE_OK;
}

int read(sqlite3_file* file, void* to, int count, sqlite3_int64 offset) {
    std::span const into{static_cast<std::byte*>(to), static_cast<std::size_t>(count)};
    switch (self(file).part) {
        case Part::nameless: {
            int const result = methods_below(file).xRead(below(file), to, count, offset);
            // Beyond the end there are zeros, which were never enciphered; what SQLite reads there it does not use.
            if (result == SQLITE_OK || result == SQLITE_IOERR_SHORT_READ)
                self(file).cipher->apply(into, static_cast<std::uint64_t>(offset));
            return result;
        }
        case Part::journal: {
            // Pages are read as they were written: each by itself.
            int const result = methods_below(file).xRead(below(file), to, count, offset);
            bool const is_page = result == SQLITE_OK && count == k_page;
            // A torn one is told by SQLite's own checksum.
            if (is_page && !self(file).layer->vault->open_page(into, static_cast<std::uint64_t>(offset)))
                std::ranges::fill(into, std::byte{0});
            return result;
        }
        case Part::store:
        case Part::log: return read_around(file, into, offset);
        case Part::plain: break;
    }
    return methods_below(file).xRead(below(file), to, count, offset);
}

int write_page(sqlite3_file* file, void const* from, sqlite3_int64 where) {
    Page page;
    std::memcpy(page.data(), from, page.size());
    // Whoever did not ask for the free bytes has content there.
    if (std::any_of(page.end() - k_extra, page.end(), [](std::byte b) { return b != std::byte{0}; })) return SQLITE_IOERR_WRITE;
    self(file).layer->vault->seal_page(page, static_cast<std::uint64_t>(where));
    return methods_below(file).xWrite(below(file), page.data(), static_cast<int>(k_page), where);
}

bool is_journal_header(void const* bytes) {
    constexpr std::string_view k_magic{"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"};
    return std::memcmp(bytes, k_magic.data(), k_magic.size()) == 0;
}

int write(sqlite3_file* file, void const* from, int count, sqlite3_int64 offset) {
    auto const& me = self(file);
    auto const as_it_is = [&] { return methods_below(file).xWrite(below(file), from, count, offset); };
    switch (me.part) {
        case Part::nameless: {
            std::vector<std::byte> bytes(static_cast<std::size_t>(count));
            std::memcpy(bytes.data(), from, bytes.size());
            me.cipher->apply(bytes, static_cast<std::uint64_t>(offset));
            return methods_below(file).xWrite(below(file), bytes.data(), count, offset);
        }
        // A header is as long as the disk's sector, which may be a page.
        case Part::journal: return count == k_page && !is_journal_header(from) ? write_page(file, from, offset) : as_it_is();
        case Part::plain: return as_it_is();
        case Part::store:
        case Part::log: break;
    }
    if (count == k_page && page_at(me.part, offset) == offset) return write_page(file, from, offset);
    // Headers of the log and of its frames. Part of a page in clear must never reach the disk.
    bool const is_header = me.part == Part::log && !page_at(me.part, offset) && offset + count <= next_page(offset);
    return is_header ? as_it_is() : SQLITE_IOERR_WRITE;
}

int close(sqlite3_file* file) {
    int const result = methods_below(file).xClose(below(file));
    std::destroy_at(&self(file).cipher);
    return result;
}

// The others go to the layer below as they are.
template <auto Member, class... Arguments>
int pass(sqlite3_file* file, Arguments... arguments) {
    return (methods_below(file).*Member)(below(file), arguments...);
}

/// SQLite assumes of every disk that a write leaves the bytes beside it alone, unless a layer says no. Then it would pad the log
/// to whole sectors and write pages in two parts, of which none can be sealed.
int characteristics(sqlite3_file* file) {
    return methods_below(file).xDeviceCharacteristics(below(file)) | SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

void barrier(sqlite3_file* file) {
    methods_below(file).xShmBarrier(below(file));
}

/// Version 2: without xFetch, which would hand out what is on the disk.
constexpr sqlite3_io_methods k_methods{
    .iVersion = 2,
    .xClose = close,
    .xRead = read,
    .xWrite = write,
    .xTruncate = pass<&sqlite3_io_methods::xTruncate, sqlite3_int64>,
    .xSync = pass<&sqlite3_io_methods::xSync, int>,
    .xFileSize = pass<&sqlite3_io_methods::xFileSize, sqlite3_int64*>,
    .xLock = pass<&sqlite3_io_methods::xLock, int>,
    .xUnlock = pass<&sqlite3_io_methods::xUnlock, int>,
    .xCheckReservedLock = pass<&sqlite3_io_methods::xCheckReservedLock, int*>,
    .xFileControl = pass<&sqlite3_io_methods::xFileControl, int, void*>,
    .xSectorSize = pass<&sqlite3_io_methods::xSectorSize>,
    .xDeviceCharacteristics = characteristics,
    .xShmMap = pass<&sqlite3_io_methods::xShmMap, int, int, int, void volatile**>,
    .xShmLock = pass<&sqlite3_io_methods::xShmLock, int, int, int>,
    .xShmBarrier = barrier,
    .xShmUnmap = pass<&sqlite3_io_methods::xShmUnmap, int>,
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

Layer const& layer(sqlite3_vfs* vfs) {
    return *static_cast<Layer const*>(vfs->pAppData);
}

Part part_of(int flags) {
    if ((flags & SQLITE_OPEN_MAIN_DB) != 0) return Part::store;
    if ((flags & SQLITE_OPEN_WAL) != 0) return Part::log;
    if ((flags & SQLITE_OPEN_MAIN_JOURNAL) != 0) return Part::journal;
    return (flags & SQLITE_OPEN_SUPER_JOURNAL) != 0 ? Part::plain : Part::nameless;
}

int open(sqlite3_vfs* vfs, char const* name, sqlite3_file* file, int flags, int* flags_out) {
    auto* const below_vfs = layer(vfs).below;
    auto& me = *new (static_cast<void*>(file)) File{{nullptr}, &layer(vfs), part_of(flags), std::nullopt};
    std::memset(me.below(), 0, static_cast<std::size_t>(below_vfs->szOsFile));
    int const result = below_vfs->xOpen(below_vfs, name, me.below(), flags, flags_out);
    if (result != SQLITE_OK) {
        if (me.below()->pMethods != nullptr) methods_below(file).xClose(me.below());
        return result;
    }
    if (me.part == Part::nameless) me.cipher.emplace();
    me.base.pMethods = &k_methods;
    return SQLITE_OK;
}

template <auto Member, class... Arguments>
int pass_on(sqlite3_vfs* vfs, Arguments... arguments) {
    auto* const below_vfs = layer(vfs).below;
    return (below_vfs->*Member)(below_vfs, arguments...);
}

/// Version 2: without the calls of the system, which only SQLite's own tests replace.
sqlite3_vfs vfs_of(Layer& layer) {
    return {.iVersion = 2,
            .szOsFile = static_cast<int>(sizeof(File)) + layer.below->szOsFile,
            .mxPathname = layer.below->mxPathname,
            .pNext = nullptr,
            .zName = layer.name.c_str(),
            .pAppData = &layer,
            .xOpen = open,
            .xDelete = pass_on<&sqlite3_vfs::xDelete, char const*, int>,
            .xAccess = pass_on<&sqlite3_vfs::xAccess, char const*, int, int*>,
            .xFullPathname = pass_on<&sqlite3_vfs::xFullPathname, char const*, int, char*>,
            .xDlOpen = nullptr,
            .xDlError = nullptr,
            .xDlSym = nullptr,
            .xDlClose = nullptr,
            .xRandomness = pass_on<&sqlite3_vfs::xRandomness, int, char*>,
            .xSleep = pass_on<&sqlite3_vfs::xSleep, int>,
            .xCurrentTime = pass_on<&sqlite3_vfs::xCurrentTime, double*>,
            .xGetLastError = pass_on<&sqlite3_vfs::xGetLastError, int, char*>,
            .xCurrentTimeInt64 = pass_on<&sqlite3_vfs::xCurrentTimeInt64, sqlite3_int64*>,
            .xSetSystemCall = nullptr,
            .xGetSystemCall = nullptr,
            .xNextSystemCall = nullptr};
}

/// Through SQLite's own layer: to close a descriptor of the file any other way drops the locks that this process holds on it.
bool is_readable_by_sqlite(fs::path const& file) {
    constexpr std::string_view k_magic{"SQLite format 3\0", 16};
    auto* const vfs = ::sqlite3_vfs_find(nullptr);
    std::vector<std::max_align_t> room(static_cast<std::size_t>(vfs->szOsFile) / sizeof(std::max_align_t) + 1);
    auto* const opened = reinterpret_cast<sqlite3_file*>(room.data());
    std::unique_ptr<char const, decltype(&::sqlite3_free_filename)> const name{
        ::sqlite3_create_filename(file.c_str(), "", "", 0, nullptr), ::sqlite3_free_filename};
    if (!name) throw std::bad_alloc{};
    std::array<char, k_magic.size()> begin{};
    int flags = 0;
    if (vfs->xOpen(vfs, name.get(), opened, SQLITE_OPEN_READONLY | SQLITE_OPEN_MAIN_DB, &flags) == SQLITE_OK)
        opened->pMethods->xRead(opened, begin.data(), static_cast<int>(begin.size()), 0);
    if (opened->pMethods != nullptr) opened->pMethods->xClose(opened);
    return std::string_view{begin.data(), begin.size()} == k_magic;
}

}  // namespace

std::shared_ptr<Vault const> vault_of_store(fs::path const& file) {
    auto const folder = file.parent_path();
    if (!Vault::is_sealed(folder) || is_readable_by_sqlite(file)) return nullptr;
    return Vault::of(folder);
}

char const* vfs_name(std::shared_ptr<Vault const> const& vault) {
    if (!vault) return nullptr;
    static std::mutex mutex;
    static std::map<std::pair<std::string, sqlite3_vfs*>, std::unique_ptr<Layer>> layers;
    std::scoped_lock const lock{mutex};
    auto* const below = ::sqlite3_vfs_find(nullptr);  // another one in tests of the disk
    auto& layer = layers[{vault->id(), below}];
    if (!layer) {
        auto made = std::make_unique<Layer>();
        made->name = fmt::format("bioctl-sealed-{}-{}", vault->id(), layers.size());
        made->vault = vault;
        made->below = below;
        made->vfs = vfs_of(*made);
        if (::sqlite3_vfs_register(&made->vfs, 0) != SQLITE_OK) throw Error{Kind::bug, "SQLite takes no layer"};
        layer = std::move(made);
    }
    return layer->name.c_str();
}

void reserve_page_extra(sqlite3* database, std::shared_ptr<Vault const> const& vault) {
    if (!vault) return;
    int bytes = static_cast<int>(Vault::k_page_extra);
    if (::sqlite3_file_control(database, "main", SQLITE_FCNTL_RESERVE_BYTES, &bytes) != SQLITE_OK)
        throw Error{Kind::bug, "SQLite reserves no bytes"};
}

}  // namespace bioctl::store
